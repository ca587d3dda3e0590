"""Shell patterns of ``${V#p}``, ``${V%p}`` and ``${V/p/r}``: ``*``, ``?`` and ``\\``."""

import re
from enum import Enum

_LONGEST_SEARCHED = 4096
"""a value longer than this is searched for plain text only: a wildcard costs its length squared"""


class _Any(Enum):
    """A pattern's wildcards; neither takes a line end, since BuildKit makes them ``.*`` and ``.``."""

    ONE = "?"
    MANY = "*"


_Token = str | _Any


def remove_prefix(pattern: str, value: str, is_longest: bool) -> str | None:
    """Return the value without what the pattern matches at its start, None where the pattern is wrong."""
    tokens = _tokens(pattern)
    if tokens is None:
        return None
    ends = _ends(tokens, value, 0)
    if not ends:
        return value
    return value[max(ends) if is_longest else min(ends) :]


def remove_suffix(pattern: str, value: str, is_longest: bool) -> str | None:
    """Return the value without what the pattern matches at its end, None where the pattern is wrong."""
    tokens = _tokens(pattern)
    if tokens is None:
        return None
    ends = _ends(tokens[::-1], value[::-1], 0)
    if not ends:
        return value
    return value[: len(value) - (max(ends) if is_longest else min(ends))]


def replace(pattern: str, replacement: str, value: str, is_every: bool) -> str | None:
    """Return the value with the first or every longest match replaced, None where the pattern is wrong."""
    tokens = _tokens(pattern)
    if tokens is None or (len(value) > _LONGEST_SEARCHED and not all(isinstance(t, str) for t in tokens)):
        return None
    if is_every:
        replacement = re.sub(r"\$(\$|\w+|\{\w+\})", _go_template, replacement)
    parts: list[str] = []
    at = last = 0
    found = -1
    while at <= len(value):
        ends = _ends(tokens, value, at)
        end = max(ends) if ends else -1
        if end < 0 or (end == at == found):
            at += 1
            continue
        parts += (value[last:at], replacement)
        last = found = end
        if not is_every:
            break
        at = end if end > at else at + 1
    parts.append(value[last:])
    return "".join(parts)


def _go_template(reference: re.Match[str]) -> str:
    """Return what Go's ReplaceAllString makes of ``$name``: nothing, since the pattern has no groups."""
    return "$" if reference.group(1) == "$" else ""


def _tokens(pattern: str) -> list[_Token] | None:
    """Return a pattern's tokens; None for an escape before anything but ``* ? \\ } /``."""
    tokens: list[_Token] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "*":
            if not tokens or tokens[-1] is not _Any.MANY:
                tokens.append(_Any.MANY)
        elif character == "?":
            tokens.append(_Any.ONE)
        elif character == "\\":
            at += 1
            escaped = pattern[at : at + 1]
            if not escaped or escaped not in "*?\\}/":
                return None
            tokens.append(escaped)
        else:
            tokens.append(character)
        at += 1
    return tokens


def _ends(tokens: list[_Token], value: str, start: int) -> set[int]:
    """Return every offset at which a match that begins at ``start`` can end."""
    size = len(value)
    ends = {start}
    for token in tokens:
        if token is _Any.MANY:
            reached: set[int] = set()
            for end in sorted(ends):
                while end not in reached:
                    reached.add(end)
                    if end == size or value[end] == "\n":
                        break
                    end += 1
            ends = reached
        elif token is _Any.ONE:
            ends = {end + 1 for end in ends if end < size and value[end] != "\n"}
        else:
            ends = {end + 1 for end in ends if end < size and value[end] == token}
        if not ends:
            break
    return ends
