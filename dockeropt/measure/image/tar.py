"""What a layer's tar archive lists, read from a stream: names, sizes and digests, nothing unpacked.

Header formats: POSIX ustar and pax, and GNU's long names and large numbers, which are what Docker, BuildKit,
containerd, kaniko and buildah write. A layer may come from anywhere, so every field is checked.
"""

import hashlib
import posixpath
from collections.abc import Iterator
from enum import IntEnum
from zlib import adler32

from dockeropt.errors import MeasureError
from dockeropt.measure.image.stream import Stream
from dockeropt.records import NamedTuple

_BLOCK = 512
_NOTHING = bytes(_BLOCK)
_LONGEST_HEADER = 1 << 20
"""bytes of a pax header or long name; Linux takes no path of more than 4,096"""
_MOST_ENTRIES = 1_000_000
"""of a layer; the largest real one we have read has some 120,000"""
_MOST_HEADERS = 16
"""of a member, before its own"""
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


class Member(NamedTuple):
    """A member of a tar archive, as its headers have it."""

    name: str
    target: str
    """of a link"""
    kind: bytes
    """type flag: ``0`` a file, ``1`` a hard link, ``2`` a symbolic one, ``5`` a folder"""
    size: int
    """bytes of content, 0 for all but files"""


def members(stream: Stream) -> Iterator[Member]:
    """Yield the members of a tar archive up to its end mark, or its end where it has none.

    A member's content comes next in the stream; what is not taken of it is passed over. Raises MeasureError
    for a header that no builder writes, EOFError where the archive ends in the middle.
    """
    for _ in range(_MOST_ENTRIES):
        try:
            member = _next(stream)
        except ValueError as error:
            raise MeasureError(
                f"{stream.name} is no tar archive, or it is damaged", "pull or build the image again"
            ) from error
        if member is None:
            return
        end = stream.position + member.size + -member.size % _BLOCK
        yield member
        stream.skip(end - stream.position)
    raise MeasureError(f"{stream.name} has more than {_MOST_ENTRIES:,} entries", "is it an image?")


def _next(stream: Stream) -> Member | None:
    """Return the next member, None at the end; raises ValueError for a header that is none."""
    name = target = ""
    size: int | None = None
    for _ in range(_MOST_HEADERS):
        if stream.is_at_end() or (header := stream.take(_BLOCK)) == _NOTHING:
            return None
        _check(header)
        kind = header[156:157]
        length = _number(header[124:136])
        if kind not in b"LKxg":
            name = name or _name(header)
            target = target or _text(_until_nul(header[157:257]))
            if kind in _FILES and not name.endswith("/"):
                return Member(name, target, b"0", length if size is None else size)
            # Links and folders have no content, whatever the header says (POSIX pax, "size").
            return Member(name, target, b"5" if kind in _FILES else kind, 0)
        text = _long(stream, length)
        if kind == b"L":
            name = _text(text.rstrip(b"\0"))
        elif kind == b"K":
            target = _text(text.rstrip(b"\0"))
        elif kind == b"x":
            records = dict(_pax(text))
            name, target = records.get("path", name), records.get("linkpath", target)
            size = _whole(records["size"]) if "size" in records else size
    raise ValueError("a member has too many headers")


def entries(stream: Stream) -> Iterator[Entry]:
    """Yield the entries of a layer.

    Raises MeasureError for one that would leave the image, and as ``members`` does.
    """
    for member in members(stream):
        digest = _digest(stream, member.size) if member.kind == b"0" else b""
        yield _entry(member, digest)


_FILES = (b"0", b"\0", b"7")


def _entry(member: Member, digest: bytes) -> Entry:
    name, target, kind, size = member
    path = _inside(name)
    folder, _, last = path.rpartition("/")
    if last == _OPAQUE:
        return Entry(folder, Kind.OPAQUE, 0, b"")
    if last.startswith(_WHITEOUT):
        hidden = last.removeprefix(_WHITEOUT)
        return Entry(f"{folder}/{hidden}" if folder else hidden, Kind.WHITEOUT, 0, b"")
    if kind == b"1":
        return Entry(path, Kind.HARDLINK, 0, _inside(target).encode("utf-8", "surrogateescape"))
    if kind == b"0":
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
    """Raise ValueError where the header's checksum is wrong: the blanks of its own field count as such."""
    stored = header[148:156]
    if _number(stored) != _sum(header[:256]) + _sum(header[256:]) - sum(stored) + 8 * 0x20:
        raise ValueError("the checksum is another")


def _sum(data: bytes) -> int:
    """Return the sum of 256 bytes, which is below Adler-32's modulus: its lower half is 1 more."""
    return (adler32(data) & 0xFFFF) - 1


def _number(field: bytes) -> int:
    """Return an octal number, or GNU's base 256, which begins with a set bit."""
    if field[0] & 0x80:
        return int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
    return _whole(_text(_until_nul(field)).strip() or "0", 8)


def _whole(text: str, base: int = 10) -> int:
    value = int(text, base)
    if value < 0:
        raise ValueError("a number is below zero")
    return value


def _name(header: bytes) -> str:
    name = _text(_until_nul(header[:100]))
    if header[257:263] != b"ustar\0":
        return name
    prefix = _text(_until_nul(header[345:500]))
    return f"{prefix}/{name}" if prefix else name


def _long(stream: Stream, length: int) -> bytes:
    if length > _LONGEST_HEADER:
        raise MeasureError(
            f"{stream.name} has a header of {length:,} bytes", "do not use this image: it is forged"
        )
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
            raise ValueError("a record is longer than its header")
        key, _, value = text[at + len(digits) + 1 : at + length - 1].partition(b"=")
        yield _text(key), _text(value)
        at += length


def _digest(stream: Stream, length: int) -> bytes:
    hasher = hashlib.sha256()
    for piece in stream.pieces(length):
        hasher.update(piece)
    return hasher.digest()[:16]


def _until_nul(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
