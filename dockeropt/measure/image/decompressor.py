"""Unpacking gzip and zstd piece by piece, never more at once than asked for."""

import sys
import zlib
from types import ModuleType
from typing import Protocol

from dockeropt.measure.image.stream import Bytes

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

try:
    # Half the processor time of zlib, which stays for machines that zlib-ng has no wheel for.
    from zlib_ng import zlib_ng as _fastest
except ImportError:
    _fastest = zlib  # type: ignore[misc]

fastest: ModuleType = _fastest

GZIP_WINDOW = 31
"""zlib's name for the gzip format"""


class Decompressor(Protocol):
    """What unpacks one gzip member or zstd frame, as ``compression.zstd.ZstdDecompressor`` does."""

    @property
    def eof(self) -> bool:
        """Whether its end was reached."""

    @property
    def needs_input(self) -> bool:
        """Whether all that was given is unpacked; else it goes on when given nothing."""

    @property
    def unused_data(self) -> bytes:
        """What was given after its end."""

    def decompress(self, data: Bytes, max_length: int, /) -> bytes:
        """Return up to so many bytes; raises zlib.error where the data is damaged."""


class Gunzip:
    """zlib's decompressor, which gives back what it did not come to; ``library`` has zlib's interface."""

    def __init__(self, library: ModuleType = fastest) -> None:
        self._own = library.decompressobj(GZIP_WINDOW)
        self._error: type[Exception] = library.error
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return bool(self._own.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._own.unused_data)

    def decompress(self, data: Bytes, max_length: int, /) -> bytes:
        try:
            given = data if self.needs_input else self._own.unconsumed_tail
            piece: bytes = self._own.decompress(given, max_length)
        except self._error as reason:
            raise zlib.error(str(reason)) from reason
        self.needs_input = len(piece) < max_length
        return piece


class Unzstd:
    """The standard library's decompressor, or its backport."""

    def __init__(self) -> None:
        self._own = zstd.ZstdDecompressor()

    @property
    def eof(self) -> bool:
        return self._own.eof

    @property
    def needs_input(self) -> bool:
        return self._own.needs_input

    @property
    def unused_data(self) -> bytes:
        return self._own.unused_data

    def decompress(self, data: Bytes, max_length: int, /) -> bytes:
        try:
            return self._own.decompress(data, max_length)
        except zstd.ZstdError as reason:
            raise zlib.error(str(reason)) from reason
