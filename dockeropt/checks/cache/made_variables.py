"""Which variables of a stage are made of which others."""

import re
from bisect import bisect_left
from heapq import heappop, heappush

from dockeropt.checks.cache.environment_readers import mentions
from dockeropt.syntax.instructions import Arg, Env, View

_MOST = 100
"""variables made of one; nobody writes more, and to follow them takes time for every declaration"""

_WORD = re.compile(r"[A-Za-z0-9_]+")
_MENTIONED = re.compile(r"\$\{?([A-Za-z0-9_]+)|(?<![A-Za-z0-9_])([A-Za-z0-9_]+)=")


def mentioned_in(texts: list[str]) -> set[str]:
    """Return every name that ``mentions`` would find in one of these texts, if it is a word."""
    return {one or other for text in texts for one, other in _MENTIONED.findall(text)}


def is_word(name: str) -> bool:
    """Tell whether ``mentioned_in`` can find a name."""
    return _WORD.fullmatch(name) is not None


class MadeVariables:
    """The variables of a stage with the names their values mention, each value read once."""

    def __init__(self, views: tuple[View, ...]) -> None:
        self._offsets: list[int] = []
        """of the declarations whose value may mention a name, a few of them or none"""
        self._keys: list[str] = []
        self._values: list[str] = []
        for view in views:
            if not isinstance(view, Arg | Env):
                continue
            for pair in view.pairs:
                if pair.value is not None and ("$" in pair.value.value or "=" in pair.value.value):
                    self._offsets.append(pair.span.start)
                    self._keys.append(pair.key.value)
                    self._values.append(pair.value.value)
        self._by_name: dict[str, dict[str, list[int]]] = {}
        """by a name that is mentioned: the variables made of it, and by which declarations"""
        for at, value in enumerate(self._values):
            for name in mentioned_in([value]):
                self._by_name.setdefault(name, {}).setdefault(self._keys[at], []).append(at)

    def of(self, name: str, offset: int) -> frozenset[str]:
        """Return a name, and the variables that declarations from an offset on make of it.

        It is the empty set where they are too many to follow.
        """
        if not self._keys:
            return frozenset((name,))
        names: set[str] = set()
        waiting = [(bisect_left(self._offsets, offset), name)]
        while waiting:
            start, each = heappop(waiting)
            if each in names:
                continue
            names.add(each)
            found = self._made_of(each)
            if len(found) > _MOST or len(names) > _MOST:
                return frozenset()
            for made, declarations in found.items():
                at = bisect_left(declarations, start)
                if at < len(declarations) and made not in names:
                    heappush(waiting, (declarations[at] + 1, made))
        return frozenset(names)

    def _made_of(self, name: str) -> dict[str, list[int]]:
        if not is_word(name) and name not in self._by_name:
            made = self._by_name[name] = {}
            for at, value in enumerate(self._values):
                if mentions(value, name):
                    made.setdefault(self._keys[at], []).append(at)
        return self._by_name.get(name, {})
