"""The text of a Dockerfile and places in it."""

from bisect import bisect_right

from dockeropt.records import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points of ``Source.text``."""

    start: int
    end: int


class Position(NamedTuple):
    """A place as people count it: line and column, both from 1, columns in code points."""

    line: int
    column: int


class Source:
    """A Dockerfile's text, exactly as on disk (BOM, CR and undecodable bytes included), and its path.

    Lines are split on ``\\n`` only, as BuildKit does: a ``\\r`` belongs to its line.
    """

    __slots__ = ("_line_starts", "path", "text")

    def __init__(self, text: str, path: str = "Dockerfile") -> None:
        self.text = text
        self.path = path
        self._line_starts: list[int] | None = None

    @classmethod
    def decode(cls, data: bytes, path: str = "Dockerfile") -> "Source":
        """Return the source of these bytes; bytes that are not UTF-8 become lone surrogates and survive."""
        return cls(data.decode("utf-8", "surrogateescape"), path)

    def encode(self, text: str) -> bytes:
        """Return the bytes of an edited text, the undecodable ones as they were."""
        return text.encode("utf-8", "surrogateescape")

    @property
    def line_starts(self) -> list[int]:
        """The offset of the first code point of every line."""
        starts = self._line_starts
        if starts is None:
            starts = [0]
            find = self.text.find
            at = find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._line_starts = starts
        return starts

    def position(self, offset: int) -> Position:
        """Return line and column of an offset; the end of the text is a valid offset."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Return a line by its number from 1, without its line end."""
        starts = self.line_starts
        start = starts[number - 1]
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[start:end].removesuffix("\r")
