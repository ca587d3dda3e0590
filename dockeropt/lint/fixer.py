"""Applying fixes until nothing changes any more, and holding every one of them to its promise.

Fixes are taken by (start, code); one that overlaps another waits for the next round. After each round the
text is read and linted again. What a round did is checked as a whole; where that fails each of its fixes is
tried alone, the guilty one is dropped and told as a bug of ours, and the others are applied.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.diagnostics.finding import Applicability, Fix
from dockeropt.lint.fixer_conflicts import Taken
from dockeropt.lint.fixer_invariants import violation
from dockeropt.lint.linter import DEFAULTS, lint_build, read_build
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build
from dockeropt.semantics.context import Context
from dockeropt.syntax.edits import Edit, apply
from dockeropt.syntax.source import Source, Span

if TYPE_CHECKING:
    from dockeropt.shellcheck.checker import ShellCheck

ROUNDS = 10
"""after which fixes that still find work are taken to undo each other"""


class Fixed(NamedTuple):
    """What fixing made of a file. ``source`` is the file itself where nothing was changed."""

    source: Source
    fixed: tuple[Diagnostic, ...]
    """the findings whose fixes were applied, each as its round saw it"""
    remaining: tuple[Diagnostic, ...]
    """what the rules find in the fixed file"""
    bugs: tuple[str, ...]
    """why fixes were dropped, each a sentence for a bug report"""


def fix_source(
    source: Source,
    settings: Settings = DEFAULTS,
    context: Context | None = None,
    least: Applicability = Applicability.SAFE,
    is_wanted: Callable[[Diagnostic], bool] = lambda _: True,
    shellcheck: "ShellCheck | None" = None,
) -> Fixed:
    """Return the file with every fix applied that is at least as applicable as ``least``.

    A diagnostic counts where ``is_wanted`` answers True. Raises InternalError when a rule fails.
    """
    return _Fixer(source, settings, context, least, is_wanted, shellcheck).run()


def is_applicable(diagnostic: Diagnostic, least: Applicability) -> bool:
    """Tell whether a finding has a fix that may be applied."""
    fix = diagnostic.finding.fix
    return fix is not None and bool(fix.edits) and fix.applicability >= least


class _State(NamedTuple):
    """A text as read and linted, and the fixes that made it out of the one before."""

    build: Build
    diagnostics: tuple[Diagnostic, ...]
    applied: tuple[Diagnostic, ...]


_Key = tuple[str, str, str]
"""code, title and line of a fix: what it is known by when its place has moved"""


class _Fixer:
    def __init__(
        self,
        source: Source,
        settings: Settings,
        context: Context | None,
        least: Applicability,
        is_wanted: Callable[[Diagnostic], bool],
        shellcheck: "ShellCheck | None",
    ) -> None:
        self._source = source
        self._settings = settings
        self._context = context
        self._least = least
        self._is_wanted = is_wanted
        self._shellcheck = shellcheck
        self._dropped: dict[_Key, str] = {}

    def run(self) -> Fixed:
        first = self._read(self._source, ())
        while True:
            states = self._rounds(first)
            last = states[-1]
            if len(states) == 1 or not self._drop_misread(states):
                break
        bugs = tuple(self._dropped.values())
        if self._choose(last):
            codes = ", ".join(sorted({each.code for each in self._choose(last)}))
            again = f"the fixes of {codes} in {self._source.path} find work after {ROUNDS} rounds"
            return Fixed(self._source, (), first.diagnostics, (*bugs, again))
        fixed = tuple(each for state in states for each in state.applied)
        return Fixed(last.build.dockerfile.source, fixed, last.diagnostics, bugs)

    def _read(self, source: Source, applied: tuple[Diagnostic, ...]) -> _State:
        build = read_build(source, self._context)
        return _State(build, lint_build(build, self._settings, self._shellcheck), applied)

    def _rounds(self, first: _State) -> list[_State]:
        """Return the states from the file itself to the one that no fix changes any more."""
        states = [first]
        for _ in range(ROUNDS):
            chosen = self._choose(states[-1])
            if not chosen:
                break
            after = self._apply(states[-1], chosen)
            if after is not None:
                states.append(after)
        return states

    def _choose(self, state: _State) -> list[Diagnostic]:
        """Return the diagnostics to fix in a round: no two of their fixes touch."""
        candidates = [
            each
            for each in state.diagnostics
            if is_applicable(each, self._least) and self._is_wanted(each) and _key(each) not in self._dropped
        ]
        if not candidates:
            return []
        taken = Taken(_refused(state.build))
        return [each for each in sorted(candidates, key=_order) if taken.take(_fix_of(each))]

    def _apply(self, state: _State, chosen: Sequence[Diagnostic]) -> _State | None:
        """Return what comes of these fixes; those that broke something are dropped. None if all were."""
        after = self._read(_edited(state, chosen), tuple(chosen))
        is_sound = violation(state.build, after.build, _edits(chosen)) is None
        doubted = (
            _surplus_codes(state, after, chosen) if is_sound else frozenset(each.code for each in chosen)
        )
        if not doubted:
            return after
        own = [each for each in chosen if each.code in doubted]
        if is_sound and len(own) < len(chosen) and self._hold(state, own):
            return after  # a fix of one rule gave another something to find
        kept = [each for each in chosen if each.code not in doubted or self._holds_alone(state, each)]
        if len(kept) == len(chosen) and is_sound:
            return after  # a fix of one rule gave another something to find
        while kept:
            after = self._read(_edited(state, kept), tuple(kept))
            if violation(state.build, after.build, _edits(kept)) is None:
                return after
            kept.pop()
        return None

    def _hold(self, state: _State, diagnostics: Sequence[Diagnostic]) -> bool:
        """Tell whether fixes keep their promise without the others of their round."""
        after = self._read(_edited(state, diagnostics), ())
        return (
            violation(state.build, after.build, _edits(diagnostics)) is None
            and _surplus(state, after, diagnostics) is None
        )

    def _holds_alone(self, state: _State, diagnostic: Diagnostic) -> bool:
        """Tell whether a fix keeps its promise by itself; drop it where it does not."""
        after = self._read(_edited(state, [diagnostic]), ())
        reason = violation(state.build, after.build, _edits([diagnostic])) or _surplus(
            state, after, [diagnostic]
        )
        if reason is None:
            return True
        self._drop(diagnostic, reason)
        return False

    def _drop(self, diagnostic: Diagnostic, reason: str) -> None:
        source = diagnostic.source
        line = source.position(diagnostic.finding.span.start).line
        self._dropped[_key(diagnostic)] = (
            f"the fix of {diagnostic.code} for {source.path}:{line} was not applied: {reason}"
        )

    def _drop_misread(self, states: Sequence[_State]) -> bool:
        """Drop the fixes after which another reader reads other instructions; tell whether there are any."""
        from dockeropt.lint.second_reader import disagreement

        reason = disagreement(states[-1].build.dockerfile.source.text)
        if reason is None or disagreement(self._source.text) is not None:
            return False
        for before, after in pairwise(states):
            if disagreement(after.build.dockerfile.source.text) is None:
                continue
            guilty = [
                each for each in after.applied if disagreement(_edited(before, [each]).text) is not None
            ]
            for each in guilty or after.applied:
                self._drop(each, f"another reader reads {reason}")
            return True
        return False


def _order(diagnostic: Diagnostic) -> tuple[int, str]:
    return min(edit.span.start for edit in _fix_of(diagnostic).edits), diagnostic.code


def _fix_of(diagnostic: Diagnostic) -> Fix:
    fix = diagnostic.finding.fix
    assert fix is not None  # noqa: S101 - only diagnostics with a fix are chosen
    return fix


def _edits(diagnostics: Iterable[Diagnostic]) -> list[Edit]:
    return [edit for each in diagnostics for edit in _fix_of(each).edits]


def _edited(state: _State, diagnostics: Iterable[Diagnostic]) -> Source:
    source = state.build.dockerfile.source
    return Source(apply(source.text, _edits(diagnostics)), source.path)


def _refused(build: Build) -> list[Span]:
    """Return what BuildKit refuses and nobody can read: nothing in there is touched."""
    problems = (*build.dockerfile.problems, *build.problems)
    if not problems:
        return []
    instructions = build.dockerfile.instructions
    starts = [instruction.span.start for instruction in instructions]
    found = {max(0, bisect_right(starts, problem.span.start) - 1) for problem in problems}
    return [instructions[number].span for number in sorted(found) if number < len(instructions)]


def _surplus(before: _State, after: _State, chosen: Sequence[Diagnostic]) -> str | None:
    """Tell of a fix whose finding is still there, or that gave its own rule a new one."""
    for code in sorted(_surplus_codes(before, after, chosen)):
        found = sum(each.code == code for each in after.diagnostics)
        left = sum(each.code == code for each in before.diagnostics) - sum(
            each.code == code for each in chosen
        )
        return f"{code} finds {found} faults where {left} should be left"
    return None


def _surplus_codes(before: _State, after: _State, chosen: Sequence[Diagnostic]) -> frozenset[str]:
    """Return the rules that find more than their fixes should have left."""
    applied = Counter(each.code for each in chosen)
    old = Counter(each.code for each in before.diagnostics)
    new = Counter(each.code for each in after.diagnostics)
    return frozenset(code for code, count in applied.items() if new[code] > old[code] - count)


def _key(diagnostic: Diagnostic) -> _Key:
    source = diagnostic.source
    line = source.line(source.position(diagnostic.finding.span.start).line).strip()
    return diagnostic.code, _fix_of(diagnostic).title, line
