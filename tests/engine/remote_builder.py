"""A buildx builder of the driver ``remote``: the engine's BuildKit behind a socket that speaks nothing else.

To buildx it is a buildkitd on another machine: it knows no images of the engine, and what it has built comes
back as an archive. Docker's API hands BuildKit's own out where it is asked to at ``/grpc``.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.engine.failing_engine import Door
from tests.engine.measuring import lines

_ASK = b"POST /grpc HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"


class _BuildkitDoor(Door):
    """A door behind which BuildKit answers, not the engine."""

    def connect(self) -> socket.socket:
        engine = super().connect()
        engine.sendall(_ASK)
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            # Byte by byte: what comes after the answer is BuildKit's.
            byte = engine.recv(1)
            assert byte, answer
            answer += byte
        assert answer.startswith(b"HTTP/1.1 101 "), answer
        return engine


@contextmanager
def remote_builder(name: str, folder: Path) -> Iterator[str]:
    """Make a builder of a name that no other has, yield the name, and remove it."""
    opened = _BuildkitDoor(folder / "buildkit.sock")
    try:
        lines("docker", "buildx", "create", "--name", name, "--driver", "remote", opened.address)
        try:
            yield name
        finally:
            lines("docker", "buildx", "rm", name)
    finally:
        opened.shut()
