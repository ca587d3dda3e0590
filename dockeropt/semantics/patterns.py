"""File patterns of Go: those of .dockerignore (moby/patternmatcher) and those of COPY (filepath.Match)."""

import re
from enum import Enum
from functools import lru_cache

from dockeropt.records import NamedTuple


class Kind(Enum):
    """How a .dockerignore pattern can be looked up."""

    PATH = "path"
    """equal to the path"""
    NAME = "name"
    """``**/name``: equal to the path's last part"""
    EXPRESSION = "expression"


class Parsed(NamedTuple):
    """A .dockerignore pattern as a regular expression of the whole path."""

    kind: Kind
    expression: str


class _Match(Enum):
    """The way patternmatcher takes a pattern, which is not always what the pattern seems to say."""

    EXACT = "exact"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    EXPRESSION = "expression"


_GO_CLASSES = "dDsSwWbB"
_GO_CONTROLS = "aftnrv"


@lru_cache(512)
def parse(pattern: str) -> Parsed | None:
    """Return a cleaned .dockerignore pattern as a regular expression, None where Docker refuses it.

    Follows Pattern.compile of moby/patternmatcher: ``**foo`` takes every path that ends in ``foo``,
    ``foo**`` every one that starts so; a backslash before a letter means what it does in an expression.
    """
    if compile_match(pattern) is None:
        return None
    match = _Match.EXACT
    parts: list[str] = []
    at = number = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if pattern.startswith("**", at - 1):
            at += 1 + pattern.startswith("/", at + 1)
            if at < len(pattern):
                parts.append("(?:.*/)?")
                match = _Match.EXPRESSION
            elif match is _Match.EXACT:
                match = _Match.PREFIX
            else:
                parts.append(".*")
                match = _Match.EXPRESSION
            if number == 0:
                match = _Match.SUFFIX
        elif character in "*?":
            parts.append("[^/]*" if character == "*" else "[^/]")
            match = _Match.EXPRESSION
        elif character == "\\":
            escaped = _escaped(pattern[at])
            if escaped is None:
                return None
            parts.append(escaped)
            match = _Match.EXPRESSION
            at += 1
        elif character == "[":
            end = _end_of_class(pattern, at)
            parts.append(_class(pattern[at:end]))
            match = _Match.EXPRESSION
            at = end + 1
        elif character == "^":
            parts.append("^")
        elif character == "]":
            parts.append(r"\]")
            match = _Match.EXPRESSION
        else:
            parts.append(re.escape(character))
        number += 1
    return _parsed(pattern, match, "".join(parts))


def _parsed(pattern: str, match: _Match, expression: str) -> Parsed:
    if match is _Match.EXACT:
        return Parsed(Kind.PATH, re.escape(pattern))
    if match is _Match.PREFIX:
        return Parsed(Kind.EXPRESSION, re.escape(pattern[:-2]) + ".*")
    if match is _Match.EXPRESSION:
        return Parsed(Kind.EXPRESSION, expression)
    suffix = pattern[2:]
    if not suffix.startswith("/"):
        return Parsed(Kind.EXPRESSION, ".*" + re.escape(suffix))
    kind = Kind.EXPRESSION if "/" in suffix[1:] else Kind.NAME
    return Parsed(kind, "(?:.*/)?" + re.escape(suffix[1:]))


def _escaped(character: str) -> str | None:
    r"""Return what ``\`` and a character mean in Go's expressions, None where Go refuses it."""
    if character in _GO_CLASSES:
        return f"(?a:\\{character})"
    if character in _GO_CONTROLS:
        return "\\" + character
    return None if character.isascii() and character.isalnum() else re.escape(character)


def can_match_below(pattern: str, folder: str) -> bool:
    """Tell whether a pattern can match some path below a folder; in doubt it can."""
    wanted = pattern.split("/")
    for number, name in enumerate(folder.split("/")):
        if number >= len(wanted) - 1:
            return number < len(wanted) and "**" in wanted[number]
        part = wanted[number]
        if "**" in part or "[" in part or "\\" in part:
            return True
        expression = compile_match(part)
        if expression is not None and not expression.fullmatch(name):
            return False
    return True


@lru_cache(512)
def compile_match(pattern: str) -> re.Pattern[str] | None:
    """Return the expression of a pattern as Go's filepath.Match reads it, None where it is malformed.

    ``*`` and ``?`` do not take ``/``; a class does.
    """
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            parts.append("[^/]*")
        elif character == "?":
            parts.append("[^/]")
        elif character == "\\":
            if at == len(pattern):
                return None
            parts.append(re.escape(pattern[at]))
            at += 1
        elif character == "[":
            end = _end_of_class(pattern, at)
            if end < 0:
                return None
            parts.append(_class(pattern[at:end]))
            at = end + 1
        else:
            parts.append(re.escape(character))
    return re.compile("".join(parts), re.DOTALL)


def has_wildcard(pattern: str) -> bool:
    """Tell whether COPY takes a source for a pattern: an unescaped ``*``, ``?`` or ``[``."""
    at = 0
    while at < len(pattern):
        if pattern[at] in "*?[":
            return True
        at += 2 if pattern[at] == "\\" else 1
    return False


def _end_of_class(pattern: str, at: int) -> int:
    """Return where the class that begins at ``at``, after its ``[``, ends; -1 where Go finds it malformed."""
    if pattern.startswith("^", at):
        at += 1
    start = at
    while True:
        if at < len(pattern) and pattern[at] == "]" and at > start:
            return at
        at = _end_of_member(pattern, at)
        if at >= 0 and pattern.startswith("-", at):
            at = _end_of_member(pattern, at + 1)
        if at < 0 or at >= len(pattern):
            return -1


def _end_of_member(pattern: str, at: int) -> int:
    """Return the offset after one character of a class, escaped or not; -1 where none may stand."""
    if at >= len(pattern) or pattern[at] in "-]":
        return -1
    if pattern[at] == "\\":
        at += 1
    return at + 1 if at < len(pattern) else -1


def _class(body: str) -> str:
    """Return a well-formed class as an expression; a range that runs backwards takes nothing."""
    negation = "^" if body.startswith("^") else ""
    members: list[str] = []
    at = len(negation)
    while at < len(body):
        at += body[at] == "\\"
        low = high = body[at]
        at += 1
        if body.startswith("-", at):
            at += 1 + (body[at + 1] == "\\")
            high = body[at]
            at += 1
        if low <= high:
            members.append(f"{re.escape(low)}-{re.escape(high)}")
    if not members:
        return r"[\s\S]" if negation else "(?!)"
    return f"[{negation}{''.join(members)}]"
