"""Inputs on which something was wrong once, and a few hundred that were never looked at by a person."""

from pathlib import Path

import pytest

from tests.fuzz.inputs import make
from tests.fuzz.judge import judge

SEEDS = sorted((Path(__file__).parent / "seeds").iterdir())


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.stem)
def test_what_failed_once_is_linted(seed: Path) -> None:
    judge(seed.read_bytes())


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_hostile_files_are_linted(first: int) -> None:
    for number in range(first, first + 100):
        judge(make(number))
