"""Our records behave as typing.NamedTuple's do."""

import copy
import pickle
import typing
from typing import Any

import pytest

from dockeropt.records import NamedTuple


class Ours(NamedTuple):
    """A point."""

    x: int
    y: int = 2

    @property
    def total(self) -> int:
        return self.x + self.y

    @classmethod
    def origin(cls) -> "Ours":
        return cls(0, 0)


class Theirs(typing.NamedTuple):
    """A point."""

    x: int
    y: int = 2

    @property
    def total(self) -> int:
        return self.x + self.y

    @classmethod
    def origin(cls) -> "Theirs":
        return cls(0, 0)


Record = typing.Callable[..., Any]
KINDS = pytest.mark.parametrize("kind", [Ours, Theirs], ids=["ours", "typing's"])


@KINDS
def test_values_come_in_order_by_name_or_by_default(kind: Record) -> None:
    assert (1, 2) == kind(1) == kind(x=1) == kind(1, 2) == kind(1, y=2) == kind(y=2, x=1)
    assert kind(2, 3).total == 5
    assert kind.origin() == (0, 0)  # type: ignore[attr-defined]


@KINDS
@pytest.mark.parametrize(
    ("values", "named"),
    [
        pytest.param((), {}, id="one too few"),
        pytest.param((1, 2, 3), {}, id="one too many"),
        pytest.param((1,), {"x": 1}, id="one twice"),
        pytest.param((1,), {"z": 1}, id="one unknown"),
    ],
)
def test_wrong_values_are_a_type_error(kind: Record, values: tuple[int, ...], named: dict[str, int]) -> None:
    with pytest.raises(TypeError):
        kind(*values, **named)


@KINDS
def test_a_record_cannot_be_changed_and_has_no_room_for_more(kind: Record) -> None:
    with pytest.raises(AttributeError):
        kind(1).x = 3
    with pytest.raises(AttributeError):
        kind(1).z = 3


@KINDS
def test_a_record_can_be_replaced_compared_hashed_copied_matched_and_shown(kind: Record) -> None:
    record = kind(1)
    assert kind(3, 2) == record._replace(x=3)
    assert record._asdict() == {"x": 1, "y": 2}
    assert len({record, kind(1), kind(2)}) == 2
    assert record == copy.copy(record) == copy.deepcopy(record) == pickle.loads(pickle.dumps(record))
    assert type(record) is type(pickle.loads(pickle.dumps(record))) is kind
    assert kind(0) < record
    assert repr(record).endswith("(x=1, y=2)")
    assert kind.__doc__ == "A point."


def test_a_record_is_matched_by_position() -> None:
    match Ours(1, 5):
        case Ours(1, y):
            assert y == 5
        case _:
            pytest.fail("it did not match")


def test_an_unknown_field_cannot_be_replaced() -> None:
    with pytest.raises(TypeError):
        Ours(1)._replace(z=1)  # type: ignore[call-arg]
