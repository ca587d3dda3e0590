"""A mapping all of whose versions stay readable: what ENV and ARG make at each instruction."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar

Value = TypeVar("Value")


class _History(Generic[Value]):
    """Every setting in order: moment n is the n-th, from 1. Versions of one line of descent share it."""

    __slots__ = ("counts", "keeps_place", "moments", "order", "values")

    def __init__(self, keeps_place: bool) -> None:
        self.keeps_place = keeps_place
        self.order: list[str] = []
        self.counts: list[int] = [0]
        """how many names are set at each moment"""
        self.moments: dict[str, list[int]] = {}
        self.values: dict[str, list[Value]] = {}


class Versions(Mapping[str, Value]):
    """An immutable mapping; ``with_`` gives the next version at the cost of one entry, not of a copy.

    Iterates in the order in which the names were last set, with ``keeps_place`` first set.
    """

    __slots__ = ("_history", "_moment")

    def __init__(
        self, keeps_place: bool = False, history: _History[Value] | None = None, moment: int = 0
    ) -> None:
        self._history: _History[Value] = _History(keeps_place) if history is None else history
        self._moment = moment

    @classmethod
    def of(cls, items: Iterable[tuple[str, Value]], keeps_place: bool = False) -> "Versions[Value]":
        """Return a mapping of these items, whose names differ."""
        history: _History[Value] = _History(keeps_place)
        for moment, (name, value) in enumerate(items, 1):
            history.order.append(name)
            history.counts.append(moment)
            history.moments[name] = [moment]
            history.values[name] = [value]
        return cls(keeps_place, history, len(history.order))

    def with_(self, name: str, value: Value) -> "Versions[Value]":
        """Return this mapping with a name set; a second descendant of one version pays for a copy."""
        history, moment = self._history, self._moment
        if moment != len(history.order):
            return Versions.of(self.items(), history.keeps_place).with_(name, value)
        moment += 1
        is_new = name not in history.moments
        history.order.append(name)
        history.counts.append(history.counts[-1] + is_new)
        if is_new:
            history.moments[name] = [moment]
            history.values[name] = [value]
        else:
            history.moments[name].append(moment)
            history.values[name].append(value)
        return Versions(history=history, moment=moment)

    def __getitem__(self, name: str) -> Value:
        moments = self._history.moments[name]
        if moments[-1] <= self._moment:
            return self._history.values[name][-1]
        at = bisect_right(moments, self._moment) - 1
        if at < 0:
            raise KeyError(name)
        return self._history.values[name][at]

    def __iter__(self) -> Iterator[str]:
        history = self._history
        for moment, name in enumerate(history.order[: self._moment], 1):
            moments = history.moments[name]
            if history.keeps_place:
                if moments[0] == moment:
                    yield name
                continue
            following = bisect_right(moments, moment)
            if following == len(moments) or moments[following] > self._moment:
                yield name

    def __len__(self) -> int:
        return self._history.counts[self._moment]

    def __repr__(self) -> str:
        return f"Versions({dict(self)!r})"
