"""Running an image for a test: answers, health, and how it stops. Everything is removed afterwards."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import urlopen
from uuid import uuid4


class Answer(NamedTuple):
    """An HTTP answer."""

    status: int
    body: str
    headers: dict[str, str]


def docker(*words: str) -> str:
    """Run a docker command and return what it prints; its errors are the test's."""
    finished = subprocess.run(["docker", *words], capture_output=True, text=True, timeout=900, check=False)
    assert finished.returncode == 0, finished.stderr[-3000:]
    return finished.stdout.strip()


@contextmanager
def image(context: Path, *options: str) -> Iterator[str]:
    """Build a folder and yield the image's name."""
    name = f"dockeropt-test-{uuid4().hex[:12]}"
    docker("buildx", "build", "--load", "--provenance=false", "--tag", name, *options, str(context))
    try:
        yield name
    finally:
        docker("image", "rm", "--force", name)


class Container:
    """A running container with one port published on this machine."""

    def __init__(self, name: str, port: int) -> None:
        self.name = name
        address = docker("port", name, str(port)).splitlines()[0]
        self.url = f"http://{address.replace('0.0.0.0', '127.0.0.1')}"

    def get(self, path: str = "/", patience: float = 60) -> Answer:
        """Return the first answer, whatever its status; wait up to ``patience`` seconds for one."""
        end = time.monotonic() + patience
        while True:
            try:
                with urlopen(self.url + path, timeout=10) as response:
                    return Answer(response.status, response.read().decode(), dict(response.headers))
            except HTTPError as error:
                return Answer(error.code, error.read().decode(), dict(error.headers))
            except (URLError, OSError):
                assert time.monotonic() < end, docker("logs", self.name)
                time.sleep(0.2)

    def health(self, patience: float = 90) -> str:
        """Return what the health check says once it has said something."""
        end = time.monotonic() + patience
        while True:
            status = json.loads(docker("inspect", self.name))[0]["State"]["Health"]["Status"]
            if status != "starting" or time.monotonic() > end:
                return str(status)
            time.sleep(0.5)

    def stop(self) -> tuple[float, int]:
        """Return the seconds ``docker stop`` took and the exit code."""
        start = time.monotonic()
        docker("stop", "--time", "10", self.name)
        seconds = time.monotonic() - start
        return seconds, int(json.loads(docker("inspect", self.name))[0]["State"]["ExitCode"])


@contextmanager
def running(name: str, port: int, *options: str) -> Iterator[Container]:
    """Run an image and yield its container."""
    container = docker("run", "--detach", "--publish", f"127.0.0.1::{port}", *options, name)
    try:
        yield Container(container, port)
    finally:
        docker("rm", "--force", "--volumes", container)
