"""Here-documents of RUN, COPY and ADD: the operators on a line, and the lines that belong to them."""

import re

from dockeropt.records import NamedTuple
from dockeropt.syntax.characters import SPACE
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.quoting import skip_dollar, skip_quoted, unquote
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Heredoc

_ESCAPE = "\\"
"""the heredoc lexer's, whatever ``# escape=`` says"""

_LARGEST_DESCRIPTOR = 2**64 - 1

_SPECIAL = rf"(?s:[{SPACE}]+|\\.?|['\"$]|<<[\t\r ]*)"
_BLANKS = rf"[{SPACE}]+"
_OPERATOR = r"([0-9]*)<<(-?)([\t\n\f\r ]*)([^<]+)"


class Operator(NamedTuple):
    """``<<NAME`` on an instruction's line, offsets in the joined line."""

    start: int
    end: int
    name: str
    expands: bool
    strips_tabs: bool
    file_descriptor: int | None
    is_spaced: bool
    """``<< NAME``: BuildKit 1.16 and later read it, earlier ones do not"""


def operators(line: str) -> list[Operator]:
    """Return the heredoc operators of a joined line; none when a quote or ``${`` of it is never closed."""
    if "<<" not in line:
        return []
    found: list[Operator] = []
    pattern = re.compile(_OPERATOR)
    for start, end in _words(line):
        match = pattern.fullmatch(line, start, end)
        if match is None:
            continue
        descriptor, dash, gap, rest = match.groups()
        name = unquote(rest, _ESCAPE)
        if not name or not rest.strip(SPACE):
            continue
        found.append(
            Operator(
                start,
                end,
                name,
                name.count("'") + name.count('"') == rest.count("'") + rest.count('"'),
                dash == "-",
                min(int(descriptor[:20]), _LARGEST_DESCRIPTOR) if descriptor else None,
                gap != "",
            )
        )
    return found


class HeredocReader:
    """Reads the lines of heredocs out of one source text, in linear time however many there are."""

    __slots__ = ("_last_lines", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._last_lines: dict[bool, dict[str, int]] = {}

    def read(self, line: LogicalText, at: int) -> tuple[tuple[Heredoc, ...], int]:
        """Return the heredocs that the line starts, read from ``at`` on, and where they end."""
        heredocs: list[Heredoc] = []
        for operator in operators(line.text):
            if operator.is_spaced and not self._is_terminated(operator, at):
                continue
            heredoc, at = self._read_one(operator, line, at)
            heredocs.append(heredoc)
        return tuple(heredocs), at

    def _read_one(self, operator: Operator, line: LogicalText, at: int) -> tuple[Heredoc, int]:
        text, size = self._text, len(self._text)
        start = at
        body: list[Span] = []
        is_terminated = False
        while at < size:
            newline = text.find("\n", at)
            stop, after = (newline, newline + 1) if newline >= 0 else (size, size)
            content = text[at:stop].rstrip("\r")
            tabs = len(content) - len(content.lstrip("\t")) if operator.strips_tabs else 0
            if content[tabs:] == operator.name:
                is_terminated = True
                stop, at = at, after
                break
            if operator.strips_tabs:
                body.append(Span(at + tabs, after))
            at = after
        else:
            stop = at
        if not operator.strips_tabs:
            body.append(Span(start, stop))
        return (
            Heredoc(
                operator.name,
                line.to_source(Span(operator.start, operator.end)),
                LogicalText.join(text, body),
                Span(start, at),
                operator.expands,
                operator.strips_tabs,
                operator.file_descriptor,
                is_terminated,
            ),
            at,
        )

    def _is_terminated(self, operator: Operator, at: int) -> bool:
        lines = self._last_lines.get(operator.strips_tabs)
        if lines is None:
            lines = self._last_lines[operator.strips_tabs] = {}
            start = 0
            for content in self._text.split("\n"):
                name = content.rstrip("\r")
                lines[name.lstrip("\t") if operator.strips_tabs else name] = start
                start += len(content) + 1
        return lines.get(operator.name, -1) >= at


def _words(line: str) -> list[tuple[int, int]]:
    """Return the line's words, quotes and escapes left in; none when something is never closed."""
    words: list[tuple[int, int]] = []
    special, blank = re.compile(_SPECIAL), re.compile(_BLANKS)
    word, at = -1, 0
    while found := special.search(line, at):
        start, end = found.span()
        if word < 0 and start > at:
            word = at
        mark = line[start]
        if mark in SPACE:
            if word >= 0:
                words.append((word, start))
                word = -1
            at = end
            continue
        if word < 0:
            word = start
        if mark in "'\"":
            at = skip_quoted(line, start, _ESCAPE)
        elif mark == "$":
            at = skip_dollar(line, start, _ESCAPE)
            # White space inside ${…} separates words, quoted or not.
            for blanks in blank.finditer(line, start, max(at, start)):
                if word >= 0:
                    words.append((word, blanks.start()))
                word = blanks.end() if blanks.end() < at else -1
        else:
            at = end
        if at < 0:
            return []
    if word < 0 and at < len(line):
        word = at
    if word >= 0:
        words.append((word, len(line)))
    return words
