"""The files that a build of a commit gets, kept up to date from one commit to the next."""

from collections.abc import Iterable, Mapping

from dockeropt.cache.snapshot import Entry, Snapshot
from dockeropt.replay.history import LINK, SUBMODULE, Blob, Change
from dockeropt.replay.recipe import Read
from dockeropt.semantics.dockerignore import Matcher

_INSIDE = "HEAD"
"""the file that stands for all in a folder whose content is known by one id: a submodule, ``.git``"""


class ContextView:
    """The context of one Dockerfile, commit by commit.

    Submodules are taken to be checked out. ``.git`` is a part of a context at the root of the repository:
    each commit changes it.
    """

    def __init__(self, folder: str, has_git: bool, read: Read) -> None:
        self._folder = folder
        self._has_git = has_git and not folder
        self._read = read
        self._links: dict[str, str] = {}
        self._ignore: str | None = None
        self._matcher = Matcher(None)
        self._below: tuple[str, ...] = ()
        self._snapshot: Snapshot | None = None
        self._commit = ""
        self.version = 0
        """another number whenever the files are others"""

    @property
    def takes_git(self) -> bool:
        """Whether ``.git`` reaches the builder."""
        return self._has_git and not self._matcher.excludes(f".git/{_INSIDE}")

    def at(
        self,
        commit: str,
        tree: Mapping[str, Blob],
        changes: Iterable[Change],
        dockerignore: str | None,
        below: tuple[str, ...],
    ) -> Snapshot:
        """Return what a build of this commit gets to see.

        ``changes`` lead back from the commit seen last. ``below`` are paths that steps take; those in a
        folder known by one id are its content. The snapshot is good until the next call.
        """
        if self._snapshot is None or dockerignore != self._ignore or below != self._below:
            if self._snapshot is None or dockerignore != self._ignore:
                self._ignore, self._matcher = dockerignore, Matcher(dockerignore)
            self._below = below
            self._snapshot = Snapshot(dict(self._entries(tree.items())))
            self._snapshot.update(self._git_entries(commit))
            self.version += 1
        else:
            news = self._news(changes)
            if self.takes_git and commit != self._commit:
                news |= self._git_entries(commit)
            if news:
                self._snapshot.update(news)
                self.version += 1
        self._commit = commit
        return self._snapshot

    def _entries(self, files: Iterable[tuple[str, Blob]]) -> Iterable[tuple[str, Entry]]:
        folder, length = self._folder, len(self._folder)
        excludes = self._matcher.excludes
        for path, blob in files:
            if not path.startswith(folder):
                continue
            for inner in self._paths(path[length:], blob):
                if not excludes(inner):
                    yield inner, self._entry(blob)

    def _news(self, changes: Iterable[Change]) -> dict[str, Entry | None]:
        """Return what going back past these changes does to the context."""
        news: dict[str, Entry | None] = {}
        for path, before, after in changes:
            if after is not None:
                news.update((inner, None) for inner, _ in self._entries([(path, after)]))
            if before is not None:
                news.update(self._entries([(path, before)]))
        return news

    def _git_entries(self, commit: str) -> dict[str, Entry | None]:
        if not self.takes_git:
            return {}
        return dict.fromkeys(self._content_of(".git"), Entry(commit, 0o100644))

    def _paths(self, path: str, blob: Blob) -> Iterable[str]:
        return self._content_of(path) if blob.mode == SUBMODULE else (path,)

    def _content_of(self, folder: str) -> tuple[str, ...]:
        return (f"{folder}/{_INSIDE}", *(path for path in self._below if path.startswith(f"{folder}/")))

    def _entry(self, blob: Blob) -> Entry:
        if blob.mode != LINK:
            return Entry(blob.id, blob.mode)
        target = self._links.get(blob.id)
        if target is None:
            target = self._links[blob.id] = self._read(blob.id).decode("utf-8", "surrogateescape")
        return Entry(blob.id, blob.mode, target)
