"""A real registry on loopback: the program docker-registry where it is installed, else its image."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.engine.images import docker

USER, PASSWORD = "team", "secret"
_HASHED = "team:$2y$05$iRcrqoDnRTONCPr7Uv0ZhOwtVQVfyYZJCJ3.vmU/10bnd05JpBxxC"
"""of the password, as ``htpasswd -B`` writes it"""
_PATIENCE = 60

_SETTINGS = """\
version: 0.1
storage:
  filesystem: {{rootdirectory: {folder}/data}}
  delete: {{enabled: true}}
http: {{addr: "{host}:{port}"}}
"""
_LOGIN = "auth:\n  htpasswd: {{realm: test, path: {folder}/users}}\n"


@contextmanager
def registry(folder: Path, *, login: bool = False, users: str = _HASHED) -> Iterator[str]:
    """Start a registry and yield its address; with ``login`` it answers ``users`` alone. Nothing of it stays.

    ``users`` is a line as ``htpasswd -B`` writes it, by default that of USER.
    """
    port = _free_port()
    address = f"127.0.0.1:{port}"
    program = shutil.which("docker-registry") or shutil.which("registry")
    (folder / "users").write_text(f"{users}\n")
    inside = folder if program else Path("/given")
    host = "127.0.0.1" if program else "0.0.0.0"
    text = (_SETTINGS + (_LOGIN if login else "")).format(folder=inside, host=host, port=port)
    (folder / "settings.yml").write_text(text)
    if program:
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([program, "serve", f"{folder}/settings.yml"], stdout=log, stderr=log)
        try:
            _wait(address)
            yield address
        finally:
            process.terminate()
            process.wait(_PATIENCE)
        return
    published, volume = f"--publish={address}:{port}", f"--volume={folder}:/given"
    container = (
        docker("run", "--detach", published, volume, "registry:2", "/given/settings.yml").decode().strip()
    )
    try:
        _wait(address)
        yield address
    finally:
        docker("rm", "--force", "--volumes", container)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait(address: str) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            urlopen(f"http://{address}/v2/", timeout=5).close()
        except HTTPError:
            return
        except (URLError, OSError):
            assert time.monotonic() < end, "the registry does not answer"
            time.sleep(0.1)
        else:
            return
