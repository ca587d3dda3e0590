"""From a text to the nodes that tile it, as BuildKit reads it."""

import re

from dockeropt.syntax.characters import BYTE_ORDER_MARK, SPACE
from dockeropt.syntax.heredoc import HeredocReader
from dockeropt.syntax.json_form import read_strings
from dockeropt.syntax.keywords import HEREDOC_KEYWORDS
from dockeropt.syntax.lines import LogicalText, Piece
from dockeropt.syntax.source import Source, Span
from dockeropt.syntax.statement import Statement, split
from dockeropt.syntax.tree import (
    Blank,
    Comment,
    Directive,
    Dockerfile,
    Heredoc,
    Instruction,
    Node,
    Problem,
    Unreadable,
)

_DIRECTIVE = re.compile(r"([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*")
_DIRECTIVES = ("syntax", "escape", "check")
_KEYWORD_AND_BODY = re.compile(r"([A-Za-z]+)[\t ]+(?=[!-,.-~])")
"""a keyword and what follows it, if that is no flag and not white space"""

_LONGEST_LINE = 65_535
"""in bytes, without the line end: Go's ``bufio.MaxScanTokenSize`` less one"""

_CERTAINLY_SHORT = _LONGEST_LINE // 4
"""in characters, of at most four bytes each"""

_new = tuple.__new__
"""makes a value type in less than half the time of its own constructor"""


def parse(source: Source) -> Dockerfile:
    """Return the Dockerfile of a source. Never raises: what BuildKit would refuse is in ``problems``."""
    return _Parser(source).parse()


