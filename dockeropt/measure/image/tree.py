"""Layers laid over each other: what the final file system holds, and what lies in a layer for nothing."""

from collections.abc import Iterator, Sequence

from dockeropt.measure.image.tar import Entry, Kind
from dockeropt.records import NamedTuple


class Tree(NamedTuple):
    """The file system of an image."""

    files: dict[str, tuple[int, Entry]]
    """every path with its entry and the number of the layer that has it; white-outs are not in it"""
    wasted: tuple[int, ...]
    """for each layer the bytes of its files that a later layer replaces or deletes"""


def tree_of(layers: Sequence[Sequence[Entry]]) -> Tree:
    """Return the file system that layers make, given from the base up.

    What counts is the content of files. A file of several names, by hard links, is there as long as one of
    them is: that one is the file then.
    """
    files: dict[str, tuple[int, Entry]] = {}
    wasted = [0] * len(layers)
    hidden = _Hidden()
    for number in range(len(layers) - 1, -1, -1):
        entries = layers[number]
        gone: dict[bytes, Entry] = {}
        for entry in _last_of_each(entries, number, wasted):
            path, kind, size, _ = entry
            if kind is Kind.WHITEOUT or kind is Kind.OPAQUE:
                continue
            if path in files or hidden.hides(path):
                if size:
                    wasted[number] += size
                    gone[path.encode("utf-8", "surrogateescape")] = entry
            else:
                files[path] = (number, entry)
        if gone:
            for path, kept in _kept_by_links(gone, entries, files, number):
                files[path] = number, kept
                wasted[number] -= kept.size
        hidden.add(entries)
    return Tree(files, tuple(wasted))


def _last_of_each(entries: Sequence[Entry], number: int, wasted: list[int]) -> Iterator[Entry]:
    """Yield the entries that count: a path that a layer has twice is what it was last."""
    last = {entry.path: entry for entry in entries if entry.kind < Kind.WHITEOUT}
    for entry in entries:
        if last.get(entry.path, entry) is entry:
            yield entry
        elif entry.kind is Kind.FILE:
            wasted[number] += entry.size


def _kept_by_links(
    gone: dict[bytes, Entry], entries: Sequence[Entry], files: dict[str, tuple[int, Entry]], number: int
) -> Iterator[tuple[str, Entry]]:
    """Yield the files that lost the name they are stored under but have another, under that one."""
    for entry in entries:
        if entry.kind is Kind.HARDLINK and files.get(entry.path) == (number, entry):
            file = gone.pop(entry.digest, None)
            if file is not None:
                yield entry.path, file._replace(path=entry.path)


class _Hidden:
    """What the layers so far, from the top, hide of those below."""

    def __init__(self) -> None:
        self._covered: set[str] = set()
        """paths deleted, or that are no folder any more"""
        self._opaque: set[str] = set()
        self._known: dict[str, bool] = {"": False}
        """whether a folder's content is hidden"""

    def add(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.kind is Kind.OPAQUE:
                self._opaque.add(entry.path)
            elif entry.kind is not Kind.FOLDER:
                self._covered.add(entry.path)
        self._known = {"": "" in self._opaque}

    def hides(self, path: str) -> bool:
        return path in self._covered or self._hides_content(path.rpartition("/")[0])

    def _hides_content(self, folder: str) -> bool:
        above: list[str] = []
        while (known := self._known.get(folder)) is None:
            above.append(folder)
            if folder in self._covered or folder in self._opaque:
                known = True
                break
            folder = folder.rpartition("/")[0]
        for each in above:
            self._known[each] = known
        return known
