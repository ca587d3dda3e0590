"""Where in a word a variable stands."""

import re
from functools import lru_cache

from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Word

_REFERENCE = re.compile(r"(?=(\$(?:(\w+)|\{(\w+)[^{}]*\})))", re.ASCII)
"""looked ahead to, for one may stand in another: ``${A:-$B}``"""


def reference_to(name: str, word: Word) -> Span:
    """Return the place of ``$NAME`` or ``${NAME…}`` in a word, the whole word where it cannot be told."""
    return _places(word).get(name, word.span) if word.is_contiguous else word.span


@lru_cache(1)
def _places(word: Word) -> dict[str, Span]:
    """Return where each name stands first; once for a word, which may have thousands."""
    start = word.span.start
    found: dict[str, Span] = {}
    for match in _REFERENCE.finditer(word.raw):
        found.setdefault(match[2] or match[3], Span(start + match.start(1), start + match.end(1)))
    return found


def without_line_end(span: Span, text: str) -> Span:
    """Return the place of a comment up to the end of its line."""
    end = span.start + len(text[span.start : span.end].rstrip("\r\n"))
    return Span(span.start, end)
