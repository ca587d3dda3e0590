"""Which paths a COPY, ADD or bind mount takes in, and what of each path counts.

BuildKit hashes what a pattern matches by content, mode and name below the matched place; where that place
itself stands does not count (solver/llbsolver/ops/file.go, cache/contenthash). ``links`` follows links.
"""

from collections.abc import Iterable
from functools import lru_cache

from dockeropt.cache.steps import Source
from dockeropt.semantics.dockerignore import Matcher
from dockeropt.semantics.patterns import compile_match, has_wildcard


class Selection:
    """One pattern of a source, ready to be asked about paths; equal patterns are equal selections."""

    __slots__ = (
        "_depth",
        "_exclude",
        "_expression",
        "_include",
        "_matches",
        "_path",
        "_prefix",
        "_source",
        "key",
    )

    def __init__(self, pattern: str, source: Source) -> None:
        self._source = source
        self.key: tuple[object, ...] = (pattern, source.exclude, source.is_mount, source.keeps_parents)
        self._exclude = Matcher.of(source.exclude) if source.exclude else None
        self._include = None
        if source.keeps_parents:
            pattern, below = split_at_pivot(pattern)
            self._include = None if below == "." else Matcher.of([below])
        path = normalized(pattern)
        self._path = "" if path == "." else path
        self._prefix = self._path + "/" if self._path else ""
        is_pattern = not source.is_mount and has_wildcard(path)
        self._expression = compile_match(path) if is_pattern else None
        self._depth = path.count("/") + 1 if is_pattern else 0
        self._matches: dict[str, bool] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Selection) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return f"Selection{self.key!r}"

    @property
    def fixed(self) -> str:
        """The part of its path before any wildcard, which links may lead elsewhere."""
        if not self._depth:
            return self._path
        parts = self._path.split("/")
        first = next((at for at, part in enumerate(parts) if has_wildcard(part)), len(parts))
        return "/".join(parts[:first])

    @property
    def keeps_parents(self) -> bool:
        """Whether the whole path counts, so that nothing is followed."""
        return self._source.keeps_parents

    def moved(self, place: str) -> "Selection":
        """Return the selection with another fixed part."""
        rest = self._path[len(self.fixed) :].lstrip("/")
        return self._other("/".join(filter(None, (place, rest))), self._source)

    def at(self, path: str) -> "Selection":
        """Return the selection of one path with what is below, without wildcards."""
        return self._other(path, self._source._replace(is_mount=True))

    def _other(self, pattern: str, source: Source) -> "Selection":
        """Return a selection of this kind with another pattern."""
        return Selection(pattern, source)

    def matches(self, path: str) -> bool:
        """Tell whether a pattern takes this very path, not what is below it."""
        return bool(self._depth) and path.count("/") + 1 == self._depth and self.name_of(path) is not None

    def name_of(self, path: str) -> str | None:
        """Return what counts of a path of the context, its part from the match on; None if not taken."""
        if self._depth:
            return self._name_in_pattern(path)
        if path == self._path:
            return None if self._include else ""
        if not path.startswith(self._prefix):
            return None
        inner = path[len(self._prefix) :]
        return inner if self._takes(inner) else None

    def _name_in_pattern(self, path: str) -> str | None:
        parts = path.split("/", self._depth)
        if self._expression is None or len(parts) < self._depth:
            return None
        top = "/".join(parts[: self._depth])
        is_match = self._matches.get(top)
        if is_match is None:
            is_match = self._matches[top] = self._expression.fullmatch(top) is not None
        if not is_match:
            return None
        inner = parts[self._depth] if len(parts) > self._depth else ""
        if inner and not self._takes(inner):
            return None
        return f"{parts[self._depth - 1]}/{inner}" if inner else parts[self._depth - 1]

    def _takes(self, inner: str) -> bool:
        if self._include is not None and not self._include.excludes(inner):
            return False
        return self._exclude is None or not self._exclude.excludes(inner)


@lru_cache(1024)
def selections(source: Source) -> tuple[Selection, ...]:
    """Return the selections of a source, one a pattern."""
    return tuple(Selection(pattern, source) for pattern in source.patterns)


def selects(source: Source, paths: Iterable[str]) -> bool:
    """Tell whether a source takes in one of these paths, given relative to the context."""
    found = selections(source)
    return any(selection.name_of(path) is not None for path in paths for selection in found)


def normalized(path: str) -> str:
    """Return a path as from the root, without ``..`` and slashes at both ends; ``.`` for the root."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or "."


def split_at_pivot(pattern: str) -> tuple[str, str]:
    """Return the two sides of the ``/./`` of a ``COPY --parents`` source: what is kept begins after it."""
    above, pivot, below = pattern.partition("/./")
    return (above or "/", normalized(below)) if pivot else ("/", normalized(pattern))
