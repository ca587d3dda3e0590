from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.measure.critical_path import Work, critical_path


@pytest.mark.parametrize(
    ("work", "path"),
    [
        pytest.param({}, (), id="nothing"),
        pytest.param({"a": Work(1, ())}, ("a",), id="one step"),
        pytest.param({"a": Work(1, ()), "b": Work(2, ["a"])}, ("a", "b"), id="one after the other"),
        pytest.param(
            {"a": Work(1, ()), "b": Work(5, ["a"]), "c": Work(3, ["a"]), "d": Work(1, ["c", "b"])},
            ("a", "b", "d"),
            id="the longer of two branches",
        ),
        pytest.param(
            {"a": Work(9, ()), "b": Work(1, ()), "c": Work(1, ["b"])},
            ("a",),
            id="one long step beside a chain",
        ),
        pytest.param({"a": Work(0, ()), "b": Work(2, ["a"])}, ("b",), id="cached steps are left out"),
        pytest.param({"b": Work(2, ["a"])}, ("b",), id="an input that is not there"),
        pytest.param({"a": Work(1, ["b"]), "b": Work(1, ["a"])}, (), id="a circle"),
    ],
)
def test_the_path_is_the_chain_that_took_longest(work: Mapping[str, Work], path: tuple[str, ...]) -> None:
    assert path == critical_path(work)


@given(st.lists(st.tuples(st.integers(0, 50), st.sets(st.integers(0, 8), max_size=3)), max_size=9))
def test_no_chain_is_longer(drawn: list[tuple[int, set[int]]]) -> None:
    work = {
        str(at): Work(seconds, [str(each) for each in inputs if each < at])
        for at, (seconds, inputs) in enumerate(drawn)
    }

    def longest(key: str) -> float:
        return work[key].seconds + max(map(longest, work[key].inputs), default=0)

    path = critical_path(work)
    assert sum(work[key].seconds for key in path) == max(map(longest, work), default=0)


def test_five_thousand_steps_in_a_row_are_no_matter() -> None:
    work = {str(at): Work(1, [str(at - 1)] if at else []) for at in range(5000)}
    assert len(critical_path(work)) == 5000
