"""Where a finding stands, as reports count it."""

from dockeropt.records import NamedTuple
from dockeropt.syntax.source import Source, Span


class Place(NamedTuple):
    """First and last line and the columns in them, from 1 in code points; ``end_column`` is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def place_of(source: Source, span: Span) -> Place:
    """Return the place of a span, without the line ends it closes with: they would name a line too many."""
    end, text = span.end, source.text
    while end > span.start and text[end - 1] in "\r\n":
        end -= 1
    return Place(*source.position(span.start), *source.position(end))