class _Parser:
    __slots__ = ("escape", "heredocs", "nodes", "problems", "source", "text")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.escape = "\\"
        self.nodes: list[Node] = []
        self.problems: list[Problem] = []
        self.heredocs = HeredocReader(source.text)

    def parse(self) -> Dockerfile:
        text, size = self.text, len(self.text)
        add = self.nodes.append
        at = self._read_directives()
        content = at + 1 if at == 0 and text.startswith(BYTE_ORDER_MARK) else at
        while at < size:
            newline = text.find("\n", content)
            stop, after = (newline, newline + 1) if newline >= 0 else (size, size)
            line = text[content:stop].strip(SPACE)
            if not line:
                add(_new(Blank, (_new(Span, (at, after)),)))
            elif line[0] == "#":
                add(_new(Comment, (_new(Span, (at, after)), line[1:].strip(SPACE))))
            else:
                if text[content] in SPACE:
                    content += len(text[content:stop]) - len(text[content:stop].lstrip(SPACE))
                after = self._read_instruction(at, content, line, after)
            at = content = after
        if size > _CERTAINLY_SHORT:
            self._refuse_long_lines()
        if not any(isinstance(node, Instruction | Unreadable) for node in self.nodes):
            self._refuse(Span(size, size), "a file without instructions: begin with FROM and a base image")
        return Dockerfile(self.source, tuple(self.nodes), self.escape, tuple(self.problems))

    def _read_directives(self) -> int:
        """Read the directives at the top and return where they end: at the first line that is none."""
        text, size = self.text, len(self.text)
        seen: set[str] = set()
        at = 0
        while at < size:
            newline = text.find("\n", at)
            stop, after = (newline, newline + 1) if newline >= 0 else (size, size)
            line = text[at:stop].rstrip("\r")
            if at == 0:
                line = line.removeprefix(BYTE_ORDER_MARK)
            line = line.lstrip(SPACE)
            found = _DIRECTIVE.fullmatch(line[1:].lstrip(SPACE)) if line.startswith("#") else None
            name = found[1].lower() if found else ""
            if found is None or name not in _DIRECTIVES:
                break
            span, value = Span(at, after), found[2]
            if name in seen:
                self._refuse(span, f"a second {name} directive: only one is allowed, remove it")
            elif name == "escape" and value not in ("\\", "`"):
                self._refuse(span, f"the escape directive takes \\ or `, not {value}")
            elif name == "escape":
                self.escape = value
            seen.add(name)
            self.nodes.append(Directive(span, name, value))
            at = after
        return at

    def _read_instruction(self, start: int, content: int, line: str, after: int) -> int:
        """Read the instruction whose first line is given and return where it ends, heredocs included.

        ``line`` is stripped and stands at ``content``; ``start`` and ``after`` bound the line as it is.
        """
        comments: tuple[Comment, ...] = ()
        is_continued = line[-1] == self.escape and self._is_continued(line, content, after)
        found = _KEYWORD_AND_BODY.match(line)
        if found is None or (is_continued and found.end() + 1 >= len(line)):
            return self._read_any_instruction(start, content, line, after, is_continued)
        # The body begins on the first line, behind a plain keyword and no flags.
        keyword, at = found[1], found.end()
        if is_continued:
            first = _new(Span, (content + at, content + len(line) - 1))
            body, comments, after = self._join(first, after)
        else:
            body = _new(LogicalText, (line[at:], (_new(Piece, (0, content + at, len(line) - at)),)))
        keyword_span = _new(Span, (content, content + len(keyword)))
        return self._add(start, after, Statement(keyword_span, keyword.upper(), (), body), body, comments)

    def _read_any_instruction(
        self, start: int, content: int, line: str, after: int, is_continued: bool
    ) -> int:
        """Read an instruction of which nothing is known yet."""
        comments: tuple[Comment, ...] = ()
        end = content + len(line)
        if is_continued:
            joined, comments, after = self._join(Span(content, end - 1), after)
        else:
            joined = LogicalText(line, (Piece(0, content, end - content),))
        statement = split(joined, self.escape)
        if statement is None:
            span = Span(start, after)
            reason = "a continuation without an instruction"
            self.nodes.append(Unreadable(span, reason))
            self._refuse(span, f"{reason}: remove the {self.escape} or write the instruction behind it")
            return after
        return self._add(start, after, statement, joined, comments)

    def _add(
        self, start: int, after: int, statement: Statement, line: LogicalText, comments: tuple[Comment, ...]
    ) -> int:
        """Add the instruction and return where it ends; ``line`` is where its heredocs are looked for."""
        keyword_span, keyword, flags, body = statement
        heredocs: tuple[Heredoc, ...] = ()
        if "<<" in line.text and self._may_have_heredocs(statement):
            heredocs, after = self.heredocs.read(line, after)
            for heredoc in heredocs:
                if not heredoc.is_terminated:
                    self._refuse(
                        heredoc.operator,
                        f"the heredoc {heredoc.name} never ends: add a line with {heredoc.name} alone",
                    )
        span = _new(Span, (start, after))
        self.nodes.append(_new(Instruction, (span, keyword_span, keyword, flags, body, heredocs, comments)))
        return after

    def _is_continued(self, line: str, content: int, after: int) -> bool:
        """Tell whether the escape character at the end of a line's content continues the line.

        It does not when another one precedes it, or when more than blanks follow it.
        """
        if line[-2:-1] == self.escape:
            return False
        trailing = self.text[content + len(line) : after]
        return trailing in ("\n", "\r\n", "") or not trailing.rstrip("\r\n").strip("\t ")

    def _join(self, first: Span, at: int) -> tuple[LogicalText, tuple[Comment, ...], int]:
        """Join a first stretch with the lines that continue it, which begin at ``at``.

        Comments and empty lines between them are left out. Returns the text without white space
        around it, the comments, and where the lines end.
        """
        text, size, escape = self.text, len(self.text), self.escape
        start, end = first
        pieces = [_new(Piece, (0, start, end - start))] if end > start else []
        parts = [text[start:end]]
        logical = end - start
        comments: list[Comment] = []
        is_continued = True
        while is_continued and at < size:
            newline = text.find("\n", at)
            after = newline + 1 if newline >= 0 else size
            content = text[at:after].rstrip(SPACE)
            bare = content.lstrip(SPACE)
            if bare[:1] == "#":
                comments.append(Comment(Span(at, after), bare[1:].strip(SPACE)))
            elif bare:
                is_continued = bare[-1] == escape and self._is_continued(
                    bare, at + len(content) - len(bare), after
                )
                length = len(content) - 1 if is_continued else len(content)
                if length:
                    parts.append(content[:length])
                    pieces.append(_new(Piece, (logical, at, length)))
                    logical += length
            at = after
        joined = LogicalText("".join(parts), tuple(pieces)) if pieces else LogicalText.nothing(start)
        if joined.text.strip(SPACE) != joined.text:
            low = len(joined.text) - len(joined.text.lstrip(SPACE))
            joined = joined.slice(Span(low, max(low, len(joined.text.rstrip(SPACE)))))
        return joined, tuple(comments), at

    def _may_have_heredocs(self, statement: Statement) -> bool:
        if statement.keyword == "ONBUILD":
            inner = split(statement.body, self.escape)
            if inner is None:
                return False
            statement = inner
        return statement.keyword in HEREDOC_KEYWORDS and read_strings(statement.body.text) is None

    def _refuse_long_lines(self) -> None:
        starts = self.source.line_starts
        for start, end in zip(starts, [*starts[1:], len(self.text)], strict=True):
            if end - start > _CERTAINLY_SHORT:
                line = self.text[start:end].removesuffix("\n")
                size = len(line.encode("utf-8", "replace"))
                if size > _LONGEST_LINE:
                    self._refuse(
                        Span(start, start + len(line)),
                        f"a line of {size} bytes: BuildKit reads at most {_LONGEST_LINE}, break it",
                    )

    def _refuse(self, span: Span, message: str) -> None:
        self.problems.append(Problem(span, message))
