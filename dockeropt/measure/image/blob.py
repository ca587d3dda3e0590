"""One layer as it is stored: gzip, zstd or a bare tar archive, weighed and listed while it streams by."""

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from dockeropt.errors import MeasureError
from dockeropt.measure.image.ahead import fetched_ahead
from dockeropt.measure.image.decompressor import (
    GZIP_WINDOW,
    Decompressor,
    Gunzip,
    Unzstd,
)
from dockeropt.measure.image.stream import Bytes, Readable, Stream
from dockeropt.measure.image.tar import Entry, entries
from dockeropt.records import NamedTuple

_AT_ONCE = 1 << 16
"""bytes given to a decompressor"""
_PIECE = 1 << 20
"""bytes it may make of them at once: deflate can make a thousand times as many, zstd more"""
_LARGEST = 1 << 40
"""bytes a layer may unpack to; a bomb ends here"""

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_LEVEL = 6


class Weight(NamedTuple):
    """Bytes of a layer."""

    compressed: int
    unpacked: int
    was_compressed: bool
    """as it is stored; else ``compressed`` is what gzip makes of it"""


class Blob(NamedTuple):
    """A layer's bytes and what it lists, in its own order."""

    weight: Weight
    entries: tuple[Entry, ...]


def read_layer(head: bytes, rest: Readable) -> Blob:
    """Return a layer of which ``head``, four bytes at least unless it has fewer, is read already.

    Raises MeasureError where it is no archive or is forged; EOFError and zlib.error where it is damaged.
    """
    stored = _stored(head, rest)
    with fetched_ahead(_limited(stored.pieces())) as pieces:
        stream = Stream(pieces, "a layer")
        listed = tuple(entries(stream))
        stream.drain()
    return Blob(Weight(stored.compressed, stream.seen, stored.was_compressed), listed)


class _Stored(Protocol):
    compressed: int
    was_compressed: bool

    def pieces(self) -> Iterator[bytes]: ...


def _stored(head: bytes, rest: Readable) -> _Stored:
    if head.startswith(_GZIP):
        return _Packed(Gunzip, head, rest)
    if head.startswith(_ZSTD):
        return _Packed(Unzstd, head, rest)
    return _Bare(head, rest)


class _Packed:
    """A compressed layer, which may be several gzip members or zstd frames (eStargz)."""

    was_compressed = True

    def __init__(self, new: Callable[[], Decompressor], head: bytes, rest: Readable) -> None:
        self.compressed = 0
        self._new = new
        self._chunks = _chunks(head, rest)

    def pieces(self) -> Iterator[bytes]:
        current = self._new()
        for chunk in self._chunks:
            self.compressed += len(chunk)
            is_used_up = False
            while not is_used_up:
                if current.eof:
                    current = self._new()
                yield current.decompress(chunk, _PIECE)
                chunk = current.unused_data if current.eof else b""
                is_used_up = not chunk if current.eof else current.needs_input
        if not current.eof:
            raise EOFError("a layer ends in the middle")


class _Bare:
    """A layer stored unpacked, compressed here to tell what a push would move."""

    was_compressed = False

    def __init__(self, head: bytes, rest: Readable) -> None:
        self.compressed = 0
        self._compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, GZIP_WINDOW)
        self._chunks = _chunks(head, rest)

    def pieces(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.compressed += len(self._compressor.compress(chunk))
            yield bytes(chunk)
        self.compressed += len(self._compressor.flush())


def _chunks(head: bytes, rest: Readable) -> Iterator[Bytes]:
    yield head
    while chunk := rest.read(_AT_ONCE):
        yield chunk


def _limited(pieces: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > _LARGEST:
            raise MeasureError(
                f"a layer unpacks to more than {_LARGEST >> 40} TB", "do not use this image: it is a bomb"
            )
        yield piece
