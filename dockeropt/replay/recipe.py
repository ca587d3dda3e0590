"""Which Dockerfile and .dockerignore a commit is built with."""

from collections.abc import Callable, Iterable, Mapping
from difflib import SequenceMatcher
from typing import Protocol

from dockeropt.files import is_dockerfile_name
from dockeropt.records import NamedTuple
from dockeropt.replay.history import SUBMODULE, Blob, Change

_ALIKE = 0.5
"""the share of lines that a Dockerfile keeps when it moves, as in git"""

Read = Callable[[str], bytes]
"""gives the content of a blob"""


class Written(NamedTuple):
    """A Dockerfile and the .dockerignore beside it; bytes that are not UTF-8 as lone surrogates."""

    dockerfile: bytes
    dockerignore: str | None
    path: str


class Recipe(Protocol):
    """Tells what commits are built with, from the newest one back."""

    def at(self, tree: Mapping[str, Blob]) -> Written | None:
        """Return what the commit with these files is built with, None where it has no Dockerfile."""

    def back(self, changes: Iterable[Change]) -> None:
        """Go back past a commit."""


class Kept:
    """The Dockerfile as the history has it, followed where it moved."""

    def __init__(self, path: str, folder: str, read: Read) -> None:
        self.path = path
        self._folder = folder
        self._read = read
        self._last: tuple[Blob | None, Blob | None, Written] | None = None

    def at(self, tree: Mapping[str, Blob]) -> Written | None:
        """Return the Dockerfile of this commit."""
        dockerfile = tree.get(self.path)
        if dockerfile is None or dockerfile.mode == SUBMODULE:
            return None
        ignore = _ignore(self.path, self._folder, tree)
        if self._last is None or self._last[:2] != (dockerfile, ignore):
            written = Written(self._read(dockerfile.id), _text(ignore, self._read), self.path)
            self._last = dockerfile, ignore, written
        return self._last[2]

    def back(self, changes: Iterable[Change]) -> None:
        """Follow a Dockerfile that this commit moved here."""
        added = next((each.after for each in changes if each.path == self.path and not each.before), None)
        if added is None:
            return
        gone = {each.path: each.before for each in changes if each.before and not each.after}
        same = [path for path, blob in gone.items() if blob.id == added.id]
        alike = same or [
            path
            for path, blob in gone.items()
            if is_dockerfile_name(path.rpartition("/")[2]) and self._likeness(blob, added) >= _ALIKE
        ]
        if alike:
            self.path = max(alike, key=lambda path: (_shared(path, self.path), path))

    def _likeness(self, one: Blob, other: Blob) -> float:
        before, after = self._read(one.id).splitlines(), self._read(other.id).splitlines()
        return SequenceMatcher[bytes](None, before, after, autojunk=False).ratio()


class Held:
    """One Dockerfile for all commits; its .dockerignore is the history's unless another one is given."""

    def __init__(self, written: Written, folder: str, read: Read, has_own_ignore: bool) -> None:
        self._written = written
        self._folder = folder
        self._read = read
        self._has_own_ignore = has_own_ignore
        self._ignore: Blob | None = None

    def at(self, tree: Mapping[str, Blob]) -> Written | None:
        """Return the Dockerfile."""
        if not self._has_own_ignore:
            ignore = _ignore(self._written.path, self._folder, tree)
            if ignore != self._ignore:
                self._ignore = ignore
                self._written = self._written._replace(dockerignore=_text(ignore, self._read))
        return self._written

    def back(self, changes: Iterable[Change]) -> None:
        """Do nothing: it stays."""


def _ignore(path: str, folder: str, tree: Mapping[str, Blob]) -> Blob | None:
    """Return the .dockerignore: FILE.dockerignore goes before the context's own (Docker reference)."""
    return tree.get(f"{path}.dockerignore") or tree.get(f"{folder}.dockerignore")


def _text(blob: Blob | None, read: Read) -> str | None:
    return None if blob is None else read(blob.id).decode("utf-8", "surrogateescape")


def _shared(path: str, other: str) -> int:
    """Return how many parts two paths have in common, from the end."""
    pairs = zip(reversed(path.split("/")), reversed(other.split("/")), strict=False)
    return next((at for at, (one, two) in enumerate(pairs) if one != two), len(path))
