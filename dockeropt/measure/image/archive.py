"""The archives of ``docker image save`` and of ``--output type=oci``, read once from first byte to last.

``docker image inspect`` is not asked: by store and version its Size is unpacked, compressed or both.
"""

import json
import posixpath
import zlib
from collections.abc import Iterator, Mapping

from dockeropt.errors import MeasureError
from dockeropt.measure.image.ahead import fetched_ahead
from dockeropt.measure.image.blob import Blob, read_layer
from dockeropt.measure.image.history import assemble
from dockeropt.measure.image.manifest import (
    LARGEST_DOCUMENT,
    Descriptor,
    choose,
    read_configuration,
    read_json,
)
from dockeropt.measure.image.model import Image
from dockeropt.measure.image.stream import Bytes, Readable, Stream
from dockeropt.measure.image.tar import Member, members
from dockeropt.records import NamedTuple

_PIECE = 1 << 18
"""bytes read at once"""
_BLOCK = 512


def read_archive(archive: Readable, name: str, platform: str | None = None) -> Image:
    """Return the image in an archive, never holding a layer as a whole.

    Three forms are read: the OCI layout, the same with docker's own index beside it (engine 25 and newer),
    and the older one with ``ID/layer.tar``. Raises MeasureError for anything else, for an archive of several
    images and for one that is damaged or forged.
    """
    try:
        found = _read(archive)
    except (MeasureError, EOFError) as error:
        raise MeasureError(
            f"the archive of {name} cannot be read: {error}", "write it again with `docker image save`"
        ) from error
    chosen = found.docker(name) if platform is None and _DOCKER in found.documents else None
    config, layers = chosen or found.oci(name, platform)
    configuration = read_configuration(found.document(config, name), name)
    return assemble(name, configuration, tuple(found.layer(path, name) for path in layers))


_DOCKER = "manifest.json"
_OCI = "index.json"


class _Paths(NamedTuple):
    """Where an archive has what makes the image."""

    config: str
    layers: tuple[str, ...]


class _Archive(NamedTuple):
    """All that an archive holds, by path."""

    documents: Mapping[str, bytes]
    layers: Mapping[str, Blob | Exception]
    """an archive may hold other blobs too, which are no layers and do not matter"""
    links: Mapping[str, str]

    def document(self, path: str, name: str) -> bytes:
        try:
            return self.documents[path]
        except KeyError:
            raise _foreign(name, f"{path} is missing") from None

    def layer(self, path: str, name: str) -> Blob:
        found = self.layers.get(self.links.get(path, path))
        if found is None:
            raise _foreign(name, f"{path} is missing")
        if isinstance(found, MeasureError):
            raise MeasureError(f"{name}: {found.message}", found.hint) from found
        if isinstance(found, Exception):
            raise MeasureError(
                f"the archive of {name} cannot be read: {found}", "write it again with `docker image save`"
            ) from found
        return found

    def docker(self, name: str) -> _Paths:
        """Return what docker's own index says; it names the platform's image, no attestation."""
        try:
            images = json.loads(self.documents[_DOCKER])
            tags = [", ".join(each.get("RepoTags") or ["(untagged)"]) for each in images]
            paths = [_Paths(str(each["Config"]), tuple(map(str, each["Layers"]))) for each in images]
        except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise _foreign(name, repr(error)) from error
        if len(paths) != 1:
            raise MeasureError(
                f"{name} holds {len(paths)} images{': ' if tags else ''}{', '.join(tags)}",
                "save one of them alone: docker image save -o FILE IMAGE",
            )
        return paths[0]

    def oci(self, name: str, platform: str | None) -> _Paths:
        if _OCI not in self.documents:
            raise _foreign(name, f"neither {_DOCKER} nor {_OCI} is in it")
        index = read_json(self.documents[_OCI], f"{_OCI} of {name}")
        manifest = choose(index, lambda each: self.document(blob_path(each), name), platform, name)
        return _Paths(blob_path(manifest.config), tuple(map(blob_path, manifest.layers)))


def blob_path(descriptor: Descriptor) -> str:
    """Return where an OCI layout keeps a blob (OCI image specification, image-layout.md)."""
    algorithm, _, encoded = descriptor.digest.partition(":")
    return f"blobs/{algorithm}/{encoded}"


def _read(archive: Readable) -> _Archive:
    documents: dict[str, bytes] = {}
    layers: dict[str, Blob | Exception] = {}
    links: dict[str, str] = {}
    with fetched_ahead(_pieces(archive)) as pieces:
        stream = Stream(pieces, "it")
        if stream.is_at_end():
            raise EOFError("it is empty")
        for member in members(stream):
            path = posixpath.normpath(member.name)
            if member.kind in b"12":
                links[path] = _target(member, path)
                continue
            head = stream.take(min(member.size, _BLOCK))
            content = _Content(stream, member.size - len(head))
            if head[:1] in {b"{", b"["} and head[257:262] != b"ustar" and member.size <= LARGEST_DOCUMENT:
                documents[path] = head + b"".join(stream.pieces(content.left))
                continue
            try:
                layers[path] = read_layer(head, content)
            except (MeasureError, zlib.error, EOFError) as error:
                layers[path] = error
    return _Archive(documents, layers, links)


def _pieces(archive: Readable) -> Iterator[bytes]:
    while piece := archive.read(_PIECE):
        yield bytes(piece)


class _Content:
    """The content of a member as it comes."""

    def __init__(self, stream: Stream, size: int) -> None:
        self._stream = stream
        self.left = size

    def read(self, size: int, /) -> Bytes:
        """Return up to ``size`` bytes, none at the end."""
        if not self.left:
            return b""
        part = self._stream.some(min(size, self.left))
        self.left -= len(part)
        return part


def _target(member: Member, path: str) -> str:
    """Return what a link of the archive points at; older engines write a shared layer once and link to it.

    One that leads out of the archive names nothing in it: it is looked up here, never on the disk.
    """
    if member.kind == b"1":
        return posixpath.normpath(member.target)
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), member.target))


def _foreign(name: str, why: str) -> MeasureError:
    return MeasureError(
        f"{name} is no archive of an image: {why}", "write one with `docker image save -o FILE IMAGE`"
    )
