"""The RUN steps below a declaration that run again for a value they do not use."""

from bisect import bisect_left, bisect_right
from functools import cached_property

from dockeropt.checks.cache.environment_readers import may_read_environment, mentions
from dockeropt.checks.cache.made_variables import is_word, mentioned_in
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Arg, Env, Run, View


class Stretch(NamedTuple):
    """RUN steps that follow each other."""

    first: Run
    last: Run
    size: int


class StageRuns:
    """The RUN steps of a stage, each looked at once however many declarations stand above them."""

    def __init__(self, views: tuple[View, ...], build: Build) -> None:
        self._build = build
        self._runs: list[Run] = []
        self._numbers: list[int] = []
        """which of the views each of them is"""
        self._others: list[int] = []
        """which of the views declare nothing"""
        for number, view in enumerate(views):
            if isinstance(view, Run):
                self._runs.append(view)
                self._numbers.append(number)
            if not isinstance(view, Arg | Env):
                self._others.append(number)
        self._of_other_names: dict[str, list[int]] = {}

    def below(self, number: int) -> Stretch | None:
        """Return all RUN steps below a view, None where there is none."""
        return self._stretch(bisect_right(self._numbers, number), len(self._runs))

    def idle(self, number: int, names: frozenset[str]) -> Stretch | None:
        """Return those below a view and before the first that uses one of these variables, or may."""
        start = bisect_right(self._numbers, number)
        found = [_next(self._readers, start), *(_next(self._users(name), start) for name in names)]
        stops = [stop for stop in found if stop is not None]
        return self._stretch(start, min(stops, default=len(self._runs)))

    def is_next(self, number: int) -> bool:
        """Tell whether the next view that declares nothing is a RUN."""
        other = _next(self._others, number + 1)
        return other is not None and _next(self._numbers, other) == other

    def _stretch(self, start: int, stop: int) -> Stretch | None:
        return Stretch(self._runs[start], self._runs[stop - 1], stop - start) if start < stop else None

    @cached_property
    def _readers(self) -> list[int]:
        """The RUN steps that may read variables unseen."""
        return [at for at, run in enumerate(self._runs) if may_read_environment(run, self._build)]

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        """The RUN steps that use each variable."""
        users: dict[str, list[int]] = {}
        for at, run in enumerate(self._runs):
            for name in mentioned_in(_texts(run)):
                users.setdefault(name, []).append(at)
        return users

    def _users(self, name: str) -> list[int]:
        if is_word(name):
            return self._by_name.get(name, [])
        users = self._of_other_names.get(name)
        if users is None:
            users = self._of_other_names[name] = [
                at for at, run in enumerate(self._runs) if any(mentions(text, name) for text in _texts(run))
            ]
        return users


def _texts(run: Run) -> list[str]:
    return [run.command.script.text, *(heredoc.body.text for heredoc in run.instruction.heredocs)]


def _next(numbers: list[int], start: int) -> int | None:
    """Return the first of these numbers in order from a start on."""
    at = bisect_left(numbers, start)
    return numbers[at] if at < len(numbers) else None
