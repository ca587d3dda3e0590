"""Removal of quotes: what a word means, and its text as a script of its own."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from dockeropt.syntax.lines import LogicalText, Piece

Range = tuple[int, int]
"""start and end in logical text"""

_PLAIN, _HOLE, _ANSI = range(3)
_QUOTING = re.compile(r"""\$?['"]|\\(?s:.)""")
_IN_DOUBLE = re.compile(r"""\\[$`"\\\n]|\"""")
_ANSI_STRING = r"(?:[^'\\]|\\(?s:.))*+"
_ANSI_ESCAPE = r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|((?s:.)))"
_ANSI_LETTERS = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip


def meaning(text: str, start: int, end: int, holes: Sequence[Range]) -> str:
    """Return a word without its quotes and escapes.

    The ``holes`` are its substitutions and ``${…}``: they stay as they are, quotes and all.
    """
    first = text[start]
    if end - start > 1 and first == text[end - 1]:
        inner = text[start + 1 : end - 1]
        if (first == '"' and '"' not in inner and "\\" not in inner) or (first == "'" and "'" not in inner):
            return inner
    return "".join(
        [
            re.sub(_ANSI_ESCAPE, _unescaped, text[low:high]) if kind == _ANSI else text[low:high]
            for kind, low, high in _segments(text, start, end, holes)
        ]
    )


def inner_script(text: LogicalText, start: int, end: int, holes: Sequence[Range]) -> LogicalText | None:
    """Return what a shell is given by ``sh -c WORD``, knowing its way back to the source.

    Substitutions in the word are run by the outer shell: only their brackets are kept, so that nobody reads
    them twice. None for an escape of ``$'…'`` that stands for another character than is written there.
    """
    ranges: list[Range] = []
    joined = text.text
    for kind, low, high in _segments(joined, start, end, holes):
        if kind == _PLAIN:
            ranges.append((low, high))
        elif kind == _HOLE:
            ranges.extend(_brackets(joined, low, high))
        else:
            for escape in re.compile(_ANSI_ESCAPE).finditer(joined, low, high):
                if escape[5] is None or escape[5] not in "\\'\"?":
                    return None
                ranges.append((low, escape.start()))
                low = escape.end() - 1
            ranges.append((low, high))
    return part(text, ranges)


def part(text: LogicalText, ranges: Iterable[Range]) -> LogicalText:
    """Return these ranges of a text joined, in time that does not depend on the whole text's length."""
    known = text.pieces
    pieces: list[Piece] = []
    strings: list[str] = []
    at = 0
    for start, end in ranges:
        if start >= end:
            continue
        strings.append(text.text[start:end])
        number = bisect_right(known, start, key=_logical) - 1
        while start < end:
            logical, source, length = known[number]
            stop = min(end, logical + length)
            pieces.append(Piece(at, source + start - logical, stop - start))
            at += stop - start
            start = stop
            number += 1
    return LogicalText("".join(strings), tuple(pieces))


def _segments(text: str, start: int, end: int, holes: Sequence[Range]) -> Iterator[tuple[int, int, int]]:
    """Yield kind, start and end of what is left of a word when its quotes are removed."""
    waiting = iter(holes)
    hole = next(waiting, (end, end))
    at = start
    pattern = _QUOTING
    while at < end:
        if at == hole[0]:
            yield _HOLE, at, hole[1]
            at = hole[1]
            hole = next(waiting, (end, end))
            continue
        mark = pattern.search(text, at, hole[0])
        if mark is None:
            yield _PLAIN, at, hole[0]
            at = hole[0]
            continue
        if mark.start() > at:
            yield _PLAIN, at, mark.start()
        at = mark.end()
        sign = mark[0]
        if sign[0] == "\\":
            if sign[1] != "\n":
                yield _PLAIN, at - 1, at
        elif sign[-1] == '"':
            pattern = _QUOTING if pattern is _IN_DOUBLE else _IN_DOUBLE
        elif sign == "'":
            close = text.find("'", at, end)
            close = end if close < 0 else close
            yield _PLAIN, at, close
            at = close + 1
        else:
            string = re.compile(_ANSI_STRING).match(text, at, end)
            close = string.end() if string else end
            yield _ANSI, at, close
            at = close + 1


def _brackets(text: str, start: int, end: int) -> tuple[Range, ...]:
    inner = text[start + 1 : end]
    if text[start] == "$" and inner[:1] == "{" and "(" not in inner and "`" not in inner:
        return ((start, end),)
    closing = 2 if text.startswith("$((", start) and text.endswith("))", start, end) else 1
    opening = 3 if closing == 2 else (1 if text[start] == "`" else 2)
    return ((start, min(start + opening, end)), (max(end - closing, start + opening), end))


def _unescaped(escape: re.Match[str]) -> str:
    letter = escape[5]
    if letter is not None:
        return _ANSI_LETTERS.get(letter, escape[0])
    code = int(escape[1], 8) & 0xFF if escape[1] else int(escape[2] or escape[3] or escape[4], 16)
    # A surrogate is no character, and could not be printed.
    return chr(code) if code < 0xD800 or 0xDFFF < code <= 0x10FFFF else escape[0]


def _logical(piece: Piece) -> int:
    return piece.logical
