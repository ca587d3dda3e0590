"""The build context as a listing: which files a COPY can see."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from posixpath import normpath

from dockeropt.records import NamedTuple
from dockeropt.semantics.dockerignore import Matcher
from dockeropt.semantics.patterns import compile_match, has_wildcard


class File(NamedTuple):
    """A file of the context: path relative to its root with ``/``, size in bytes, permission bits."""

    path: str
    size: int
    mode: int


class Context:
    """A build context: every file below it, read once when first asked for, and its .dockerignore.

    ``dockerignore`` is None where there is none. Nothing here touches the disk: ``list_files`` does, and
    ``list_kept``, which gets to know the folders that need not be walked because all in them is left out.
    The Dockerfile and .dockerignore reach the builder apart from the context, so a COPY does not see them
    either when a pattern leaves them out.
    """

    __slots__ = (
        "_all",
        "_files",
        "_list_files",
        "_list_kept",
        "_matcher",
        "_paths",
        "_read_text",
        "_texts",
        "dockerignore",
        "root",
    )

    def __init__(
        self,
        list_files: Callable[[], Iterable[File]],
        dockerignore: str | None,
        root: str = ".",
        list_kept: Callable[[Callable[[str], bool]], Iterable[File]] | None = None,
        read_text: Callable[[str], str | None] | None = None,
    ) -> None:
        self._list_files = list_files
        self._list_kept = list_kept
        self._all: tuple[File, ...] | None = None
        self._files: tuple[File, ...] | None = None
        self._paths: list[str] | None = None
        self._matcher: Matcher | None = None
        self._read_text = read_text
        self._texts: dict[str, str | None] = {}
        self.dockerignore = dockerignore
        self.root = root

    @property
    def matcher(self) -> Matcher:
        """What .dockerignore leaves out."""
        if self._matcher is None:
            self._matcher = Matcher(self.dockerignore)
        return self._matcher

    @property
    def asked(self) -> str:
        """Which files were asked for so far: "all", "kept" (those that reach the builder), or "nothing".

        Behind commas the paths follow whose content was read, as hexadecimal digits.
        """
        read = "".join(f",{path.encode('utf-8', 'surrogateescape').hex()}" for path in sorted(self._texts))
        if self._all is not None:
            return "all" + read
        return ("nothing" if self._files is None else "kept") + read

    def text_of(self, path: str) -> str | None:
        """Return what stands in a file; None where that cannot be read, or nobody gave the means to."""
        if path not in self._texts:
            self._texts[path] = None if self._read_text is None else self._read_text(path)
        return self._texts[path]

    @property
    def all_files(self) -> tuple[File, ...]:
        """Every file below the root, by path, those that .dockerignore leaves out included."""
        if self._all is None:
            self._all = tuple(sorted(self._list_files()))
        return self._all

    @property
    def files(self) -> tuple[File, ...]:
        """The files that reach the builder, by path."""
        if self._files is None:
            if self._list_kept is not None and self._all is None:
                listed = tuple(sorted(self._list_kept(self.matcher.excludes_below)))
            else:
                listed = self.all_files
            excludes = self.matcher.excludes
            self._files = tuple(file for file in listed if not excludes(file.path))
        return self._files

    def file(self, path: str) -> File | None:
        """Return the file of this path that reaches the builder."""
        paths = self._sorted_paths()
        at = bisect_left(paths, path)
        return self.files[at] if at < len(paths) and paths[at] == path else None

    def select(
        self, sources: Iterable[str], exclude: Iterable[str] = (), keeps_parents: bool = False
    ) -> tuple[File, ...]:
        """Return the files that a COPY with these sources, variables expanded, takes; by path, each once.

        A source is a file, a folder, or a pattern by Go's filepath.Match; what exists nowhere selects
        nothing. With ``keeps_parents``, sources are patterns as in .dockerignore and may hold ``/./``.
        """
        excluded = Matcher.of(exclude)
        take = self._parents_source if keeps_parents else self._source
        found: dict[File, None] = {}
        for source in sources:
            for file, inner in take(source):
                if not (inner and excluded.patterns and excluded.excludes(inner)):
                    found[file] = None
        return tuple(sorted(found))

    def _source(self, source: str) -> Iterable[tuple[File, str]]:
        """Yield the files of a source, each with its path below the folder that is copied, if it is one."""
        path = _from_root(source)
        if not has_wildcard(path):
            yield from self._at(path)
            return
        expression = compile_match(path)
        if expression is None:
            return
        depth = path.count("/") + 1
        matches: dict[str, bool] = {}
        for file in self.files:
            parts = file.path.split("/", depth)
            if len(parts) < depth:
                continue
            top = "/".join(parts[:depth])
            is_match = matches.get(top)
            if is_match is None:
                is_match = matches[top] = expression.fullmatch(top) is not None
            if is_match:
                yield file, parts[depth] if len(parts) > depth else ""

    def _parents_source(self, source: str) -> Iterable[tuple[File, str]]:
        """Yield the files of a source of COPY --parents: what follows ``/./`` is a .dockerignore pattern."""
        parent, pivot, pattern = source.partition("/./")
        if not pivot:
            parent, pattern = "", source
        included = Matcher.of([_from_root(pattern)])
        for file, inner in self._source(parent or "."):
            if inner and (included.excludes(inner) or pattern in ("", ".")):
                yield file, inner

    def _at(self, path: str) -> Iterable[tuple[File, str]]:
        """Yield the file at this path, or all those below the folder."""
        if not path:
            for file in self.files:
                yield file, file.path
            return
        file_here = self.file(path)
        if file_here is not None:
            yield file_here, ""
        paths, prefix = self._sorted_paths(), path + "/"
        for at in range(bisect_left(paths, prefix), len(paths)):
            if not paths[at].startswith(prefix):
                break
            yield self.files[at], paths[at][len(prefix) :]

    def _sorted_paths(self) -> list[str]:
        if self._paths is None:
            self._paths = [file.path for file in self.files]
        return self._paths


def _from_root(path: str) -> str:
    """Return a path relative to the context's root, which ``..`` does not leave; empty for the root."""
    return normpath("/" + path).lstrip("/")
