"""Comments that switch findings off, in the words of three tools.

``# hadolint ignore=DL3008,SC2086`` and ``# check=skip=NAME`` above an instruction, ``# hadolint global
ignore=`` and the directive ``# check=skip=`` for the file; ``# dockeropt: ignore=CODE why`` above or inside
an instruction, ``# dockeropt: ignore-file=CODE why`` anywhere. A name is a code, a slug or an alias.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from dockeropt.records import NamedTuple
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Comment, Directive, Dockerfile, Instruction

ALL = "all"

_COMMENT = r"""(?ix) ^ (?:
      hadolint \s+ (?P<global>global\s+)? ignore \s* = \s* (?P<hadolint> [\w.-]+ (?:\s*,\s*[\w.-]+)* )
    | check \s* = \s* skip \s* = \s* (?P<check> [\w.-]+ (?:\s*,\s*[\w.-]+)* )
    | dockeropt \s* : \s* ignore (?P<file>-file)? \s* = \s* (?P<own> [\w.-]+ (?:\s*,\s*[\w.-]+)* )
    ) [\s:;-]* (?P<reason> .*? ) \s* $"""


class Suppression(NamedTuple):
    """One comment: the names it hides, why, and for which instruction (None for the whole file)."""

    comment: Span
    names: frozenset[str]
    """in lower case; ``all`` hides every rule (BuildKit's word)"""
    reason: str
    target: Span | None
    is_own: bool = False
    """whether the comment speaks to dockeropt alone"""


class SuppressionUse(NamedTuple):
    """A comment after all rules have run: what rules about comments look at."""

    suppression: Suppression
    unused: frozenset[str]
    """the names that hid nothing, of the rules that could be judged"""
    unknown: frozenset[str] = frozenset()
    """the names in a comment of ours that no rule has"""


class Suppressions:
    """All suppressions of a Dockerfile. ``read`` makes them."""

    __slots__ = ("_ends", "_numbers", "_starts", "entries")

    def __init__(self, entries: tuple[Suppression, ...]) -> None:
        self.entries = entries
        self._numbers: dict[int | None, dict[str, int]] = {None: {}}
        """the first entry of each name, by where its target begins"""
        self._ends: dict[int, int] = {}
        for number, entry in enumerate(entries):
            start = None if entry.target is None else entry.target.start
            if entry.target is not None:
                self._ends[entry.target.start] = entry.target.end
            numbers = self._numbers.setdefault(start, {})
            for name in entry.names:
                numbers.setdefault(name, number)
        self._starts = sorted(self._ends)

    def find(self, names: Iterable[str], offset: int) -> Suppression | None:
        """Return the suppression that hides a finding of a rule with these names at an offset, if any."""
        numbers = [self._numbers[None]]
        at = bisect_right(self._starts, offset) - 1
        if at >= 0 and offset < self._ends[self._starts[at]]:
            numbers.append(self._numbers[self._starts[at]])
        wanted = {ALL, *[name.lower() for name in names]}
        found = [each[name] for each in numbers if each for name in wanted if name in each]
        return self.entries[min(found)] if found else None


NONE = Suppressions(())


def read(dockerfile: Dockerfile) -> Suppressions:
    """Return the suppressions a Dockerfile's comments and ``# check=`` directive ask for."""
    if "ignore" not in dockerfile.source.text and "skip" not in dockerfile.source.text:
        return NONE
    return Suppressions(tuple(_entries(dockerfile)))


def _entries(dockerfile: Dockerfile) -> Iterator[Suppression]:
    waiting: list[Suppression] = []
    for node in dockerfile.nodes:
        if isinstance(node, Comment):
            found = _read_comment(node)
            if found is None:
                continue
            if found.target is None:
                yield found
            else:
                waiting.append(found)
        elif isinstance(node, Directive):
            if node.name == "check":
                yield from _read_check(node)
        elif isinstance(node, Instruction):
            for entry in waiting:
                yield entry._replace(target=node.span)
            waiting.clear()
            for comment in node.comments:
                found = _read_comment(comment)
                if found is not None:
                    yield found if found.target is None else found._replace(target=node.span)


def _read_comment(comment: Comment) -> Suppression | None:
    match = re.match(_COMMENT, comment.text)
    if match is None:
        return None
    names = match["hadolint"] or match["check"] or match["own"]
    end = comment.span.end
    target = None if match["global"] or match["file"] else Span(end, end)
    return Suppression(
        comment.span,
        _split(names),
        match["reason"],
        target,
        match["own"] is not None,
    )


def _read_check(directive: Directive) -> Iterator[Suppression]:
    for part in directive.value.split(";"):
        key, _, value = part.partition("=")
        if key.strip().lower() == "skip":
            yield Suppression(directive.span, _split(value), "", None)


def _split(names: str) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in names.split(",") if name.strip())
