"""``dockeropt lint`` run in a folder of its own, as a whole process would be used."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dockeropt.cli.main import main


class Answer:
    """What a command printed and returned."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


Lint = Callable[..., Answer]


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Lint:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Answer:
        code = main(["lint", *arguments])
        return Answer(code, *capfd.readouterr())

    return run
