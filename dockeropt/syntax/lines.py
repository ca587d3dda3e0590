"""A line as BuildKit joins it, and the way back to the source."""

from bisect import bisect_right
from collections.abc import Iterable

from dockeropt.records import NamedTuple
from dockeropt.syntax.source import Span


class Piece(NamedTuple):
    """A run of logical text that stands contiguously in the source; of length 0 only in an empty text."""

    logical: int
    source: int
    length: int


class LogicalText(NamedTuple):
    """Text joined out of pieces of the source: continuations, comments, stripped tabs or escapes left out.

    Every character of ``text`` equals the source character it maps to.
    """

    text: str
    pieces: tuple[Piece, ...]

    @classmethod
    def join(cls, source: str, spans: Iterable[Span]) -> "LogicalText":
        """Return the text of these source spans, in order; empty spans are dropped."""
        pieces: list[Piece] = []
        at = 0
        for start, end in spans:
            if end > start:
                pieces.append(Piece(at, start, end - start))
                at += end - start
        if not pieces:
            return cls("", ())
        if len(pieces) == 1:
            piece = pieces[0]
            return cls(source[piece.source : piece.source + piece.length], (piece,))
        return cls("".join([source[p.source : p.source + p.length] for p in pieces]), tuple(pieces))

    @classmethod
    def nothing(cls, at: int) -> "LogicalText":
        """Return an empty text that knows where it would stand."""
        return cls("", (Piece(0, at, 0),))

    def offset(self, logical: int) -> int:
        """Return the source offset of a logical one; the text's end maps to its last piece's end."""
        pieces = self.pieces
        if len(pieces) == 1:
            return pieces[0].source + logical
        if not pieces:
            return 0
        piece = pieces[bisect_right(pieces, logical, key=_logical) - 1]
        return piece.source + logical - piece.logical

    def to_source(self, span: Span) -> Span:
        """Return the source span from the first to the last character of a logical span."""
        return self.source_span(*span)

    def source_span(self, start: int, end: int) -> Span:
        """Return the source span from the first to the last character between two logical offsets."""
        if len(self.pieces) == 1:
            at = self.pieces[0].source
            return Span(at + start, at + max(start, end))
        if end <= start:
            at = self.offset(start)
            return Span(at, at)
        return Span(self.offset(start), self.offset(end - 1) + 1)

    def is_contiguous(self, span: Span) -> bool:
        """Tell whether a logical span stands in the source without a gap: only such may be replaced."""
        found = self.to_source(span)
        return found.end - found.start == span.end - span.start

    def slice(self, span: Span) -> "LogicalText":
        """Return a part of this text, which knows its own way back to the source."""
        start, end = span
        pieces: list[Piece] = []
        for logical, source, length in self.pieces:
            low, high = max(start, logical), min(end, logical + length)
            if high > low:
                pieces.append(Piece(low - start, source + low - logical, high - low))
        if not pieces:
            return LogicalText.nothing(self.offset(start))
        return LogicalText(self.text[start:end], tuple(pieces))


def _logical(piece: Piece) -> int:
    return piece.logical
