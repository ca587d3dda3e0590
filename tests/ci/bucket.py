"""A server that answers as S3 does for a bucket with CORS rules: a program of its own, on loopback.

``python -m tests.ci.bucket FOLDER RULES MAX_AGE`` prints its port and serves the files of a folder. S3 sends
CORS headers, and ``Vary: Origin``, only to a request with an Origin that a rule allows; it refuses a
preflight that no rule allows with 403, and so it does a file that is not there, to who may not list it.
"""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).parents[2]


class _Bucket(BaseHTTPRequestHandler):
    folder: ClassVar[Path]
    rules: ClassVar[list[dict[str, Any]]]
    max_age: ClassVar[int]

    def _allowed(self, method: str) -> dict[str, str]:
        origin = self.headers.get("Origin")
        for rule in self.rules if origin else ():
            if method in rule["AllowedMethods"] and (
                origin in rule["AllowedOrigins"] or "*" in rule["AllowedOrigins"]
            ):
                return {
                    "Access-Control-Allow-Origin": "*" if "*" in rule["AllowedOrigins"] else str(origin),
                    "Access-Control-Allow-Methods": ", ".join(rule["AllowedMethods"]),
                    "Access-Control-Max-Age": str(rule["MaxAgeSeconds"]),
                    "Vary": "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
                }
        return {}

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self) -> None:
        file = self.folder / self.path.partition("?")[0].lstrip("/")
        headers = self._allowed("GET")
        if file.is_file():
            self._answer(200, {**headers, "Cache-Control": f"max-age={self.max_age}"}, file.read_bytes())
        else:
            self._answer(403, headers, b"AccessDenied")

    do_HEAD = do_GET  # noqa: N815 - the names are http.server's

    def do_OPTIONS(self) -> None:
        headers = self._allowed(self.headers.get("Access-Control-Request-Method", ""))
        self._answer(200 if headers else 403, headers, b"")

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@contextmanager
def bucket(folder: Path, rules: str, max_age: int) -> Iterator[int]:
    """Start the server and yield its port; ``rules`` is what ``aws s3api put-bucket-cors`` reads."""
    words = [sys.executable, "-m", "tests.ci.bucket", str(folder), rules, str(max_age)]
    server = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait(10)
        assert server.stdout is not None
        server.stdout.close()


def wait_for(port: int, patience: float = 30) -> None:
    """Wait until something listens on a port of loopback."""
    end = time.monotonic() + patience
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < end, f"nothing listens on {port}"
            time.sleep(0.1)


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


if __name__ == "__main__":
    _Bucket.folder = Path(sys.argv[1])
    _Bucket.rules = json.loads(sys.argv[2])["CORSRules"]
    _Bucket.max_age = int(sys.argv[3])
    with ThreadingHTTPServer(("127.0.0.1", 0), _Bucket) as running:
        print(running.server_port, flush=True)
        running.serve_forever()
