"""Patterns of .gitignore, as git's documentation describes them; configuration names paths by them too."""

import re
from functools import lru_cache

from dockeropt.records import NamedTuple

_CLASS_NAMES = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "blank": r" \t",
    "punct": r"!-/:-@\[-`{-~",
    "xdigit": "0-9A-Fa-f",
}


class PathPattern(NamedTuple):
    """A pattern of a .gitignore file."""

    expression: re.Pattern[str]
    """of the whole path, relative to the pattern's folder, with ``/``"""
    is_negated: bool
    only_folders: bool

    def matches(self, path: str, is_folder: bool) -> bool:
        """Tell whether the pattern names this very path, whichever way it decides about it."""
        return (is_folder or not self.only_folders) and self.expression.fullmatch(path) is not None


def read_patterns(text: str) -> tuple[PathPattern, ...]:
    """Return the patterns of a .gitignore file's text, in order."""
    lines = text.removeprefix("\ufeff").split("\n")
    return tuple(pattern for line in lines if (pattern := read_pattern(line.removesuffix("\r"))) is not None)


@lru_cache(512)
def read_pattern(line: str) -> PathPattern | None:
    """Return the pattern of a line, None for a comment, an empty line and a class that never closes."""
    if line.startswith("#"):
        return None
    line = _without_trailing_blanks(line)
    is_negated = line.startswith("!")
    line = line[is_negated:]
    only_folders = line.endswith("/")
    line = line.removesuffix("/")
    if not line:
        return None
    expression = _expression(line.removeprefix("/"))
    if expression is None:
        return None
    if "/" not in line:
        expression = "(?:.*/)?" + expression
    return PathPattern(re.compile(expression, re.DOTALL), is_negated, only_folders)


def covers(line: str, path: str) -> bool:
    """Tell whether a pattern names a file or a folder above it; ``path`` is relative, with ``/``."""
    pattern = read_pattern(line)
    if pattern is None:
        return False
    parts = path.split("/")
    return any(
        pattern.matches("/".join(parts[:count]), count < len(parts)) for count in range(1, len(parts) + 1)
    )


def _without_trailing_blanks(line: str) -> str:
    stripped = line.rstrip(" ")
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    return stripped + " " if backslashes % 2 and stripped != line else stripped


def _expression(pattern: str) -> str | None:
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        is_at_start = at == 0 or pattern[at - 1] == "/"
        if is_at_start and pattern.startswith("**/", at):
            parts.append("(?:.*/)?")
            at += 3
            continue
        if is_at_start and pattern[at:] == "**":
            parts.append(".*" if at == 0 else ".+")
            break
        at += 1
        if character == "*":
            while pattern.startswith("*", at):
                at += 1
            parts.append("[^/]*")
        elif character == "?":
            parts.append("[^/]")
        elif character == "[":
            found = _class(pattern, at)
            if found is None:
                return None
            text, at = found
            parts.append(text)
        elif character == "\\":
            if at == len(pattern):
                return None
            parts.append(re.escape(pattern[at]))
            at += 1
        else:
            parts.append(re.escape(character))
    return "".join(parts)


def _class(pattern: str, at: int) -> tuple[str, int] | None:
    """Return the expression of the class that begins at ``at``, after its ``[``, and where it ends."""
    is_negated = pattern[at : at + 1] in ("!", "^") and at < len(pattern)
    at += is_negated
    start = at
    members: list[str] = []
    while at < len(pattern):
        if pattern[at] == "]" and at > start:
            # A class never takes the slash between folders.
            inner = "".join(members) or "^\x00-\U0010ffff"
            return f"(?!/)[{'^' if is_negated else ''}{inner}]", at + 1
        named = re.compile(r"\[:([a-z]+):\]").match(pattern, at)
        if named:
            if named[1] not in _CLASS_NAMES:
                return None
            members.append(_CLASS_NAMES[named[1]])
            at = named.end()
            continue
        low, at = _member(pattern, at)
        high = low
        if pattern.startswith("-", at) and at + 1 < len(pattern) and pattern[at + 1] != "]":
            high, at = _member(pattern, at + 1)
        # git takes the first character of a range even where the range runs backwards.
        members.append(f"{re.escape(low)}-{re.escape(high)}" if low <= high else re.escape(low))
    return None


def _member(pattern: str, at: int) -> tuple[str, int]:
    if pattern[at] == "\\" and at + 1 < len(pattern):
        at += 1
    return pattern[at], at + 1
