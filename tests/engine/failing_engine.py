"""The engine behind a socket of ours that can be shut: to a client an engine that stops in the middle."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.engine.measuring import lines


class Door:
    """A socket that leads to the engine until it is shut."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.address = f"unix://{path}"
        self._engine = (
            os.environ.get("DOCKER_HOST")
            or lines("docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}")[0]
        )
        self._open: list[socket.socket] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def shut(self) -> None:
        """Break all connections off and take no more."""
        self.path.unlink(missing_ok=True)
        for each in [self._listener, *self._open]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def connect(self) -> socket.socket:
        """Return a new connection to the engine."""
        engine = socket.socket(socket.AF_UNIX)
        engine.connect(self._engine.removeprefix("unix://"))
        return engine

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            engine = self.connect()
            self._open += [client, engine]
            for one, other in ((client, engine), (engine, client)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def door(folder: Path) -> Iterator[Door]:
    """Open a door; it is shut in the end."""
    opened = Door(folder / "engine.sock")
    try:
        yield opened
    finally:
        opened.shut()
