"""Colour is for terminals: a terminal gets it, a pipe does not, and both can be told not to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ESCAPE = "\x1b["


def lint(folder: Path, arguments: list[str], environment: dict[str, str], is_terminal: bool = True) -> str:
    """Return what the command prints to a terminal of its own, or to a pipe."""
    (folder / "Dockerfile").write_text("FROM debian\n")
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    command = [sys.executable, "-m", "dockeropt", "lint", "--select", "DL3006", *arguments]
    ours, theirs = os.openpty() if is_terminal else os.pipe()
    try:
        done = subprocess.run(command, cwd=folder, stdout=theirs, env={**plain, **environment}, check=False)
        assert done.returncode == 1
        return os.read(ours, 100_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize("name", ["text", "tty"])
def test_a_terminal_gets_colour(tmp_path: Path, name: str) -> None:
    assert ESCAPE in lint(tmp_path, ["--format", name], {"TERM": "xterm"})


def test_a_pipe_gets_none(tmp_path: Path) -> None:
    assert ESCAPE not in lint(tmp_path, [], {"TERM": "xterm"}, is_terminal=False)


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        pytest.param([], {"NO_COLOR": "1"}, id="NO_COLOR"),
        pytest.param([], {"TERM": "dumb"}, id="a dumb terminal"),
        pytest.param(["--no-color"], {}, id="the option"),
        pytest.param(["--config", "plain.toml"], {}, id="the configuration"),
        pytest.param(["--format", "json"], {}, id="a format for programs"),
    ],
)
def test_a_terminal_is_left_plain(tmp_path: Path, arguments: list[str], environment: dict[str, str]) -> None:
    (tmp_path / "plain.toml").write_text("no-color = true\n")
    text = lint(tmp_path, arguments, {"TERM": "xterm", **environment})
    assert "DL3006" in text
    assert ESCAPE not in text


def test_an_empty_no_color_counts_as_unset(tmp_path: Path) -> None:
    """As https://no-color.org has it."""
    assert ESCAPE in lint(tmp_path, [], {"NO_COLOR": "", "TERM": "xterm"})
