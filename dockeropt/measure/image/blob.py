"""One layer as it is stored: gzip, zstd or a bare tar archive, weighed and listed while it streams by."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import Protocol, cast

from dockeropt.errors import MeasureError
from dockeropt.measure.image.tar import Entry, entries
from dockeropt.records import NamedTuple

_AT_ONCE = 1 << 14
"""bytes given to a decompressor: deflate makes at most a thousand times as many of them"""
_LARGEST = 1 << 40
"""bytes a layer may unpack to; a bomb ends here"""

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_GZIP_WINDOW = 31
"""zlib's name for the gzip format"""
_LEVEL = 6


class Readable(Protocol):
    """What can be read piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""


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

    Raises MeasureError where it is no archive, is forged, or is zstd and Python cannot read that; EOFError
    and zlib.error where it is damaged.
    """
    stored = _stored(head, rest)
    stream = _Stream(stored.pieces())
    listed = tuple(entries(stream))
    stream.drain()
    return Blob(Weight(stored.compressed, stream.seen, stored.was_compressed), listed)


class _Stored(Protocol):
    compressed: int
    was_compressed: bool

    def pieces(self) -> Iterator[bytes]: ...


def _stored(head: bytes, rest: Readable) -> _Stored:
    if head.startswith(_GZIP):
        return _Packed(lambda: zlib.decompressobj(_GZIP_WINDOW), head, rest)
    if head.startswith(_ZSTD):
        return _Packed(_zstd(), head, rest)
    return _Bare(head, rest)


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class _Packed:
    """A compressed layer, which may be several gzip members or zstd frames (eStargz)."""

    was_compressed = True

    def __init__(self, new: Callable[[], _Decompressor], head: bytes, rest: Readable) -> None:
        self.compressed = 0
        self._new = new
        self._chunks = _chunks(head, rest)

    def pieces(self) -> Iterator[bytes]:
        current = self._new()
        for chunk in self._chunks:
            self.compressed += len(chunk)
            while chunk:
                if current.eof:
                    current = self._new()
                yield current.decompress(chunk)
                chunk = current.unused_data if current.eof else b""
        if not current.eof:
            raise EOFError("a layer ends in the middle")


class _Bare:
    """A layer stored unpacked, compressed here to tell what a push would move."""

    was_compressed = False

    def __init__(self, head: bytes, rest: Readable) -> None:
        self.compressed = 0
        self._compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
        self._chunks = _chunks(head, rest)

    def pieces(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.compressed += len(self._compressor.compress(chunk))
            yield chunk
        self.compressed += len(self._compressor.flush())


def _chunks(head: bytes, rest: Readable) -> Iterator[bytes]:
    yield head
    while chunk := rest.read(_AT_ONCE):
        yield chunk


class _Stream:
    """Exact amounts out of pieces of any size. ``seen`` counts all that came."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source = source
        self._piece = b""
        self._at = 0
        self.seen = 0

    def is_at_end(self) -> bool:
        return self._at == len(self._piece) and not self._refill()

    def take(self, size: int) -> bytes:
        end = self._at + size
        if end <= len(self._piece):
            taken = self._piece[self._at : end]
            self._at = end
            return taken
        return b"".join(self.pieces(size))

    def pieces(self, size: int) -> Iterator[bytes]:
        while size:
            if self.is_at_end():
                raise EOFError("a layer ends in the middle")
            part = self._piece[self._at : self._at + size]
            self._at += len(part)
            size -= len(part)
            yield part

    def drain(self) -> None:
        """Read what follows the archive's end mark."""
        while self._refill():
            pass

    def _refill(self) -> bool:
        for piece in self._source:
            if piece:
                self._piece, self._at = piece, 0
                self.seen += len(piece)
                if self.seen > _LARGEST:
                    raise MeasureError(
                        f"a layer unpacks to more than {_LARGEST >> 40} TB",
                        "do not use this image: it is a bomb",
                    )
                return True
        self._piece, self._at = b"", 0
        return False


def _zstd() -> Callable[[], _Decompressor]:
    """Return the standard library's decompressor (Python 3.14), or that of the package zstandard."""
    with suppress(ImportError):
        return cast("Callable[[], _Decompressor]", import_module("compression.zstd").ZstdDecompressor)
    try:
        make = import_module("zstandard").ZstdDecompressor
    except ImportError as error:
        raise MeasureError(
            "the image has layers compressed with zstd, which this Python cannot read",
            "pip install zstandard, or use Python 3.14",
        ) from error
    return lambda: cast("_Decompressor", make().decompressobj())
