"""Reading literals out of a configuration written in JavaScript or TypeScript, without running it."""

import re
from collections.abc import Mapping
from enum import Enum

_ENTRY = re.compile(
    r"define\w*Config\s*(?:<[^>]*>)?\s*\(\s*(?:\(\s*\)\s*=>\s*\(\s*)?(?=\{)|export\s+default\s+(?=\{)|module\.exports\s*=\s*(?=\{)"
)
_INDIRECT = re.compile(
    r"(?:export\s+default\s+|define\w*Config\s*\(\s*)([A-Za-z_$][\w$]*)\s*(?=[);\n]|$|as\b|satisfies\b)"
)
_KEY = re.compile(
    r"""\s*(?:(?:async|get|set)\s+)?(?:([A-Za-z_$][\w$]*)|'([^'\\\n]*)'|"([^"\\\n]*)")\s*(?=[:,(}])"""
)
_LITERAL = re.compile(
    r"""\s*(?:'([^'\\]*)'|"([^"\\]*)"|`([^`\\$]*)`|(true|false)|(-?\d+))\s*(?:(?:as|satisfies)\b.*)?\s*$""",
    re.DOTALL,
)
_REGEX_AFTER = set("(,=:[!&|?{};+-*%<>~^") | {""}
_OPENING, _CLOSING = "([{", ")]}"


class Computed(Enum):
    """Stands for a value that only running the file would tell."""

    VALUE = "computed"


Literal = str | bool | int | Computed


def read_config(text: str) -> Mapping[str, Literal] | None:
    """Return the literals of the exported object by dotted path (``nitro.preset``), None if none is found.

    What is no literal is ``Computed.VALUE``. Nothing is run, nothing is raised, whatever the text.
    """
    plain = _without_comments(text)
    entry = _ENTRY.search(plain)
    start = entry.end() if entry else _indirect_start(plain)
    if start is None or not plain.startswith("{", start):
        return None
    found: dict[str, Literal] = {}
    _read_object(plain, start, "", found)
    return found


def _indirect_start(plain: str) -> int | None:
    """Return where the object of ``const config = {…}; export default config`` starts."""
    name = _INDIRECT.search(plain)
    if name is None:
        return None
    value = re.search(
        rf"\b(?:const|let|var)\s+{re.escape(name[1])}\b[^=\n]*=\s*(?:define\w*Config\s*\(\s*)?(?=\{{)", plain
    )
    return value.end() if value else None


def _read_object(text: str, start: int, prefix: str, found: dict[str, Literal]) -> int:
    """Read the object that opens at ``start`` into ``found`` and return the offset after it."""
    at = start + 1
    while at < len(text):
        at = _skip_blanks(text, at)
        if at >= len(text) or text[at] in _CLOSING:
            return at + 1
        key = _KEY.match(text, at)
        if key is None or text[key.end() : key.end() + 1] != ":":
            # a spread, a computed key, a method or a shorthand property: no literal here
            if key is not None:
                found[prefix + next(filter(None, key.groups()), "")] = Computed.VALUE
            at = _value_end(text, at)
        else:
            path = prefix + next((group for group in key.groups() if group is not None), "")
            value_start = _skip_blanks(text, key.end() + 1)
            end = _value_end(text, value_start)
            if text.startswith("{", value_start):
                _read_object(text, value_start, path + ".", found)
            else:
                found[path] = _literal(text[value_start:end])
            at = end
        if text.startswith(",", at):
            at += 1
    return at


def _literal(text: str) -> Literal:
    match = _LITERAL.match(text)
    if match is None:
        return Computed.VALUE
    single, double, template, truth, number = match.groups()
    if truth:
        return truth == "true"
    if number:
        return int(number)
    return next(group for group in (single, double, template) if group is not None)


def _skip_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _value_end(text: str, at: int) -> int:
    """Return where the value that starts at ``at`` ends: at a comma or a closing bracket of its own level."""
    depth, last = 0, ""
    while at < len(text):
        character = text[at]
        if character in "'\"`":
            at, last = _skip_string(text, at), character
            continue
        if character == "/" and last in _REGEX_AFTER:
            at, last = _skip_regex(text, at), "/"
            continue
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            if depth == 0:
                return at
            depth -= 1
        elif character == "," and depth == 0:
            return at
        if not character.isspace():
            last = character
        at += 1
    return at


def _skip_string(text: str, at: int) -> int:
    quote, at = text[at], at + 1
    while at < len(text) and text[at] != quote:
        if text[at] == "\\":
            at += 2
        elif quote == "`" and text.startswith("${", at):
            at = _value_end(text, at + 2)
            while at < len(text) and text[at] == ",":
                at = _value_end(text, at + 1)
            at += 1
        elif text[at] == "\n" and quote != "`":
            return at
        else:
            at += 1
    return at + 1


def _skip_regex(text: str, at: int) -> int:
    end, in_class = at + 1, False
    while end < len(text) and text[end] != "\n":
        if text[end] == "\\":
            end += 1
        elif text[end] == "[":
            in_class = True
        elif text[end] == "]":
            in_class = False
        elif text[end] == "/" and not in_class:
            return end + 1
        end += 1
    return at + 1  # a division after all


def _without_comments(text: str) -> str:
    parts: list[str] = []
    at, kept, last = 0, 0, ""
    while at < len(text):
        character = text[at]
        if character in "'\"`":
            at, last = _skip_string(text, at), character
        elif text.startswith(("//", "/*"), at):
            parts.append(text[kept:at])
            end = text.find("\n", at) if text[at + 1] == "/" else text.find("*/", at + 2)
            at = kept = len(text) if end < 0 else end + (0 if text[at + 1] == "/" else 2)
        elif character == "/" and last in _REGEX_AFTER:
            at, last = _skip_regex(text, at), "/"
        else:
            if not character.isspace():
                last = character
            at += 1
    parts.append(text[kept:])
    return "".join(parts)
