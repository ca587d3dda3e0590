"""Which files a .dockerignore leaves out, by the rules of moby/patternmatcher and of BuildKit's walk."""

import re
from collections.abc import Iterable
from posixpath import normpath

from dockeropt.records import NamedTuple
from dockeropt.semantics.patterns import Kind, can_match_below, parse

_SPACES = "\t\n\v\f\r \x85\xa0"


class Pattern(NamedTuple):
    """One line of a .dockerignore: the cleaned pattern, and whether it lets files in again (``!``)."""

    text: str
    is_exception: bool
    line: int
    """from 1"""


class _State(NamedTuple):
    """What is known of a folder: whether it is left out, and a bit for each pattern that took it."""

    is_excluded: bool
    matched: int


_ROOT = _State(False, 0)


class Matcher:
    """Tells which paths a .dockerignore leaves out. A pattern that Docker refuses is in ``refused``.

    Docker stops at a refused pattern; here it matches nothing, so that the rest can still be judged.
    """

    __slots__ = (
        "_exact",
        "_expressions",
        "_folders",
        "_names",
        "_others",
        "has_exceptions",
        "patterns",
        "refused",
    )

    def __init__(self, patterns: str | Iterable[Pattern] | None) -> None:
        """Take the text of a .dockerignore, or patterns already read."""
        if isinstance(patterns, str):
            patterns = read_patterns(patterns)
        good: list[Pattern] = []
        refused: list[Pattern] = []
        expressions: list[str] = []
        exact: set[str] = set()
        names: set[str] = set()
        others: list[str] = []
        for pattern in patterns or ():
            parsed = parse(pattern.text) if pattern.text else None
            if parsed is None:
                refused.append(pattern)
                continue
            good.append(pattern)
            expressions.append(parsed.expression)
            if parsed.kind is Kind.PATH:
                exact.add(pattern.text)
            elif parsed.kind is Kind.NAME:
                names.add(pattern.text[3:])
            else:
                others.append(f"(?:{parsed.expression})")
        self.patterns = tuple(good)
        self.refused = tuple(refused)
        self.has_exceptions = any(pattern.is_exception for pattern in good)
        self._expressions = [re.compile(text) for text in expressions] if self.has_exceptions else []
        self._exact = exact
        self._names = names
        self._others = re.compile("|".join(others)) if others else None
        self._folders: dict[str, _State] = {"": _ROOT}

    @classmethod
    def of(cls, patterns: Iterable[str]) -> "Matcher":
        """Return the matcher of patterns given one by one, as ``COPY --exclude`` does."""
        return cls(_plain_patterns(patterns))

    def excludes(self, path: str) -> bool:
        """Tell whether a file or folder, relative to the context with ``/``, is left out."""
        if not self.patterns or path in ("", "."):
            return False
        folder = path.rpartition("/")[0]
        state = self._folders.get(folder)
        if state is None:
            state = self._walk(folder)
        return self._below(state, path).is_excluded

    def excludes_below(self, folder: str) -> bool:
        """Tell whether a folder and everything below it is left out, so that it need not be walked."""
        return self.excludes(folder) and not any(
            pattern.is_exception and can_match_below(pattern.text, folder) for pattern in self.patterns
        )

    def _walk(self, folder: str) -> _State:
        """Return the state of a folder, from the root down as BuildKit walks."""
        state, at = _ROOT, 0
        while at >= 0:
            at = folder.find("/", at + 1)
            path = folder if at < 0 else folder[:at]
            known = self._folders.get(path)
            if known is None:
                known = self._folders[path] = self._below(state, path)
            state = known
        return state

    def _below(self, parent: _State, path: str) -> _State:
        """Return the state of a path from its folder's: PatternMatcher.MatchesUsingParentResults.

        A pattern that took the folder takes what is in it. An exception is only tried where the path is
        left out so far, any other pattern only where it is not; what was not tried is not known below.
        """
        if not (
            path in self._exact
            or path.rpartition("/")[2] in self._names
            or (self._others is not None and self._others.fullmatch(path))
        ):
            return parent
        if not self.has_exceptions:
            return _State(True, 0)
        is_excluded, matched, bit = False, 0, 1
        for pattern, expression in zip(self.patterns, self._expressions, strict=True):
            is_match = bool(parent.matched & bit)
            if not is_match and pattern.is_exception == is_excluded:
                is_match = expression.fullmatch(path) is not None
            if is_match:
                matched |= bit
                is_excluded = not pattern.is_exception
            bit <<= 1
        return _State(is_excluded, matched)


def read_patterns(text: str) -> tuple[Pattern, ...]:
    """Return the patterns of a .dockerignore, cleaned as Docker cleans them, without comments."""
    patterns: list[Pattern] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        written = "" if line.startswith("#") else line.strip(_SPACES)
        if not written:
            continue
        is_exception = written.startswith("!")
        pattern = written[is_exception:].strip(_SPACES)
        if pattern:
            pattern = _clean(pattern)
            if len(pattern) > 1 or is_exception:  # "!/" is cleaned to "!", which Docker refuses
                pattern = pattern.removeprefix("/")
        patterns.append(Pattern(pattern, is_exception, number))
    return tuple(patterns)


def _plain_patterns(patterns: Iterable[str]) -> Iterable[Pattern]:
    """Yield patterns that stand alone: no comments, and a leading ``/`` stays, so that it matches nothing."""
    for number, text in enumerate(patterns, 1):
        written = text.strip(_SPACES)
        if written:
            cleaned = _clean(written)
            is_exception = cleaned.startswith("!")
            yield Pattern(cleaned[is_exception:], is_exception, number)


def _clean(path: str) -> str:
    """Return what Go's filepath.Clean gives; Python keeps two leading slashes."""
    cleaned = normpath(path)
    return cleaned[1:] if cleaned.startswith("//") else cleaned
