"""What a Dockerfile consists of. The spans of the nodes tile the text: joined, they give it back."""

from collections.abc import Iterator

from dockeropt.records import NamedTuple
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Source, Span


class Word(NamedTuple):
    """A word of an instruction: ``raw`` is what stands in the source (joined), ``value`` what it means.

    Quotes and escapes are removed in ``value``, variables are left as they are (semantics expands them).
    It stands in the source without a gap when ``len(raw) == span.end - span.start``.
    """

    span: Span
    raw: str
    value: str
    quoted: bool

    @property
    def is_contiguous(self) -> bool:
        """Whether an edit may replace the word as a whole without swallowing a continuation or comment."""
        return len(self.raw) == self.span.end - self.span.start


class Flag(NamedTuple):
    """``--name=value`` before an instruction's arguments; ``value`` is None for a bare ``--name``."""

    span: Span
    name: str
    value: Word | None


class Heredoc(NamedTuple):
    """A here-document of RUN, COPY or ADD: ``<<-"NAME"`` and its lines."""

    name: str
    operator: Span
    body: LogicalText
    """the lines without the terminator; for ``<<-`` without leading tabs"""
    span: Span
    """body and terminator line in the source"""
    expands: bool
    strips_tabs: bool
    file_descriptor: int | None
    is_terminated: bool


class Blank(NamedTuple):
    """An empty or white line outside an instruction."""

    span: Span


class Comment(NamedTuple):
    """A comment line outside an instruction; ``text`` is what follows the ``#``, stripped."""

    span: Span
    text: str


class Directive(NamedTuple):
    """A parser directive: ``# syntax=``, ``# escape=`` or ``# check=``."""

    span: Span
    name: str
    value: str


class Instruction(NamedTuple):
    """An instruction with its continuation lines and heredocs, from line start to line end inclusive."""

    span: Span
    keyword_span: Span
    keyword: str
    """in upper case, whatever its spelling"""
    flags: tuple[Flag, ...]
    body: LogicalText
    """the joined line after keyword and flags, white space at both ends stripped"""
    heredocs: tuple[Heredoc, ...]
    comments: tuple[Comment, ...]
    """comment lines between continuations"""


class Unreadable(NamedTuple):
    """A stretch that BuildKit would refuse: no keyword can be read."""

    span: Span
    reason: str


Node = Blank | Comment | Directive | Instruction | Unreadable


class Problem(NamedTuple):
    """Why BuildKit would refuse the file, and where."""

    span: Span
    message: str
    rule: str = ""
    """code of the rule that tells it; without one it is DL1000's"""


class Dockerfile:
    """A parsed Dockerfile: nodes in order, the escape character, and what BuildKit would refuse.

    ``refusals`` are those the parser met: of lines, directives and heredocs. ``problems`` adds those
    of the instructions' arguments, looked for when first asked.
    """

    __slots__ = ("_problems", "escape", "instructions", "nodes", "refusals", "source")

    def __init__(
        self, source: Source, nodes: tuple[Node, ...], escape: str, refusals: tuple[Problem, ...] = ()
    ) -> None:
        self.source = source
        self.nodes = nodes
        self.escape = escape
        self.refusals = refusals
        self.instructions: tuple[Instruction, ...] = tuple(n for n in nodes if isinstance(n, Instruction))
        self._problems: tuple[Problem, ...] | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that BuildKit would refuse, by position."""
        if self._problems is None:
            from dockeropt.syntax.refusals import problems

            self._problems = problems(self)
        return self._problems

    def text_of(self, span: Span) -> str:
        """Return the source text of a span."""
        return self.source.text[span.start : span.end]

    def comments(self) -> Iterator[Comment]:
        """Yield every comment in order, those between continuation lines included."""
        for node in self.nodes:
            if isinstance(node, Comment):
                yield node
            elif isinstance(node, Instruction):
                yield from node.comments
