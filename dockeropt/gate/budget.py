"""What a team allows an image: the table ``[gate]`` of the configuration, and options laid over it."""

from collections.abc import Callable
from typing import TypeVar

from dockeropt.config.table import Table
from dockeropt.errors import UsageError
from dockeropt.gate.quantity import read_seconds, read_share, read_size
from dockeropt.records import NamedTuple

Value = TypeVar("Value")

SMALLEST_INCREASE = 100_000
"""bytes below which growth does not matter: builds of the same sources differ by some kB"""


class Budget(NamedTuple):
    """Limits; None is none."""

    max_size: int | None = None
    """bytes, compressed: what a push or a pull moves"""
    max_unpacked: int | None = None
    """bytes"""
    max_increase: float | None = None
    """share of the baseline"""
    min_increase: int = SMALLEST_INCREASE
    """bytes that an increase must have as well"""
    max_waste: int | None = None
    """bytes in layers that are not in the final file system"""
    forbidden: tuple[str, ...] = ()
    """paths that must not be in the image, as in .dockerignore"""
    max_startup: float | None = None
    """seconds"""
    max_rebuild: float | None = None
    """seconds"""
    enforces_rebuild: bool = False
    """whether a slow rebuild fails; seconds of a shared machine are advice unless asked"""


class GateSettings(NamedTuple):
    """The table ``[gate]``."""

    budget: Budget = Budget()
    baseline: str | None = None
    """file, relative to the configuration's folder"""
    baseline_image: str | None = None


KEYS = frozenset(
    (
        "baseline",
        "baseline-image",
        "enforce-rebuild",
        "forbid",
        "max-increase",
        "max-rebuild",
        "max-size",
        "max-startup",
        "max-unpacked",
        "max-waste",
        "min-increase",
    )
)


def read_settings(table: Table) -> GateSettings:
    """Return what the table says; raises UsageError that names file and key."""
    table.refuse_other_keys(KEYS)
    smallest = _quantity(table, "min-increase", read_size)
    return GateSettings(
        Budget(
            _quantity(table, "max-size", read_size),
            _quantity(table, "max-unpacked", read_size),
            _quantity(table, "max-increase", read_share),
            SMALLEST_INCREASE if smallest is None else smallest,
            _quantity(table, "max-waste", read_size),
            table.texts("forbid"),
            _quantity(table, "max-startup", read_seconds),
            _quantity(table, "max-rebuild", read_seconds),
            table.flag("enforce-rebuild"),
        ),
        table.text("baseline"),
        table.text("baseline-image"),
    )


def _quantity(table: Table, key: str, read: Callable[[str], Value]) -> Value | None:
    text = table.text(key)
    if text is None:
        return None
    try:
        return read(text)
    except UsageError as error:
        raise table.wrong(key, f"is wrong: {error.message}", error.hint) from error
