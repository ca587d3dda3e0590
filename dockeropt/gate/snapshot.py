"""What the gate knows of an image: from an image itself, or from what ``dockeropt measure`` wrote."""

from collections.abc import Mapping

from dockeropt.measure.image.model import Image
from dockeropt.measure.image.tar import Kind
from dockeropt.measure.image.tree import tree_of
from dockeropt.measure.model import Comparison, ImageSize
from dockeropt.records import NamedTuple

_MOST_FOLDERS = 300
_DEEPEST = 8
"""parts of a path; below that a folder does not tell more than the one it lies in"""


class LayerSize(NamedTuple):
    """A layer by the instruction that made it."""

    instruction: str
    compressed_bytes: int
    unpacked_bytes: int


class Snapshot(NamedTuple):
    """An image at one moment. None is what was not looked at."""

    name: str
    platform: str
    compressed_bytes: int
    compressed_by: str
    """as in ImageSize: bytes of ``engine`` and of ``dockeropt`` are not the same measure"""
    unpacked_bytes: int
    layers: tuple[LayerSize, ...]
    wasted_bytes: int | None = None
    folders: Mapping[str, int] = {}
    """bytes of the largest folders, those in them included; empty where the files were not looked at"""
    paths: frozenset[str] | None = None
    """every path of the final file system, with a slash in front; no baseline keeps them"""
    startup_seconds: float | None = None
    rebuild_seconds: float | None = None


def of_image(image: Image) -> Snapshot:
    """Return the snapshot of an image that was read."""
    tree = tree_of([layer.entries for layer in image.layers])
    sizes: dict[str, int] = {}
    for path, (_, entry) in tree.files.items():
        if entry.kind is Kind.FILE:
            parts = path.split("/")[:-1]
            for depth in range(1, min(len(parts), _DEEPEST) + 1):
                folder = "/" + "/".join(parts[:depth])
                sizes[folder] = sizes.get(folder, 0) + entry.size
    largest = sorted(sizes, key=lambda folder: (-sizes[folder], folder))[:_MOST_FOLDERS]
    total = image.size
    return Snapshot(
        image.name,
        image.platform,
        total.compressed_bytes,
        total.compressed_by,
        total.unpacked_bytes,
        _layers(total),
        sum(tree.wasted),
        {folder: sizes[folder] for folder in sorted(largest)},
        frozenset(f"/{path}" for path in tree.files),
    )


def of_measurement(comparison: Comparison, platform: str) -> Snapshot:
    """Return the snapshot of the last candidate of a comparison: the one that is to be."""
    measured = comparison.measurements[-1]
    size = measured.image
    return Snapshot(
        measured.name,
        platform,
        size.compressed_bytes,
        size.compressed_by,
        size.unpacked_bytes,
        _layers(size),
        startup_seconds=measured.startup.timing.median if measured.startup else None,
        rebuild_seconds=measured.rebuild.timing.median if measured.rebuild else None,
    )


def _layers(size: ImageSize) -> tuple[LayerSize, ...]:
    return tuple(
        LayerSize(layer.instruction, layer.compressed_bytes, layer.unpacked_bytes) for layer in size.layers
    )
