"""What a layer's tar archive lists, read from a stream: names, sizes and digests, nothing unpacked.

Header formats: POSIX ustar and pax, and GNU's long names and large numbers, which are what Docker, BuildKit,
containerd, kaniko and buildah write. A layer may come from anywhere, so every field is checked.
"""

import hashlib
import posixpath
from collections.abc import Iterator
from enum import IntEnum
from typing import Protocol

from dockeropt.errors import MeasureError
from dockeropt.records import NamedTuple

_BLOCK = 512
_NOTHING = bytes(_BLOCK)
_LONGEST_HEADER = 1 << 20
"""bytes of a pax header or long name; Linux takes no path of more than 4,096"""
_MOST_ENTRIES = 5_000_000
"""of a layer; the largest real one we have read has some 120,000"""
_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"


class Kind(IntEnum):
    """What an entry of a layer is (OCI image specification, layer.md)."""

    FILE = 0
    FOLDER = 1
    LINK = 2
    """a symbolic link, a device, a pipe: no content"""
    HARDLINK = 3
    """another name of a file of the same layer"""
    WHITEOUT = 4
    """the path is deleted from the layers below"""
    OPAQUE = 5
    """everything in the folder is deleted from the layers below"""


class Entry(NamedTuple):
    """An entry of a layer."""

    path: str
    """without a slash in front; bytes that are not UTF-8 as lone surrogates"""
    kind: Kind
    size: int
    """bytes of content, 0 for all but files"""
    digest: bytes
    """half of the content's SHA-256; of a hard link the name of its file"""


class Stream(Protocol):
    """Bytes that come one after another."""

    def is_at_end(self) -> bool:
        """Tell whether no byte is left."""

    def take(self, size: int) -> bytes:
        """Return exactly so many bytes; raises EOFError where they end."""

    def pieces(self, size: int) -> Iterator[bytes]:
        """Yield exactly so many bytes in pieces; raises EOFError where they end."""


def entries(stream: Stream) -> Iterator[Entry]:
    """Yield the entries of a tar archive up to its end mark, or its end where it has none.

    Raises MeasureError for an entry that would leave the image or that no builder writes, EOFError where the
    archive ends in the middle.
    """
    name = target = ""
    size: int | None = None
    for count in range(_MOST_ENTRIES * 2):
        if stream.is_at_end() or (header := stream.take(_BLOCK)) == _NOTHING:
            return
        _check(header)
        kind = header[156:157]
        length = _number(header[124:136])
        if kind in b"LKxg":
            text = _long(stream, length)
            if kind == b"L":
                name = _text(text.rstrip(b"\0"))
            elif kind == b"K":
                target = _text(text.rstrip(b"\0"))
            elif kind == b"x":
                records = dict(_pax(text))
                name, target = records.get("path", name), records.get("linkpath", target)
                size = _whole(records["size"]) if "size" in records else size
            continue
        if count // 2 > _MOST_ENTRIES:
            break
        name = name or _name(header)
        target = target or _text(_until_nul(header[157:257]))
        if kind in _FILES and not name.endswith("/"):
            length = length if size is None else size
            yield _entry(name, target, kind, length, _digest(stream, length))
        else:
            # Links and folders have no content, whatever the header says (POSIX pax, "size").
            yield _entry(name, target, b"5" if kind in _FILES else kind, 0, b"")
        name = target = ""
        size = None
    raise MeasureError(f"a layer has more than {_MOST_ENTRIES:,} entries", "is it an image?")


_FILES = (b"0", b"\0", b"7")


def _entry(name: str, target: str, kind: bytes, size: int, digest: bytes) -> Entry:
    path = _inside(name)
    folder, _, last = path.rpartition("/")
    if last == _OPAQUE:
        return Entry(folder, Kind.OPAQUE, 0, b"")
    if last.startswith(_WHITEOUT):
        hidden = last.removeprefix(_WHITEOUT)
        return Entry(f"{folder}/{hidden}" if folder else hidden, Kind.WHITEOUT, 0, b"")
    if kind == b"1":
        return Entry(path, Kind.HARDLINK, 0, _inside(target).encode("utf-8", "surrogateescape"))
    if kind in _FILES:
        return Entry(path, Kind.FILE, size, digest)
    return Entry(path, Kind.FOLDER if kind == b"5" else Kind.LINK, 0, b"")


def _inside(name: str) -> str:
    """Return a path relative to the image's root; raises MeasureError where it leads out of it."""
    path = posixpath.normpath(name.lstrip("/") or ".")
    if path == ".." or path.startswith("../"):
        raise MeasureError(
            f"a layer holds {name!r}, a path that leaves the image", "do not use this image: it is forged"
        )
    return "" if path == "." else path


def _check(header: bytes) -> None:
    """Raise MeasureError where the header's checksum is wrong: the blanks of its own field count as such."""
    stored = _number(header[148:156])
    if stored != sum(header) - sum(header[148:156]) + 8 * 0x20:
        raise _damaged()


def _number(field: bytes) -> int:
    """Return an octal number, or GNU's base 256, which begins with a set bit."""
    if field[0] & 0x80:
        return int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
    return _whole(_text(_until_nul(field)).strip() or "0", 8)


def _whole(text: str, base: int = 10) -> int:
    try:
        value = int(text, base)
    except ValueError:
        value = -1
    if value < 0:
        raise _damaged()
    return value


def _name(header: bytes) -> str:
    name = _text(_until_nul(header[:100]))
    if header[257:263] != b"ustar\0":
        return name
    prefix = _text(_until_nul(header[345:500]))
    return f"{prefix}/{name}" if prefix else name


def _long(stream: Stream, length: int) -> bytes:
    if length > _LONGEST_HEADER:
        raise MeasureError(f"a layer has a header of {length:,} bytes", "do not use this image: it is forged")
    data = stream.take(length)
    stream.take(-length % _BLOCK)
    return data


def _pax(text: bytes) -> Iterator[tuple[str, str]]:
    """Yield the records of a pax header, ``LENGTH KEY=VALUE\\n`` each."""
    at = 0
    while at < len(text):
        digits, blank, _ = text[at : at + 12].partition(b" ")
        length = _whole(_text(digits)) if blank else 0
        if length <= len(digits) or at + length > len(text):
            raise _damaged()
        key, _, value = text[at + len(digits) + 1 : at + length - 1].partition(b"=")
        yield _text(key), _text(value)
        at += length


def _digest(stream: Stream, length: int) -> bytes:
    hasher = hashlib.sha256()
    for piece in stream.pieces(length):
        hasher.update(piece)
    stream.take(-length % _BLOCK)
    return hasher.digest()[:16]


def _damaged() -> MeasureError:
    return MeasureError("a layer is no tar archive, or it is damaged", "pull or build the image again")


def _until_nul(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
