"""A registry that wants a token of an authority, as the public ones do; its blobs lie with somebody else."""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from dockeropt.errors import MeasureError
from dockeropt.measure.image.subject import read_subject
from tests.measure.image.archives import layer, oci_layout

FILES: Mapping[str, bytes] = oci_layout([layer({"app/server.js": b"x" * 1000})])


class Asked(NamedTuple):
    """A request: where it went, and what it was authorized with."""

    path: str
    authorization: str


class _Server(ThreadingHTTPServer):
    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.asked: list[Asked] = []
        self.blobs = ""
        """the address blobs are sent from"""
        self.files = FILES

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        authorization = self.headers.get("Authorization", "")
        self.server.asked.append(Asked(self.path, authorization))
        if self.path.startswith("/token?"):
            self._answer(200, json.dumps({"token": "t0ken"}).encode())
        elif self.path.startswith("/stored/"):
            self._answer(200, self.server.files[f"blobs/sha256/{self.path.rpartition('/')[2]}"])
        elif authorization != "Bearer t0ken":
            realm = f"http://{self.server.address}/token"
            self._answer(401, b"", {"WWW-Authenticate": f'Bearer realm="{realm}",service="here"'})
        elif self.path == "/v2/team/app/manifests/1":
            self._answer(200, self.server.files["index.json"])
        elif "/manifests/" in self.path:
            self._answer(200, self.server.files[f"blobs/sha256/{self.path.rpartition(':')[2]}"])
        else:
            where = f"http://{self.server.blobs}/stored/{self.path.rpartition(':')[2]}"
            self._answer(307, b"", {"Location": where})

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] = {}) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def servers() -> Iterator[tuple[_Server, _Server]]:
    """A registry, and the place it sends those who want a blob to."""
    both = _Server(_Handler), _Server(_Handler)
    both[0].blobs = both[1].address
    for each in both:
        threading.Thread(target=each.serve_forever, daemon=True).start()
    yield both
    for each in both:
        each.shutdown()
        each.server_close()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    return tmp_path / "config.json"


def test_a_token_is_asked_for_and_shown_to_the_registry_alone(
    servers: tuple[_Server, _Server], settings: Path
) -> None:
    registry, store = servers
    image = read_subject(f"registry://{registry.address}/team/app:1", "linux/amd64")
    assert [each.path for each in image.layers[0].entries] == ["app/server.js"]
    token = next(each for each in registry.asked if each.path.startswith("/token?"))
    assert "scope=repository%3Ateam%2Fapp%3Apull" in token.path
    assert token.authorization == ""
    assert {each.authorization for each in store.asked} == {""}
    assert len(store.asked) == 2


def test_the_token_is_the_users_where_there_is_a_login(
    servers: tuple[_Server, _Server], settings: Path
) -> None:
    registry, _ = servers
    secret = base64.b64encode(b"team:secret").decode()
    settings.write_text(json.dumps({"auths": {registry.address: {"auth": secret}}}))
    read_subject(f"registry://{registry.address}/team/app:1", "linux/amd64")
    assert [each.authorization for each in registry.asked if each.path.startswith("/token?")] == [
        f"Basic {secret}"
    ]


def test_a_store_that_sends_something_else_is_found_out(
    servers: tuple[_Server, _Server], settings: Path
) -> None:
    registry, store = servers
    other = oci_layout([layer({"app/server.js": b"y" * 1000})])
    other_layer = next(data for data in other.values() if data.startswith(b"\x1f\x8b"))
    store.files = {
        path: other_layer if data.startswith(b"\x1f\x8b") else data for path, data in FILES.items()
    }
    with pytest.raises(MeasureError, match="has another content than sha256:"):
        read_subject(f"registry://{registry.address}/team/app:1", "linux/amd64")
