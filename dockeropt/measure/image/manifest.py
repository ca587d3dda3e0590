"""Which blobs make an image: the OCI index, manifest and configuration."""

import json
import platform as machine
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from dockeropt.errors import MeasureError
from dockeropt.records import NamedTuple

LARGEST_DOCUMENT = 4 << 20
"""bytes; manifests and configurations are JSON far smaller than this (the OCI distribution limit)"""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
MEDIA_TYPES = (*_INDEXES, *_MANIFESTS)
_DEEPEST_INDEX = 4
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}
"""what Linux calls a machine, and what Go and images do"""

Json = Mapping[str, object]


class Descriptor(NamedTuple):
    """A blob by its content (OCI image specification, descriptor.md)."""

    digest: str
    size: int
    media_type: str


class Manifest(NamedTuple):
    """The blobs of one image of one platform, layers from the base up."""

    config: Descriptor
    layers: tuple[Descriptor, ...]


class Configuration(NamedTuple):
    """What an image's configuration says."""

    platform: str
    """``linux/amd64``"""
    diff_ids: tuple[str, ...]
    """digests of the unpacked layers, which tell a base by"""
    history: tuple[Json, ...]


def read_json(data: bytes, what: str) -> Json:
    """Return a JSON object; raises MeasureError where the data is none."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise MeasureError(f"{what} is no JSON", "is it an image?") from error
    if not isinstance(value, dict):
        raise MeasureError(f"{what} is no JSON object", "is it an image?")
    return value


def choose(index: Json, get: Callable[[Descriptor], bytes], platform: str | None, name: str) -> Manifest:
    """Return the manifest of an image, or of one platform of an index; attestations are none.

    ``get`` gives the document of a descriptor. Without ``platform`` it is the only one there is, or this
    machine's. Raises MeasureError where there is none, and for documents that are not as specified.
    """
    if "layers" in index:
        return _manifest(index, name)
    found = dict(_manifests(index, get, name, 0))
    if not found:
        raise MeasureError(f"{name} has no image in it", "is it an attestation, or an index of nothing?")
    chosen = _of_platform(tuple(found), platform, name)
    return _manifest(read_json(get(found[chosen]), f"the manifest of {name}"), name)


def this_platform() -> str:
    """Return the platform of the images that run here: Linux's, on this machine's processor."""
    return f"linux/{_ARCHITECTURES.get(machine.machine(), machine.machine())}"


def read_configuration(data: bytes, name: str) -> Configuration:
    """Return what an image's configuration says; raises MeasureError where it is none."""
    value = read_json(data, f"the configuration of {name}")
    root = value.get("rootfs")
    diff_ids = root.get("diff_ids") if isinstance(root, dict) else None
    history = value.get("history")
    return Configuration(
        "/".join(str(value[key]) for key in ("os", "architecture", "variant") if value.get(key)),
        tuple(str(each) for each in diff_ids) if isinstance(diff_ids, list) else (),
        tuple(each for each in history if isinstance(each, dict)) if isinstance(history, list) else (),
    )


def _manifests(
    index: Json, get: Callable[[Descriptor], bytes], name: str, depth: int
) -> Iterator[tuple[str, Descriptor]]:
    """Yield the images of an index and of the indexes in it, each with its platform."""
    for value in _objects(index, "manifests", name):
        annotations = value.get("annotations")
        if isinstance(annotations, dict) and "vnd.docker.reference.type" in annotations:
            continue
        descriptor = _descriptor(value, name)
        if descriptor.media_type in _INDEXES and depth < _DEEPEST_INDEX:
            inner = read_json(get(descriptor), f"the index of {name}")
            yield from _manifests(inner, get, name, depth + 1)
        elif descriptor.media_type in _MANIFESTS:
            platform = _platform(value)
            if platform != "unknown/unknown":
                yield platform, descriptor


def _platform(value: Json) -> str:
    platform = value.get("platform")
    if not isinstance(platform, dict):
        return ""
    return "/".join(str(platform[key]) for key in ("os", "architecture", "variant") if platform.get(key))


def _of_platform(platforms: Sequence[str], wanted: str | None, name: str) -> str:
    for each in (wanted,) if wanted else (this_platform(),):
        matching = [platform for platform in platforms if platform == each or platform.startswith(f"{each}/")]
        if matching:
            return matching[0]
    if len(platforms) == 1 and (wanted is None or not platforms[0]):
        return platforms[0]
    raise MeasureError(
        f"{name} has no image for {wanted or this_platform()}",
        f"choose one with --platform: {', '.join(sorted(platforms))}",
    )


def _manifest(value: Json, name: str) -> Manifest:
    config = value.get("config")
    if not isinstance(config, dict):
        raise MeasureError(f"the manifest of {name} names no configuration", "is it an image?")
    return Manifest(
        _descriptor(config, name),
        tuple(_descriptor(each, name) for each in _objects(value, "layers", name)),
    )


def _descriptor(value: Json, name: str) -> Descriptor:
    digest, size, media_type = value.get("digest"), value.get("size"), value.get("mediaType", "")
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise MeasureError(f"{name} names a blob {digest!r}, which is no digest", "is it an image?")
    if not isinstance(size, int) or size < 0:
        raise MeasureError(f"{name} gives {digest} the size {size!r}", "is it an image?")
    return Descriptor(digest, size, str(media_type))


def _objects(value: Json, key: str, name: str) -> tuple[Json, ...]:
    found = value.get(key)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise MeasureError(f"{name} has no list of {key}", "is it an image?")
    return tuple(cast("list[Json]", found))
