"""Quotes, escapes and ``${}`` as BuildKit's word processor takes them (its ``shell/lex.go``)."""

import re
from functools import cache

_HEAD = r"\$\{(?![{}:])(?:[@*#?$!0-]|\d+|(?!\d)\w+|)"
_SUBSTITUTION = rf"{_HEAD}(?s:(\}})|:[^#%]|[-+?#%]|(/)/?)"
_UNKNOWN_MODIFIER = rf"{_HEAD}:[^-+?]"


def unquote(raw: str, escape: str) -> str:
    """Return what a word means: without quotes and escapes, variables as they are.

    A quote that is never closed is dropped, and what follows it is taken as it is. Behind a variable that
    BuildKit could not read, and so refuses the word, no other is looked for: a thousand that are never
    closed would each be followed to the end.
    """
    if '"' not in raw and "'" not in raw and escape not in raw:
        return raw
    outside, inside = _specials(escape)
    parts: list[str] = []
    in_quotes = is_refused = False
    at, end = 0, len(raw)
    while found := (inside if in_quotes else outside).search(raw, at):
        start = found.start()
        parts.append(raw[at:start])
        mark = raw[start]
        at = start + 1
        if mark == '"':
            in_quotes = not in_quotes
        elif mark == "'":
            closing = raw.find("'", at)
            stop = closing if closing >= 0 else end
            parts.append(raw[at:stop])
            at = stop + 1
        elif mark == escape:
            if in_quotes and at < end and raw[at] not in ('"', "$", escape):
                parts.append(mark)
            else:
                parts.append(raw[at : at + 1])
                at += 1
        elif mark == "$" and not is_refused:
            stop = skip_dollar(raw, start, escape)
            is_refused = stop < 0
            at = at if is_refused else stop
            parts.append(raw[start:at])
        else:
            parts.append(mark)
    parts.append(raw[at:])
    return "".join(parts)


def fault(raw: str, escape: str) -> str | None:
    """Return what BuildKit could not read in a word whose variables it replaces, or None.

    That is the quote that is never closed, or the text from a ``${`` that is none it knows.
    """
    if "$" not in raw and "'" not in raw and '"' not in raw:
        return None
    outside, _ = _specials(escape)
    at = 0
    while found := outside.search(raw, at):
        start = found.start()
        mark = raw[start]
        if mark in "'\"":
            at = skip_quoted(raw, start, escape)
        elif mark == "$":
            is_unknown = re.compile(_UNKNOWN_MODIFIER).match(raw, start) is not None
            at = -1 if is_unknown else skip_dollar(raw, start, escape)
        else:
            at = start + (2 if mark == escape else 1)
        if at < 0:
            return raw[start:] if mark == "$" else mark
    return None


def skip_quoted(text: str, start: int, escape: str) -> int:
    """Return where the quoted stretch that starts here ends, or -1 when its quote is never closed."""
    if text[start] == "'":
        return text.find("'", start + 1) + 1 or -1
    return _skip(text, start + 1, ['"'], escape)


def skip_dollar(text: str, start: int, escape: str) -> int:
    """Return where the variable that starts with this ``$`` ends, or -1 when BuildKit could not read it."""
    if not text.startswith("${", start):
        # "$$" is a variable of its own: the second dollar does not open "${".
        return start + (2 if text.startswith("$$", start) else 1)
    closers: list[str] = []
    at = _open(text, start, closers)
    return _skip(text, at, closers, escape) if closers else at


def _open(text: str, start: int, closers: list[str]) -> int:
    """Read the head of ``${name…`` and note what closes it; -1 when it is none BuildKit knows."""
    found = re.compile(_SUBSTITUTION).match(text, start)
    if found is None:
        return -1
    if found[2]:
        closers += ("}", "/")
    elif not found[1]:
        closers.append("}")
    return found.end()


def _skip(text: str, at: int, closers: list[str], escape: str) -> int:
    """Return the end of the last of the closers, or -1; a list, since input may nest without end."""
    outside, inside = _specials(escape)
    while closers:
        closer = closers[-1]
        found = (inside if closer == '"' else outside).search(text, at)
        if found is None:
            return -1
        start = found.start()
        mark = text[start]
        at = start + 1
        if mark == closer:
            closers.pop()
        elif mark == '"':
            closers.append(mark)
        elif mark == "'":
            at = text.find("'", at) + 1
        elif mark == escape:
            if closer != '"' or text[at : at + 1] in ('"', "$", escape):
                at += 1
        elif mark == "$":
            if text.startswith("{", at):
                at = _open(text, start, closers)
            elif text.startswith("$", at):
                at += 1
        if at <= 0:
            return -1
    return at


@cache
def _specials(escape: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what has a meaning outside and inside double quotes."""
    escaped = re.escape(escape)
    return re.compile(rf"['\"$}}/{escaped}]"), re.compile(rf"[\"${escaped}]")
