"""The longest chain through a build: what would have to be quicker for the build to be quicker."""

from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter

from dockeropt.records import NamedTuple


class Work(NamedTuple):
    """A vertex of the build graph: how long it took and what it waited for."""

    seconds: float
    inputs: Collection[str]


def critical_path(work: Mapping[str, Work]) -> tuple[str, ...]:
    """Return the keys of the chain whose seconds add up to the most, first to last, without work of no time.

    An input that is not there is passed over. The empty chain is returned for a graph that goes in circles,
    which no builder makes.
    """
    known = {key: [each for each in one.inputs if each in work] for key, one in work.items()}
    try:
        order = tuple(TopologicalSorter(known).static_order())
    except CycleError:
        return ()
    total: dict[str, float] = {}
    before: dict[str, str | None] = {}
    for key in order:
        before[key] = max(known[key], key=lambda each: total[each], default=None)
        first = before[key]
        total[key] = work[key].seconds + (0.0 if first is None else total[first])
    chain: list[str] = []
    at: str | None = max(order, key=lambda key: total[key], default=None)
    while at is not None:
        if work[at].seconds > 0:
            chain.append(at)
        at = before[at]
    return tuple(reversed(chain))
