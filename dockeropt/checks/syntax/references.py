"""Where in a word a variable stands."""

import re

from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Word


def reference_to(name: str, word: Word) -> Span:
    """Return the place of ``$NAME`` or ``${NAME…}`` in a word, the whole word where it cannot be told."""
    found = re.search(rf"\$(?:{re.escape(name)}(?![A-Za-z0-9_])|\{{{re.escape(name)}[^{{}}]*\}})", word.raw)
    if found is None or not word.is_contiguous:
        return word.span
    return Span(word.span.start + found.start(), word.span.start + found.end())


def without_line_end(span: Span, text: str) -> Span:
    """Return the place of a comment up to the end of its line."""
    end = span.start + len(text[span.start : span.end].rstrip("\r\n"))
    return Span(span.start, end)
