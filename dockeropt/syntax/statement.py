"""One joined line, split into keyword, flags and body."""

import re

from dockeropt.records import NamedTuple
from dockeropt.syntax.characters import BLANK, SPACE
from dockeropt.syntax.keywords import KEYWORDS
from dockeropt.syntax.lines import LogicalText, Piece
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Flag
from dockeropt.syntax.words import read_flags

_KEYWORD = re.compile(rf"([^{BLANK}]+)[{BLANK}]*")

_BEFORE_FLAGS = SPACE + "-"


class Statement(NamedTuple):
    """An instruction without its surroundings; spans are source spans."""

    keyword_span: Span
    keyword: str
    flags: tuple[Flag, ...]
    body: LogicalText


def split(line: LogicalText, escape: str) -> Statement | None:
    """Return the parts of a joined line without white space at its ends, or None when it is empty."""
    joined = line.text
    found = _KEYWORD.match(joined)
    if found is None:
        return None
    end, start = found.span(1)[1], found.end()
    flags: tuple[Flag, ...] = ()
    size = len(joined)
    if start < size and joined[start] in _BEFORE_FLAGS:
        flags, start = read_flags(line, start, escape)
        start = size - len(joined[start:].lstrip(SPACE))
    if len(line.pieces) == 1:
        at = line.pieces[0].source
        keyword_span = Span(at, at + end)
        body = LogicalText(joined[start:], (Piece(0, at + start, size - start),))
    else:
        keyword_span = line.to_source(Span(0, end))
        body = line.slice(Span(start, size))
    return Statement(keyword_span, _normalized(found[1]), flags, body)


def _normalized(spelling: str) -> str:
    """Return a keyword in upper case; like Go, take ``K`` (Kelvin) for a k, but not ``ı`` for an i."""
    if spelling.isascii():
        return spelling.upper()
    lowered = spelling.replace("\u0130", "i").lower()
    return lowered.upper() if lowered.isascii() and lowered.upper() in KEYWORDS else spelling
