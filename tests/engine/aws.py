"""AWS as moto's server plays it, a process of its own on loopback."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen
from xml.etree import ElementTree as ET

ACCOUNT = "123456789012"
REGION = "eu-west-1"
LOGIN = "AWS"
HASHED_TOKEN = f"{LOGIN}:$2y$05$aNxtrC4hA/yI1IXkUEzZROlxGkjjRae3CrnQhAjT99.xGM7/RmOre"
"""the password that ECR of this account gives, ``ACCOUNT-auth-token``, as ``htpasswd -B`` writes it"""
_PATIENCE = 60


class Aws:
    """A running server: the environment that makes ``aws`` talk to it, and a few questions to it."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.environment: Mapping[str, str] = {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": str(folder / "none"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self.program = str(Path(sys.executable).with_name("aws"))

    def ask(self, *words: str) -> Any:
        """Return what ``aws`` answers, as JSON."""
        environment = {**os.environ, **self.environment}
        finished = subprocess.run(
            [self.program, *words, "--output", "json"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert finished.returncode == 0, finished.stderr
        return json.loads(finished.stdout) if finished.stdout.strip() else None

    def keys(self, bucket: str) -> list[str]:
        """Return the keys of the objects in a bucket."""
        with urlopen(f"{self.address}/{bucket}?list-type=2", timeout=20) as answer:
            listed = ET.fromstring(answer.read())
        return [each.text or "" for each in listed.iter("{http://s3.amazonaws.com/doc/2006-03-01/}Key")]

    def read(self, bucket: str, key: str) -> tuple[Mapping[str, str], bytes]:
        """Return an object as a browser gets it: its headers, in lower case, and what is in it."""
        # Without any login moto takes the request for a stranger's; which login it is it does not check
        login = {"Authorization": f"AWS4-HMAC-SHA256 Credential=test/20260101/{REGION}/s3/aws4_request"}
        with urlopen(Request(f"{self.address}/{bucket}/{quote(key)}", headers=login), timeout=20) as answer:
            return {name.lower(): value for name, value in answer.headers.items()}, answer.read()


@contextmanager
def aws(folder: Path) -> Iterator[Aws]:
    """Start moto's server and yield it; nothing of it stays."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with (folder / "moto.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log
        )
    try:
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                urlopen(f"{address}/moto-api/", timeout=5).close()
                break
            except (URLError, OSError):
                assert server.poll() is None, (folder / "moto.log").read_text()[-2000:]
                assert time.monotonic() < end, "moto's server does not answer"
                time.sleep(0.2)
        yield Aws(address, folder)
    finally:
        server.terminate()
        server.wait(_PATIENCE)
