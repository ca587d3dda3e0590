"""The real ShellCheck, which the dev group installs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dockeropt.shellcheck.checker import ShellCheck
from tests.shellcheck.program import PROGRAM


@pytest.fixture
def shellcheck(tmp_path: Path) -> Iterator[ShellCheck]:
    checker = ShellCheck(PROGRAM, str(tmp_path))
    yield checker
    checker.close()
    assert list(tmp_path.glob("*-*")) == []
