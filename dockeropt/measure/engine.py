"""The user's Docker engine: whether it answers, what it is, and where its containers can be reached."""

import re
import subprocess
from urllib.parse import urlsplit

import docker
from docker import DockerClient
from docker.errors import APIError, DockerException
from requests.exceptions import RequestException

from dockeropt.errors import MeasureError
from dockeropt.records import NamedTuple

NEEDED_BUILDX = (0, 13)
"""the first with ``--progress=rawjson`` (docker/buildx release notes)"""

SAVE_TIMEOUT = 600
"""seconds the engine may stay silent, as while it packs a large image"""


FREE_SPACE = "give its disk space: `docker system df` tells what takes it, `docker builder prune` frees steps"
"""what to do where the engine's disk is full"""


def is_full(text: str) -> bool:
    """Tell whether what the engine says is that its disk is full."""
    return "no space left on device" in text or "disk quota exceeded" in text


class Engine(NamedTuple):
    """An engine that answers."""

    client: DockerClient
    version: str
    buildx: str
    platform: str = ""
    """what its containers run on: ``linux/amd64``"""

    @property
    def host(self) -> str:
        """The address at which a published port is reached: the engine's own where it is another machine.

        Raises MeasureError where the engine is reached over ssh.
        """
        url = urlsplit(self.client.api.base_url)
        if url.hostname == "ssh":
            raise MeasureError(
                "a container's port cannot be reached over an ssh connection to the engine",
                "leave the start out with --no-start",
            )
        return url.hostname if url.scheme in {"http", "https"} and url.hostname else "127.0.0.1"


def connect() -> Engine:
    """Return the engine the docker command talks to.

    Raises MeasureError when docker or buildx is not installed, buildx is too old or the engine is not
    running, each with what to do.
    """
    buildx = _buildx_version()
    try:
        client = docker.from_env(timeout=SAVE_TIMEOUT)
        told = client.version()
    except (DockerException, RequestException, OSError) as error:
        raise MeasureError(
            f"the Docker engine does not answer: {reason(error)}",
            "start it (Docker Desktop, or `sudo systemctl start docker`) and try `docker info`",
        ) from error
    return Engine(client, str(told["Version"]), buildx, f"{told.get('Os')}/{told.get('Arch')}")


def _buildx_version() -> str:
    try:
        found = subprocess.run(
            ["docker", "buildx", "version"], capture_output=True, text=True, timeout=60, check=False
        )
    except FileNotFoundError as error:
        raise MeasureError(
            "there is no docker command", "install Docker: https://docs.docker.com/engine/install/"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise MeasureError(
            "`docker buildx version` gives no answer", "look whether `docker info` works"
        ) from error
    if found.returncode:
        raise MeasureError(
            f"docker has no buildx: {_last_line(found.stderr)}",
            "install the package docker-buildx-plugin (or docker-buildx): https://docs.docker.com/go/buildx/",
        )
    numbers = re.search(r"v?(\d+)\.(\d+)\.\S+", found.stdout)
    if numbers is None:
        return found.stdout.strip()
    if (int(numbers[1]), int(numbers[2])) < NEEDED_BUILDX:
        raise MeasureError(
            f"buildx {numbers[0]} is too old to be measured: it has no --progress=rawjson",
            f"install buildx {NEEDED_BUILDX[0]}.{NEEDED_BUILDX[1]} or newer: https://docs.docker.com/go/buildx/",
        )
    return numbers[0].lstrip("v")


def reason(error: Exception) -> str:
    """Return what the engine says, without the address the SDK puts before it."""
    explanation = error.explanation if isinstance(error, APIError) else None
    return _last_line(str(explanation or error))


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no reason given"
