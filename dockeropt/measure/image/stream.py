"""Exact amounts of bytes out of pieces of any size, as archives need them: nothing is held but one piece."""

from collections.abc import Iterator
from typing import Protocol

Bytes = bytes | memoryview


class Readable(Protocol):
    """What can be read piece by piece."""

    def read(self, size: int, /) -> Bytes:
        """Return up to ``size`` bytes, none at the end."""


class Stream:
    """Bytes that come one after another."""

    def __init__(self, source: Iterator[bytes], name: str) -> None:
        self._source = source
        self.name = name
        """what messages call it"""
        self._piece = b""
        self._at = 0
        self.seen = 0
        """bytes that came so far"""

    @property
    def position(self) -> int:
        """Bytes that were given out so far."""
        return self.seen - len(self._piece) + self._at

    def is_at_end(self) -> bool:
        """Tell whether no byte is left."""
        return self._at == len(self._piece) and not self._refill()

    def take(self, size: int) -> bytes:
        """Return exactly so many bytes; raises EOFError where they end."""
        end = self._at + size
        if end <= len(self._piece):
            taken = self._piece[self._at : end]
            self._at = end
            return taken
        return b"".join(self.pieces(size))

    def some(self, size: int) -> Bytes:
        """Return up to so many bytes, one at least, without a copy; raises EOFError where there is none."""
        if self._at == len(self._piece) and not self._refill():
            raise EOFError(f"{self.name} ends in the middle")
        start = self._at
        self._at = min(start + size, len(self._piece))
        return memoryview(self._piece)[start : self._at]

    def pieces(self, size: int) -> Iterator[Bytes]:
        """Yield exactly so many bytes in pieces; raises EOFError where they end."""
        while size:
            part = self.some(size)
            size -= len(part)
            yield part

    def skip(self, size: int) -> None:
        """Pass over exactly so many bytes; raises EOFError where they end."""
        while size:
            size -= len(self.some(size))

    def drain(self) -> None:
        """Read all that is left."""
        while self._refill():
            pass

    def _refill(self) -> bool:
        for piece in self._source:
            if piece:
                self._piece, self._at = piece, 0
                self.seen += len(piece)
                return True
        self._piece, self._at = b"", 0
        return False
