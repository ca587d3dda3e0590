"""Changes to a text as a set of span replacements, and the words fixes are made of.

A function that is asked for an edit which would swallow a continuation or a comment returns None.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from dockeropt.records import NamedTuple
from dockeropt.syntax.characters import SPACE
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Blank, Comment, Dockerfile, Flag, Instruction, Node, Word

_WIDEST = 100
"""characters; a longer line is broken before what is inserted"""


class Edit(NamedTuple):
    """Replace a span of the source by a text; an empty span inserts."""

    span: Span
    replacement: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits made; equal edits count once.

    Raises ValueError when two edits overlap or one lies outside the text.
    """
    parts: list[str] = []
    at = 0
    for span, replacement in sorted(set(edits)):
        if span.start < at or span.end < span.start or span.end > len(text):
            raise ValueError(f"edit {span.start}:{span.end} overlaps another or leaves the text")
        parts.append(text[at : span.start])
        parts.append(replacement)
        at = span.end
    parts.append(text[at:])
    return "".join(parts)


def insert(at: int, text: str) -> Edit:
    """Return the edit that puts a text before an offset."""
    return Edit(Span(at, at), text)


def replace_word(word: Word, text: str) -> Edit | None:
    """Return the edit that writes another word."""
    return Edit(word.span, text) if word.is_contiguous else None


def replace_keyword(instruction: Instruction, text: str) -> Edit | None:
    """Return the edit that writes another keyword; of another case only, when ``text`` is the same word."""
    span = instruction.keyword_span
    return Edit(span, text) if span.end - span.start == len(instruction.keyword) else None


def in_case_of(keyword: str, spelling: str) -> str:
    """Return a keyword in lower case where another one is written so, else in upper case."""
    return keyword.lower() if spelling.islower() else keyword.upper()


def add_flags(instruction: Instruction, flags: Sequence[str], dockerfile: Dockerfile) -> Edit:
    """Return the edit that puts flags first, each on a line of its own where the line would be too long."""
    text = dockerfile.source.text
    at = instruction.keyword_span.end
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    is_broken = text[at:end].strip(SPACE) == dockerfile.escape
    if len(text[start:end].rstrip(SPACE)) + sum(len(flag) + 1 for flag in flags) <= _WIDEST:
        return insert(at, "".join(f" {flag}" for flag in flags))
    broken = f" {dockerfile.escape}{line_end(text, at)}"
    return insert(at, " " + f"{broken}    ".join(flags) + ("" if is_broken else f"{broken}   "))


def remove_flag(flag: Flag, text: str) -> Edit | None:
    """Return the edit that takes a flag out, with the blanks behind it on its line."""
    raw = text[flag.span.start : flag.span.end]
    if "\n" in raw:
        return None
    end = flag.span.end
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    if text[end : end + 1] in ("", "\\", "`", "\r", "\n"):
        start = flag.span.start
        while text[start - 1 : start] in (" ", "\t"):
            start -= 1
        return Edit(Span(start, flag.span.end), "")
    return Edit(Span(flag.span.start, end), "")


def insert_line(instruction: Instruction, line: str, dockerfile: Dockerfile) -> Edit:
    """Return the edit that puts a line before an instruction and the comments right above it."""
    at = start_with_comments(instruction, dockerfile)
    text = dockerfile.source.text
    return insert(at, line + line_end(text, instruction.span.start))


def append_line(instruction: Instruction, line: str, dockerfile: Dockerfile) -> Edit:
    """Return the edit that puts a line after an instruction."""
    text = dockerfile.source.text
    end = instruction.span.end
    if text[end - 1 : end] == "\n":
        return insert(end, line + line_end(text, instruction.span.start))
    return insert(end, line_end(text, instruction.span.start) + line)


def start_with_comments(instruction: Instruction, dockerfile: Dockerfile) -> int:
    """Return where the comments begin that stand right above an instruction, else where it begins."""
    nodes, number = _place(instruction, dockerfile)
    while number and isinstance(nodes[number - 1], Comment):
        number -= 1
    return nodes[number].span.start


def remove_instruction(instruction: Instruction, dockerfile: Dockerfile) -> Edit | None:
    """Return the edit that takes an instruction out, with the blank line it would leave beside another.

    None where comments stand inside it, or one above may speak to a linter: it would speak of what follows.
    """
    start, end = instruction.span
    nodes, number = _place(instruction, dockerfile)
    above = dockerfile.text_of(Span(start_with_comments(instruction, dockerfile), start))
    if instruction.comments or "ignore" in above or "skip" in above:
        return None
    around = (*nodes[max(0, number - 1) : number], *nodes[number + 1 : number + 2])
    if len(around) == 2 and all(isinstance(node, Blank) for node in around):
        end = around[1].span.end
    return Edit(Span(start, end), "")


def _place(instruction: Instruction, dockerfile: Dockerfile) -> tuple[tuple[Node, ...], int]:
    nodes = dockerfile.nodes
    return nodes, bisect_left(nodes, instruction.span.start, key=lambda node: node.span.start)


def line_end(text: str, at: int) -> str:
    """Return how the line of an offset ends; the last one, when it does not, ends as the first does."""
    end = text.find("\n", at)
    if end < 0:
        end = text.find("\n")
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"
