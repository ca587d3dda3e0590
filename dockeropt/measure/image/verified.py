"""Blobs that come from outside: each must be the one that its digest promised."""

import hashlib
import zlib

from dockeropt.errors import MeasureError
from dockeropt.measure.image import blob
from dockeropt.measure.image.blob import Blob
from dockeropt.measure.image.manifest import LARGEST_DOCUMENT, Descriptor
from dockeropt.measure.image.stream import Bytes, Readable

_HEAD = 4
_PIECE = 1 << 16
_AGAIN = "pull or build the image again"


def read_layer(source: Readable, descriptor: Descriptor, name: str) -> Blob:
    """Return a layer; raises MeasureError where it is damaged or another one."""
    content = _Verified(source, descriptor, name)
    try:
        layer = blob.read_layer(bytes(content.read(_HEAD)), content)
    except (zlib.error, EOFError) as error:
        raise MeasureError(
            f"a layer of {name} is damaged: {error}", "pull or build the image again"
        ) from error
    while content.read(_PIECE):
        pass
    return layer


def read_document(source: Readable, descriptor: Descriptor, name: str) -> bytes:
    """Return a manifest, index or configuration; raises MeasureError where it is too large or another one."""
    if descriptor.size > LARGEST_DOCUMENT:
        raise MeasureError(f"{name} has a document of {descriptor.size:,} bytes", "is it an image?")
    content = _Verified(source, descriptor, name)
    parts = []
    while part := content.read(_PIECE):
        parts.append(part)
    return b"".join(parts)


class _Verified:
    """A blob's bytes as they come; at their end they must have the digest and size that were promised."""

    def __init__(self, source: Readable, descriptor: Descriptor, name: str) -> None:
        self._source = source
        self._descriptor = descriptor
        self._name = name
        self._hasher = hashlib.new(descriptor.digest.partition(":")[0])
        self._seen = 0

    def read(self, size: int, /) -> Bytes:
        """Return up to ``size`` bytes; raises MeasureError where they make another blob than asked for."""
        data = self._source.read(size)
        self._hasher.update(data)
        self._seen += len(data)
        if self._seen > self._descriptor.size or (not data and size and not self._is_whole()):
            raise MeasureError(
                f"{self._name} has another content than {self._descriptor.digest} for it",
                "it is damaged or forged: pull or build the image again",
            )
        return data

    def _is_whole(self) -> bool:
        found = f"{self._hasher.name}:{self._hasher.hexdigest()}"
        return (self._seen, found) == (self._descriptor.size, self._descriptor.digest)
