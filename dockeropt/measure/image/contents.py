"""What takes the space in an image, and what of it no running program needs."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from dockeropt.knowledge.leftovers import (
    DEVELOPMENT_MODULES,
    DEVELOPMENT_PACKAGES,
    FOLDERS,
    PROGRAM_FOLDERS,
    PROGRAMS,
    LeftoverKind,
)
from dockeropt.measure.image.tar import Entry, Kind
from dockeropt.measure.image.tree import Tree
from dockeropt.records import NamedTuple

_SMALLEST_DUPLICATE = 4096
"""bytes; below that a second copy is not worth a line"""
_TELLING = 0.02
"""share of all files that a folder must have to be named by itself, not with the folder it lies in"""
_BUILD = "build in a stage of its own and copy the result"
_DEVELOPMENT = "install without devDependencies in the image that runs"


class Place(NamedTuple):
    """A folder or file of the final file system."""

    path: str
    """with a slash in front"""
    size: int
    """bytes of content, of all files in it"""
    layer: int
    """number of the layer that has most of it"""


class Duplicate(NamedTuple):
    """Files of one content."""

    paths: tuple[str, ...]
    size: int
    """bytes of each"""

    @property
    def wasted(self) -> int:
        """Bytes of all but one of them."""
        return self.size * (len(self.paths) - 1)


class LeftOver(NamedTuple):
    """Something that no running program needs."""

    kind: LeftoverKind
    place: Place
    remedy: str


class Contents(NamedTuple):
    """An image's final file system, the largest first everywhere."""

    size: int
    """bytes of content of all files"""
    number: int
    """of files"""
    folders: tuple[Place, ...]
    """without those in them that are named themselves"""
    files: tuple[Place, ...]
    duplicates: tuple[Duplicate, ...]
    left_over: tuple[LeftOver, ...]


def contents_of(tree: Tree, most: int = 10) -> Contents:
    """Return what a file system holds, ``most`` places of each sort."""
    files = {path: found for path, found in tree.files.items() if found[1].kind is Kind.FILE}
    weights = _folder_weights(files)
    return Contents(
        sum(entry.size for _, entry in files.values()),
        len(files),
        tuple(_largest_folders(weights, most)),
        tuple(
            Place(f"/{path}", entry.size, layer)
            for path, (layer, entry) in sorted(files.items(), key=lambda each: (-each[1][1].size, each[0]))[
                :most
            ]
        ),
        tuple(_duplicates(files))[:most],
        tuple(sorted(_left_over(files, weights), key=lambda each: (-each.place.size, each.place.path))),
    )


_Files = Mapping[str, tuple[int, Entry]]
_Weights = dict[str, dict[int, int]]
"""of each folder the bytes by layer"""


def _folder_weights(files: _Files) -> _Weights:
    weights: _Weights = {}
    for path, (layer, entry) in files.items():
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            by_layer = weights.setdefault(folder, {})
            by_layer[layer] = by_layer.get(layer, 0) + entry.size
    return weights


def _place(folder: str, weights: _Weights) -> Place:
    by_layer = weights[folder]
    return Place(
        f"/{folder}", sum(by_layer.values()), max(by_layer, key=lambda layer: (by_layer[layer], -layer))
    )


def telling_folders(sizes: Mapping[str, int], least: float) -> dict[str, int]:
    """Return the folders with ``least`` bytes or more, each as deep as it has them.

    The bytes are those that a folder has without such folders in it.
    """
    rest = dict(sizes)
    found: dict[str, int] = {}
    for folder in sorted(sizes, key=lambda each: (-each.count("/"), each)):
        own = rest[folder]
        if own >= least and own > 0:
            found[folder] = own
            above = folder
            while above:
                above = above.rpartition("/")[0]
                if above in rest:
                    rest[above] -= own
    return found


def _largest_folders(weights: _Weights, most: int) -> list[Place]:
    sizes = {folder: sum(by_layer.values()) for folder, by_layer in weights.items() if folder}
    total = sum(weights.get("", {}).values())
    telling = telling_folders(sizes, total * _TELLING)
    largest = sorted(telling, key=lambda folder: (-telling[folder], folder))[:most]
    return [_place(folder, weights)._replace(size=telling[folder]) for folder in largest]


def _duplicates(files: _Files) -> list[Duplicate]:
    same: dict[tuple[int, bytes], list[str]] = {}
    for path, (_, entry) in files.items():
        if entry.size >= _SMALLEST_DUPLICATE:
            same.setdefault((entry.size, entry.digest), []).append(f"/{path}")
    found = [Duplicate(tuple(sorted(paths)), key[0]) for key, paths in same.items() if len(paths) > 1]
    return sorted(found, key=lambda each: (-each.wasted, each.paths))


def _left_over(files: _Files, weights: _Weights) -> Iterator[LeftOver]:
    taken: set[str] = set()
    for folder in sorted(weights):
        parent = folder.rpartition("/")[0]
        if parent in taken:
            taken.add(folder)
            continue
        found = _kind_of(folder)
        if found is not None:
            taken.add(folder)
            place = _place(folder, weights)
            if place.size:
                yield LeftOver(found[0], place, found[1])
    for path, (layer, entry) in files.items():
        folder, _, name = path.rpartition("/")
        if folder in PROGRAM_FOLDERS and _VERSION.sub("", name) in PROGRAMS:
            yield LeftOver(LeftoverKind.BUILD_TOOL, Place(f"/{path}", entry.size, layer), _BUILD)


_VERSION = re.compile(r"^(?:[a-z0-9_]+-linux-gnu-)?|-?[0-9.]*$")


@lru_cache(1 << 16)
def _kind_of(folder: str) -> tuple[LeftoverKind, str] | None:
    for each in FOLDERS:
        if each.pattern.fullmatch(folder):
            return each.kind, each.remedy
    above, found, package = folder.rpartition("node_modules/")
    if found and (package in DEVELOPMENT_PACKAGES or package == "@types") and not _is_tool(above):
        return LeftoverKind.DEVELOPMENT, _DEVELOPMENT
    above, found, package = folder.rpartition("site-packages/")
    if found and package in DEVELOPMENT_MODULES:
        return LeftoverKind.DEVELOPMENT, "install without the development group in the image that runs"
    return None


def _is_tool(folder: str) -> bool:
    """Tell whether a node_modules folder is npm's own."""
    return "node_modules/npm/" in folder
