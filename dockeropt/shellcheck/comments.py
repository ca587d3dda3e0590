"""What ShellCheck says about its scripts, and where that is in the Dockerfile."""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

from dockeropt.checks.rule import ForeignRule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix
from dockeropt.records import NamedTuple
from dockeropt.shellcheck.scripts import Given
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span

SLUG = "shellcheck"
"""the name that all of ShellCheck's rules share"""
EXCLUDED = {
    1090: "a script read by `.` or `source` is in the image, where it cannot be looked at",
    1091: "the same, where its name is constant",
}
"""codes that are not asked for, and why"""

_LONGEST_TITLE = 60
"""characters of a fix that are quoted in its title"""


class Place(NamedTuple):
    """A stretch of a script as ShellCheck counts it: lines and columns from 1, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Replacement(NamedTuple):
    """A change that ShellCheck proposes."""

    place: Place
    text: str
    belongs_before: bool
    """whether what is inserted closes what stands before it, rather than opens what follows"""


class Comment(NamedTuple):
    """One finding of ShellCheck's."""

    place: Place
    number: int
    level: str
    message: str
    replacements: tuple[Replacement, ...]


def read_comments(answer: object, count: int) -> list[list[Comment]]:
    """Return the comments on each script from an answer in the format json1.

    Scripts are named by their numbers. Raises LookupError, TypeError or ValueError for anything else.
    """
    if not isinstance(answer, dict):
        raise TypeError("the answer is no object")
    found: list[list[Comment]] = [[] for _ in range(count)]
    for each in answer["comments"]:
        fix = each["fix"] or {"replacements": ()}
        found[int(each["file"])].append(
            Comment(
                _place(each),
                int(each["code"]),
                str(each["level"]),
                str(each["message"]),
                tuple(
                    Replacement(
                        _place(change), change["replacement"], change["insertionPoint"] == "beforeStart"
                    )
                    for change in fix["replacements"]
                ),
            )
        )
    return found


def _place(of: Any) -> Place:
    return Place(int(of["line"]), int(of["column"]), int(of["endLine"]), int(of["endColumn"]))


@lru_cache(512)
def rule_of(number: int, level: str) -> ForeignRule:
    """Return the rule of a code; the beginnings of the code are its aliases, the longest first."""
    code = f"SC{number}"
    families = [code[:end] for end in range(len(code) - 1, 1, -1)]
    return ForeignRule(code, SLUG, Severity(level), (*families, SLUG, "all"))


def findings(given: Given, comments: list[Comment]) -> list[tuple[ForeignRule, Finding]]:
    """Return the comments on a script as findings in the Dockerfile."""
    if not comments:
        return []
    lines = _Lines(given)
    found: list[tuple[ForeignRule, Finding]] = []
    for comment in comments:
        span = lines.span(comment.place)
        if span is not None:
            fix = _fix(comment, lines, given.body)
            message = comment.message.rstrip(" .")
            found.append(
                (rule_of(comment.number, comment.level), Finding(given.body.to_source(span), message, fix))
            )
    return found


class _Lines:
    """The way from ShellCheck's lines and columns to offsets in the body of a script."""

    def __init__(self, given: Given) -> None:
        self._before = given.header.count("\n")
        self._size = len(given.body.text)
        self._starts = [0, *(match.end() for match in re.finditer("\n", given.body.text))]

    def span(self, place: Place) -> Span | None:
        """Return a place as a span of the body; None where it is in the lines before."""
        if place.line <= self._before:
            return None
        start = self._offset(place.line, place.column)
        return Span(start, max(start, self._offset(place.end_line, place.end_column)))

    def _offset(self, line: int, column: int) -> int:
        number = line - self._before - 1
        if number >= len(self._starts):
            return self._size
        return min(self._starts[number] + column - 1, self._size)


def _fix(comment: Comment, lines: _Lines, body: LogicalText) -> Fix | None:
    """Return ShellCheck's own fix; None where it has none, or where a gap of the source is in its way."""
    edits: list[Edit] = []
    stretches: list[Span] = []
    for place, text, belongs_before in comment.replacements:
        span = lines.span(place)
        if span is None or not _is_solid(body, span):
            return None
        start, end = span
        if start == end and belongs_before and start > 0:
            at = body.offset(start - 1) + 1
            source = Span(at, at)
        else:
            source = body.to_source(span)
        edits.append(Edit(source, text))
        stretches.append(span)
    if not edits:
        return None
    in_order = sorted(edits)
    if any(one.span.end >= other.span.start for one, other in pairwise(in_order)):
        return None
    return Fix(_title(body, stretches, edits), tuple(in_order), Applicability.UNSAFE)


def _is_solid(body: LogicalText, span: Span) -> bool:
    """Tell whether a stretch and the characters beside it stand in the source without a gap."""
    start, end = max(0, span.start - 1), min(len(body.text), span.end + 1)
    return body.is_contiguous(Span(start, end))


def _title(body: LogicalText, stretches: list[Span], edits: list[Edit]) -> str:
    """Return what the fix writes, quoted where it is short enough to be read."""
    start, end = min(stretches).start, max(stretch.end for stretch in stretches)
    parts: list[str] = []
    at = start
    for stretch, edit in sorted(zip(stretches, edits, strict=True)):
        parts.append(body.text[at : stretch.start])
        parts.append(edit.replacement)
        at = stretch.end
    parts.append(body.text[at:end])
    text = "".join(parts).strip()
    if "\n" in text or len(text) > _LONGEST_TITLE:
        return "change it as ShellCheck proposes"
    return f"{'write' if end > start else 'insert'} `{text}`"
