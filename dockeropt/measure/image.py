"""What an image weighs, layer by layer, read from the stream of ``docker image save``.

``docker image inspect`` is not asked: by store and version its Size is unpacked, compressed or both.
"""

import json
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from typing import IO, Protocol, cast

from docker.errors import DockerException
from requests.exceptions import RequestException

from dockeropt.errors import MeasureError
from dockeropt.measure.engine import Engine, reason
from dockeropt.measure.model import ImageSize, Layer
from dockeropt.records import NamedTuple

_CHUNK = 1 << 20
_UNPACKED_AT_ONCE = 1 << 14
"""bytes given to a decompressor: deflate makes at most a thousand times as many of them"""
_LARGEST_DOCUMENT = 4 << 20
"""manifests and configurations are JSON far smaller than this (the OCI distribution limit)"""

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_GZIP_WINDOW = 31
"""zlib's name for the gzip format"""


class Weight(NamedTuple):
    """Bytes of a layer."""

    compressed: int
    unpacked: int
    was_compressed: bool
    """as the engine keeps it"""


class Readable(Protocol):
    """What can be read piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""


def measure_image(engine: Engine, tag: str, bases: Sequence[str] = ()) -> ImageSize:
    """Return the layers of a local image, their bytes and the instructions that made them.

    ``bases`` are images it may be FROM: layers it shares with one of them from the first on are its base.
    Raises MeasureError when the engine cannot give the image out or keeps it in a form that is not known.
    """
    try:
        image = engine.client.images.get(tag)
        archive = _Stream(image.save(chunk_size=_CHUNK))
        size = read_archive(archive, tag)
        base = max((_shared(engine, image.attrs, name) for name in bases), default=0)
    except (DockerException, RequestException) as error:
        raise MeasureError(
            f"the engine does not give {tag} out: {reason(error)}", "try `docker image save`"
        ) from error
    return size._replace(
        layers=tuple(layer._replace(is_base=at < base) for at, layer in enumerate(size.layers))
    )


def _shared(engine: Engine, attributes: dict[str, object], base: str) -> int:
    """Return how many layers an image took over from a base, 0 when it is not FROM it."""
    try:
        below = _layers(engine.client.images.get(base).attrs)
    except DockerException:
        return 0
    return len(below) if _layers(attributes)[: len(below)] == below else 0


def _layers(attributes: dict[str, object]) -> list[str]:
    root = cast("dict[str, list[str]]", attributes.get("RootFS", {}))
    return root.get("Layers") or []


def read_archive(archive: Readable, name: str) -> ImageSize:
    """Return the layers of the archive ``docker image save`` writes, read once and never held whole.

    Both forms are read: the OCI layout (engine 25 and newer; compressed layers on the containerd store) and
    the older one with ``ID/layer.tar``. Attestations are left out. Raises MeasureError for anything else.
    """
    documents: dict[str, bytes] = {}
    weights: dict[str, Weight] = {}
    links: dict[str, str] = {}
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", archive), mode="r|", bufsize=_CHUNK) as tar:
            for member in tar:
                if member.issym() or member.islnk():
                    links[member.name] = _target(member)
                    continue
                content = tar.extractfile(member)
                if content is None:
                    continue
                head = content.read(1)
                if head in {b"{", b"["} and member.size <= _LARGEST_DOCUMENT:
                    documents[member.name] = head + content.read()
                else:
                    weights[member.name] = weigh(head + content.read(3), content)
    except (tarfile.TarError, zlib.error, EOFError) as error:
        raise MeasureError(f"the archive of {name} cannot be read: {error}", "measure again") from error
    try:
        manifest = _manifest(documents)
        chosen = [weights[links.get(path, path)] for path in manifest.layers]
        history = json.loads(documents[manifest.config]).get("history") or []
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise MeasureError(
            f"the archive of {name} is not as docker writes it ({error!r})", "please report it"
        ) from error
    return ImageSize(
        tuple(
            Layer(instruction, weight.compressed, weight.unpacked, is_base=False)
            for instruction, weight in zip(_instructions(history, len(chosen)), chosen, strict=True)
        ),
        "engine" if all(weight.was_compressed for weight in chosen) else "dockeropt",
    )


class _Manifest(NamedTuple):
    layers: list[str]
    config: str


def _manifest(documents: dict[str, bytes]) -> _Manifest:
    """Return what docker's own index of the archive says; it names the platform's image, no attestation."""
    first = json.loads(documents["manifest.json"])[0]
    return _Manifest([str(path) for path in first["Layers"]], str(first["Config"]))


def _target(member: tarfile.TarInfo) -> str:
    """Return what a link of the archive points at; older engines write a shared layer once and link to it."""
    if member.islnk():
        return member.linkname
    parts = member.name.split("/")[:-1]
    for part in member.linkname.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def weigh(head: bytes, rest: Readable) -> Weight:
    """Return the bytes of a layer given as gzip, zstd or a bare tar archive, of which ``head`` is read.

    Raises MeasureError for zstd where Python cannot read it.
    """
    if head.startswith(_GZIP):
        return _unpack(lambda: zlib.decompressobj(_GZIP_WINDOW), head, rest)
    if head.startswith(_ZSTD):
        return _unpack(_zstd(), head, rest)
    compressor = zlib.compressobj(6, zlib.DEFLATED, _GZIP_WINDOW)
    unpacked = compressed = 0
    for chunk in _chunks(head, rest):
        unpacked += len(chunk)
        compressed += len(compressor.compress(chunk))
    return Weight(compressed + len(compressor.flush()), unpacked, was_compressed=False)


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def _unpack(new: Callable[[], _Decompressor], head: bytes, rest: Readable) -> Weight:
    """Return the bytes of a compressed layer, which may be several gzip members or zstd frames (eStargz)."""
    compressed = unpacked = 0
    current = new()
    for chunk in _chunks(head, rest):
        compressed += len(chunk)
        while chunk:
            if current.eof:
                current = new()
            unpacked += len(current.decompress(chunk))
            chunk = current.unused_data if current.eof else b""
    if not current.eof:
        raise EOFError("a layer ends in the middle")
    return Weight(compressed, unpacked, was_compressed=True)


def _chunks(head: bytes, rest: Readable) -> Iterator[bytes]:
    yield head
    while chunk := rest.read(_UNPACKED_AT_ONCE):
        yield chunk


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


_DEFAULT_SHELL = re.compile(r"RUN (?:\|\d+ .*?)?/bin/sh -c ", re.DOTALL)
"""between them stand the number and the values of the arguments in scope"""


def _instructions(history: list[dict[str, object]], count: int) -> list[str]:
    """Return the instruction of each layer; empty ones where history and layers do not match."""
    made = [str(entry.get("created_by") or "") for entry in history if not entry.get("empty_layer")]
    return [cleaned(each) for each in made] if len(made) == count else [""] * count


def cleaned(created_by: str) -> str:
    """Return an instruction without the marks builders add to it in an image's history."""
    text = created_by.removesuffix(" # buildkit")
    if text.startswith("/bin/sh -c #(nop) "):
        return text.removeprefix("/bin/sh -c #(nop) ").strip()
    if text.startswith("/bin/sh -c "):
        return f"RUN {text.removeprefix('/bin/sh -c ')}"
    return _DEFAULT_SHELL.sub("RUN ", text, count=1)


class _Stream:
    """A file to read out of the chunks of a response; tarfile asks a stream for no more than ``read``."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def read(self, size: int, /) -> bytes:
        parts: list[bytes] = []
        while size and (self._rest or self._refill()):
            part = self._rest[:size]
            self._rest = self._rest[size:]
            parts.append(part.tobytes())
            size -= len(part)
        return b"".join(parts)

    def _refill(self) -> bool:
        self._rest = memoryview(next(self._chunks, b""))
        return len(self._rest) > 0
