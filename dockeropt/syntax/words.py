"""Bodies of instructions, split into words as BuildKit splits them."""

import re
from collections.abc import Callable
from functools import cache, lru_cache, wraps
from typing import TypeVar

from dockeropt.syntax.characters import BLANK, SPACE
from dockeropt.syntax.json_form import read_strings
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.quoting import unquote
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Flag, Word

Words = TypeVar("Words")

_REMEMBERED = 256
"""bodies whose words are kept: who checks an instruction's arguments reads them after its view has"""
_LONGEST_REMEMBERED = 1_000
"""characters; what is kept of them takes some 300 bytes each at most"""

_BETWEEN_BLANKS = re.compile(rf"[^{BLANK}]+")
_NOT_BLANK = re.compile(r"[^\t\n\v\f\r ]")
_CUTTING_BYTES = (b"\x85", b"\xa0")


def remembered(read: Callable[[LogicalText, str], Words]) -> Callable[[LogicalText, str], Words]:
    """Return the function that reads a body, with what it has lately read of short ones at hand."""
    known = lru_cache(_REMEMBERED)(read)

    @wraps(read)
    def reading(body: LogicalText, escape: str) -> Words:
        return (known if len(body.text) <= _LONGEST_REMEMBERED else read)(body, escape)

    return reading


def word_at(text: LogicalText, start: int, end: int, escape: str) -> Word:
    """Return the word that stands between two offsets of a joined text."""
    raw = text.text[start:end]
    return Word(text.source_span(start, end), raw, unquote(raw, escape), '"' in raw or "'" in raw)


@remembered
def blank_separated(text: LogicalText, escape: str) -> tuple[Word, ...]:
    """Return the words of FROM, COPY, ADD, EXPOSE, VOLUME: split at white space, quoted or not."""
    return tuple([word_at(text, m.start(), m.end(), escape) for m in _BETWEEN_BLANKS.finditer(text.text)])


def quoted_words(text: str, escape: str) -> list[Span]:
    """Return where the words of ENV, LABEL and ARG stand: white space quoted or escaped is part of them."""
    return [Span(m.start(), m.end()) for m in _quoted_word(escape).finditer(text)]


def json_words(text: LogicalText) -> tuple[Word, ...] | None:
    """Return the strings of the JSON form as words, or None when the text is not in it."""
    strings = read_strings(text.text)
    if strings is None:
        return None
    return tuple(
        [Word(text.source_span(s.start, s.end), text.text[s.start : s.end], s.value, True) for s in strings]
    )


def read_flags(text: LogicalText, start: int, escape: str) -> tuple[tuple[Flag, ...], int]:
    """Return the flags that stand at ``start``, and where the arguments begin."""
    line, size = text.text, len(text.text)
    flags: list[Flag] = []
    while found := _NOT_BLANK.search(line, start):
        start = found.start()
        if not line.startswith("--", start):
            return tuple(flags), start
        match = _flag_word(escape).match(line, start)
        end = match.end() if match else size
        raw = line[start:end]
        if not raw.isascii():
            end = start + _until_cut(raw)
            raw = line[start:end]
        meaning = _without_quotes(raw, escape)
        if meaning == "--":
            return tuple(flags), end
        flags.append(_flag(text, start, end, meaning, escape))
        start = end
    return tuple(flags), size


def _flag(text: LogicalText, start: int, end: int, meaning: str, escape: str) -> Flag:
    raw = text.text[start:end]
    name, equals, value = meaning.partition("=")
    if not equals:
        return Flag(text.source_span(start, end), name[2:], None)
    at = raw.find("=") + 1
    return Flag(
        text.source_span(start, end),
        name[2:],
        Word(text.source_span(start + at, end), raw[at:], value, '"' in raw or "'" in raw),
    )


def _without_quotes(raw: str, escape: str) -> str:
    """Return a flag's meaning: every escape counts there, in single quotes too."""
    if '"' not in raw and "'" not in raw and escape not in raw:
        return raw
    parts: list[str] = []
    quote = ""
    at, size = 0, len(raw)
    while at < size:
        mark = raw[at]
        if mark == escape:
            at += 1
            parts.append(raw[at : at + 1])
            quote = quote if at < size else ""
        elif quote:
            if mark == quote:
                quote = ""
            else:
                parts.append(mark)
        elif mark in "'\"":
            quote = mark
        else:
            parts.append(mark)
        at += 1
    return "".join(parts)


def _until_cut(raw: str) -> int:
    """Return the length of a flag that is not ASCII.

    BuildKit reads flags byte by byte, and takes the bytes 0x85 and 0xA0 for white space wherever
    they turn up: ``à`` ends a flag (``split_command.go``).
    """
    quote = ""
    for at, character in enumerate(raw):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character > "\x7f":
            encoded = character.encode(
                "utf-8", "surrogateescape" if "\udc80" <= character <= "\udcff" else "replace"
            )
            if any(byte in encoded for byte in _CUTTING_BYTES):
                return at + 1
    return len(raw)


@cache
def _quoted_word(escape: str) -> re.Pattern[str]:
    e = re.escape(escape)
    double = rf'"(?:[^"{e}]++|{e}.)*+(?:"|(?={e}?\Z))'
    return re.compile(rf"(?:[^{SPACE}'\"{e}]++|{e}.|{double}|'[^']*+(?:'|\Z))++", re.DOTALL)


@cache
def _flag_word(escape: str) -> re.Pattern[str]:
    e = re.escape(escape)
    double = rf'"(?:[^"{e}]++|{e}.)*+(?:"|{e}?\Z)'
    single = rf"'(?:[^'{e}]++|{e}.)*+(?:'|{e}?\Z)"
    return re.compile(rf"(?:[^\t\n\v\f\r '\"{e}]++|{e}(?:.|\Z)|{double}|{single})++", re.DOTALL)
