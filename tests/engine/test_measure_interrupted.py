"""Ctrl-C and SIGTERM in the middle: one line, exit code 130, nothing left and nothing running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.measuring import left_behind, lines, write_app
from tests.engine.registry import registry

pytestmark = pytest.mark.engine

PATIENCE = 180
"""seconds a loaded machine may take to get to the point of interest"""


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Running:
    """``dockeropt measure`` as a process of its own, with a temporary folder of its own."""

    def __init__(self, app: Path, temporary: Path, *options: str) -> None:
        self.temporary = temporary
        self.said = temporary.parent / "said"
        with self.said.open("w") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dockeropt", "measure", str(app), *options],
                stdout=stream,
                stderr=stream,
                env={**os.environ, "TMPDIR": str(temporary)},
                # a test run in the background of a shell ignores SIGINT, and so would its children
                preexec_fn=_heed_interrupts,  # noqa: PLW1509 - this process has no threads
            )

    def wait_for(self, text: str) -> None:
        """Wait until something is said."""
        self.wait_while(lambda: text not in self.said.read_text())

    def wait_while(self, holds: Callable[[], bool]) -> None:
        """Wait until something no longer holds, as long as the process runs."""
        end = time.monotonic() + PATIENCE
        while holds():
            if time.monotonic() > end or self.process.poll() is not None:
                self.process.kill()
                self.process.wait()
                pytest.fail(f"it did not get there: {self.said.read_text()}")
            time.sleep(0.1)

    def end(self, number: signal.Signals) -> int:
        """Send a signal, see that nothing is left, and return the exit code."""
        run = next(self.temporary.iterdir()).name.split("-")[2]
        self.process.send_signal(number)
        try:
            code = self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait()
        assert left_behind(run, self.temporary) == []
        return code


@pytest.fixture
def app(tmp_path: Path, token: str) -> Path:
    return write_app(tmp_path / "app", token)


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def processes_with(text: str) -> list[str]:
    return [line for line in lines("ps", "-eo", "args") if text in line and "ps -eo" not in line]


def await_end_of(text: str) -> None:
    end = time.monotonic() + PATIENCE
    while processes_with(text):
        assert time.monotonic() < end, processes_with(text)
        time.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_build_is_called_off(app: Path, temporary: Path, token: str, number: signal.Signals) -> None:
    dockerfile = f"FROM node:22-alpine\nCOPY server.js ./\nRUN sleep 987; echo {token}\n"
    (app / "Dockerfile").write_text(dockerfile)
    running = Running(app, temporary)
    running.wait_for("cold build")
    running.wait_while(lambda: not processes_with(token))
    assert running.end(number) == 130, running.said.read_text()
    assert running.said.read_text().splitlines()[-1] == "dockeropt: interrupted"
    await_end_of(token)


def test_a_container_is_stopped(app: Path, temporary: Path, token: str) -> None:
    dockerfile = f"FROM node:22-alpine\nCOPY server.js ./\nEXPOSE 9\nCMD sleep 987; echo {token}\n"
    (app / "Dockerfile").write_text(dockerfile)
    running = Running(app, temporary, "--timeout", "500")
    running.wait_for("start 1 of 3")
    running.wait_while(lambda: not processes_with(token))
    assert running.end(signal.SIGINT) == 130, running.said.read_text()
    assert running.said.read_text().splitlines()[-1] == "dockeropt: interrupted"
    await_end_of(token)


def test_an_image_being_read_is_let_go(app: Path, temporary: Path) -> None:
    running = Running(app, temporary)
    running.wait_for("image size")
    assert running.end(signal.SIGINT) == 130, running.said.read_text()


def test_a_fresh_machine_leaves_nothing_in_the_builder(
    app: Path, temporary: Path, token: str, tmp_path: Path
) -> None:
    (app / "Dockerfile").write_text(f"FROM node:22-alpine\nCOPY server.js /\nRUN sleep 3; : {token}\n")
    (tmp_path / "registry").mkdir()
    with registry(tmp_path / "registry") as address:
        options = ("--scenario", "remote", "--cache-ref", f"{address}/app:cache", "--builder", "default")
        running = Running(app, temporary, "--after", str(app / "Dockerfile"), "--no-start", *options)
        running.wait_for("before: build from ")
        run = next(temporary.iterdir()).name.split("-")[2]
        assert running.end(signal.SIGINT) == 130, running.said.read_text()
    assert running.said.read_text().splitlines()[-1] == "dockeropt: interrupted"
    usage = lines("docker", "buildx", "du", "--verbose")
    assert [line for line in usage if f"/.dockeropt-{run}" in line] == []
