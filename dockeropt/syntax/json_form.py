"""The JSON form of arguments: ``["program", "argument"]``, as Go's ``encoding/json`` reads it."""

import re
from functools import cache

from dockeropt.records import NamedTuple

_STRING = r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"'
_GAP = r"[ \t\r\n]*+"
_STRINGS = re.compile(rf"\[{_GAP}(?:{_STRING}{_GAP}(?:,{_GAP}{_STRING}{_GAP})*+)?\]")
_ONE_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"')
_ESCAPE = r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))"
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SCALAR = rf"{_STRING}|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?|true|false|null"
_DEEPEST = 10_000
"""how deep Go's decoder goes before it gives up"""


class JsonString(NamedTuple):
    """A string of the array: where it stands in the text, quotes included, and what it says."""

    start: int
    end: int
    value: str


def read_strings(text: str) -> tuple[JsonString, ...] | None:
    """Return the strings of a JSON array, or None when the text is anything else.

    The text has no white space around it. BuildKit 1.10 and later want the array to be all of it;
    what went before took ``["a"] b`` for an array too.
    """
    if not text.startswith("[") or _STRINGS.fullmatch(text) is None:
        return None
    return tuple(
        [JsonString(m.start(), m.end(), _decode(m.group()[1:-1])) for m in _ONE_STRING.finditer(text)]
    )


def is_other_array(text: str) -> bool:
    """Tell whether the text is a JSON array with something else than strings in it: BuildKit refuses it."""
    if not text.startswith("[") or _STRINGS.fullmatch(text) is not None:
        return False
    grammar = _grammar()
    opened: list[str] = []
    expected = grammar.value
    at = 0
    while found := expected.match(text, at):
        at = found.end()
        mark = found[1]
        if mark in ("[", "{"):
            opened.append(mark)
            expected = grammar.first_value if mark == "[" else grammar.first_key
        elif mark == ",":
            expected = grammar.value if opened[-1] == "[" else grammar.key
        elif mark[-1] == ":":
            expected = grammar.value
        else:
            if mark in ("]", "}"):
                opened.pop()
            if not opened:
                return at == len(text)
            expected = grammar.after_item if opened[-1] == "[" else grammar.after_member
        if len(opened) > _DEEPEST:
            return False
    return False


class _Grammar(NamedTuple):
    """What may come next in a JSON text."""

    value: re.Pattern[str]
    first_value: re.Pattern[str]
    key: re.Pattern[str]
    first_key: re.Pattern[str]
    after_item: re.Pattern[str]
    after_member: re.Pattern[str]


@cache
def _grammar() -> _Grammar:
    """Return the grammar; few files need it, and compiling it takes longer than reading one."""
    return _Grammar(
        re.compile(rf"{_GAP}({_SCALAR}|[\[{{])"),
        re.compile(rf"{_GAP}({_SCALAR}|[\[{{\]])"),
        re.compile(rf"{_GAP}({_STRING}{_GAP}:)"),
        re.compile(rf"{_GAP}({_STRING}{_GAP}:|}})"),
        re.compile(rf"{_GAP}([,\]])"),
        re.compile(rf"{_GAP}([,}}])"),
    )


def _decode(text: str) -> str:
    return re.sub(_ESCAPE, _unescape, text) if "\\" in text else text


def _unescape(found: re.Match[str]) -> str:
    high, low, code, letter = found.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    if code:
        point = int(code, 16)
        return "\ufffd" if 0xD800 <= point <= 0xDFFF else chr(point)
    return _LETTERS.get(letter, letter)
