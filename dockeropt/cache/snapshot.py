"""The content of a build context, made for cheap comparison over many versions of it."""

from collections.abc import Mapping
from hashlib import blake2b

from dockeropt.cache.links import followed
from dockeropt.cache.selection import Selection
from dockeropt.records import NamedTuple

_MODULUS = 1 << 128


class Entry(NamedTuple):
    """What counts of a file: an id of its content (a hash, a git blob id) and its permission bits."""

    content: str
    mode: int
    link: str | None = None
    """where a symbolic link points"""


class Snapshot:
    """The files of a context after .dockerignore, by path relative to its root.

    A selection's digest is a sum over its files, so that a new version of the context costs what changed
    and not what is there: ``update`` carries over all digests asked for so far. The first digest of a
    selection reads every path once.
    """

    __slots__ = ("_digests", "_links", "files")

    def __init__(self, files: Mapping[str, Entry]) -> None:
        self.files = dict(files)
        self._digests: dict[Selection, int] = {}
        self._links: dict[str, str] | None = None

    def updated(self, changes: Mapping[str, Entry | None]) -> "Snapshot":
        """Return the snapshot after these changes; None removes a file. This one stays as it is."""
        after = Snapshot(self.files)
        after._digests = dict(self._digests)
        after.update(changes)
        return after

    def update(self, changes: Mapping[str, Entry | None]) -> None:
        """Make these changes in place: cheaper than ``updated`` by a copy of all paths."""
        digests = self._digests
        for path, entry in changes.items():
            before = self.files.pop(path, None)
            if entry is not None:
                self.files[path] = entry
            if before == entry:
                continue
            if self._links is not None and (path in self._links or (entry and entry.link is not None)):
                self._links = None
            for selection, digest in digests.items():
                name = selection.name_of(path)
                if name is not None:
                    digests[selection] = (digest + _number(name, entry) - _number(name, before)) % _MODULUS

    def digest(self, selection: Selection) -> int:
        """Return a number that differs where content, mode or name of a selected file differs."""
        if not self.links or selection.keeps_parents:
            return self._own_digest(selection)
        place = followed(selection.fixed, self.links) if selection.fixed else ""
        if place != selection.fixed:
            selection = selection.moved(place)
        digest = self._own_digest(selection)
        for path in self.links:
            if selection.matches(path):
                name = selection.name_of(path) or ""
                target = self._own_digest(selection.at(followed(path, self.links)))
                digest += _number(name, Entry(f"{target:x}", 0)) - _number(name, self.files[path])
        return digest % _MODULUS

    @property
    def links(self) -> Mapping[str, str]:
        """Where each symbolic link points, by its path."""
        if self._links is None:
            self._links = {path: entry.link for path, entry in self.files.items() if entry.link is not None}
        return self._links

    def _own_digest(self, selection: Selection) -> int:
        digest = self._digests.get(selection)
        if digest is None:
            digest = 0
            for path, entry in self.files.items():
                name = selection.name_of(path)
                if name is not None:
                    digest += _number(name, entry)
            digest %= _MODULUS
            self._digests[selection] = digest
        return digest


def _number(name: str, entry: Entry | None) -> int:
    if entry is None:
        return 0
    text = f"{entry.mode:o} {entry.content}\0{name}"
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).digest(), "big")
