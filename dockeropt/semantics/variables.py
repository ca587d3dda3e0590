"""Variables in the words of a Dockerfile, expanded as BuildKit does (frontend/dockerfile/shell/lex.go)."""

import re
from collections.abc import Callable
from functools import lru_cache

from dockeropt.records import NamedTuple
from dockeropt.semantics.globs import remove_prefix, remove_suffix, replace

Lookup = Callable[[str], str | None]
"""gives a variable's value, None where it is not set"""

_DEEPEST = 50
"""how far ``${a:-${b:-…}}`` may nest before it is reported instead of read"""
_LONGEST = 8192
"""characters that the variables of one word may bring; ``ENV V=$V$V`` on 40 lines would fill any memory"""
_SPACES = frozenset("\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | frozenset(
    map(chr, range(0x2000, 0x200B))
)
_SPECIAL = frozenset("@*#?-$!0")


class Expansion(NamedTuple):
    """What a text becomes, and what that rests on."""

    text: str
    used: tuple[str, ...]
    """names of all variables in it, in order, each once"""
    unset: tuple[str, ...]
    """names without a value where one is needed: not those of ``${V:-word}`` and ``${V:+word}``"""
    problem: str | None
    """why BuildKit refuses the text, which is then left as it is"""


def expand(text: str, lookup: Lookup, escape: str = "\\") -> str:
    """Return a word with its variables replaced and its quotes and escapes removed; unset ones are empty.

    A text that BuildKit refuses (``expansion`` says why) comes back unchanged.
    """
    return expansion(text, lookup, escape).text


def expand_words(text: str, lookup: Lookup, escape: str = "\\") -> tuple[str, ...]:
    """Return the words of an expanded text, split at blanks outside quotes after expansion, as EXPOSE is."""
    reader = _Reader(text, lookup, escape, False, True)
    try:
        pieces = reader.read(None, False)
    except _RefusedError:
        return (text,)
    words: list[str] = []
    word: list[str] = []
    for piece, is_split in pieces:
        if not is_split:
            word.append(piece)
            continue
        for character in piece:
            if character not in _SPACES:
                word.append(character)
            elif any(word):
                words.append("".join(word))
                word = []
    if any(word):
        words.append("".join(word))
    return tuple(words)


def expansion(
    text: str, lookup: Lookup, escape: str = "\\", keeps_unset: bool = False, reads_quotes: bool = True
) -> Expansion:
    """Return an expanded word and what it rests on.

    With ``keeps_unset`` a variable that needs a value and has none stays as written. Without
    ``reads_quotes`` quotes are ordinary characters, as in the body of a COPY here-document.
    """
    if not _is_special(text, escape):
        return Expansion(text, (), (), None)
    reader = _Reader(text, lookup, escape, keeps_unset, reads_quotes)
    problem = None
    try:
        expanded = "".join([piece for piece, _ in reader.read(None, False)])
    except _RefusedError as refused:
        expanded, problem = text, str(refused)
    return Expansion(expanded, tuple(reader.used), tuple(reader.unset), problem)


def names_used(text: str, escape: str = "\\") -> tuple[str, ...]:
    """Return the names of the variables a word refers to, those in defaults included, each once, in order."""
    return expansion(text, _nothing, escape).used if "$" in text else ()


def _nothing(name: str) -> str | None:
    del name
    return None


class _RefusedError(Exception):
    """BuildKit stops at this text."""


class _Reader:
    """Reads one text from left to right; ``used`` and ``unset`` are dictionaries for their order."""

    __slots__ = (
        "at",
        "depth",
        "escape",
        "keeps_unset",
        "lookup",
        "ordinary",
        "reads_quotes",
        "size",
        "text",
        "unset",
        "used",
    )

    def __init__(self, text: str, lookup: Lookup, escape: str, keeps_unset: bool, reads_quotes: bool) -> None:
        self.text = text
        self.lookup = lookup
        self.escape = escape
        self.keeps_unset = keeps_unset
        self.reads_quotes = reads_quotes
        self.ordinary = _ordinary(escape)
        self.at = 0
        self.depth = 0
        self.size = 0
        self.used: dict[str, None] = {}
        self.unset: dict[str, None] = {}

    def read(self, stop: str | None, keeps_escapes: bool) -> list[tuple[str, bool]]:
        """Return the pieces up to ``stop``, which is consumed, each with whether blanks in it split words."""
        text, pieces = self.text, list[tuple[str, bool]]()
        while self.at < len(text):
            character = text[self.at]
            if character == stop:
                self.at += 1
                return pieces
            if character == "$":
                pieces.append((self._dollar(), True))
            elif character == "'" and self.reads_quotes:
                pieces.append((self._single(), False))
            elif character == '"' and self.reads_quotes:
                pieces.append((self._double(keeps_escapes), False))
            elif character == self.escape:
                if keeps_escapes:
                    pieces.append((character, False))
                pieces.append((text[self.at + 1 : self.at + 2], False))
                self.at += 2
            else:
                end = self._end_of_ordinary(stop)
                pieces.append((text[self.at : end], True))
                self.at = end
        if stop is not None:
            raise _RefusedError(f"missing '{stop}'")
        return pieces

    def _end_of_ordinary(self, stop: str | None) -> int:
        found = self.ordinary.search(self.text, self.at + 1)
        end = found.start() if found else len(self.text)
        if stop is None:
            return end
        stopped = self.text.find(stop, self.at, end)
        return end if stopped < 0 else stopped

    def _single(self) -> str:
        start = self.at + 1
        end = self.text.find("'", start)
        if end < 0:
            raise _RefusedError("unterminated single quote")
        self.at = end + 1
        return self.text[start:end]

    def _double(self, keeps_escapes: bool) -> str:
        text, parts = self.text, list[str]()
        self.at += 1
        while self.at < len(text):
            character = text[self.at]
            if character == '"':
                self.at += 1
                return "".join(parts)
            if character == "$":
                parts.append(self._dollar())
            elif character == self.escape:
                self._escaped_in_double(parts, keeps_escapes)
            else:
                found = self.ordinary.search(text, self.at + 1)
                end = found.start() if found else len(text)
                parts.append(text[self.at : end])
                self.at = end
        raise _RefusedError("unterminated double quote")

    def _escaped_in_double(self, parts: list[str], keeps_escapes: bool) -> None:
        """Read an escape in double quotes: it escapes ``"``, ``$`` and itself, else it stands for itself."""
        if keeps_escapes:
            parts.append(self.escape)
        following = self.text[self.at + 1 : self.at + 2]
        if following and following in ('"', "$", self.escape):
            parts.append(following)
            self.at += 2
            return
        if following:
            parts.append(self.escape)
        self.at += 1

    def _dollar(self) -> str:
        start = self.at
        self.at += 1
        if not self.text.startswith("{", self.at):
            name = self._name()
            return self._value(name, start) if name else "$"
        self.at += 1
        following = self.text[self.at : self.at + 1]
        if not following:
            raise _RefusedError("missing '}'")
        if following in "{}:":
            raise _RefusedError("bad substitution")
        name = self._name()
        operator = self.text[self.at : self.at + 1]
        self.at += 1
        if not operator:
            raise _RefusedError("missing '}'")
        if operator == "}":
            return self._value(name, start)
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _RefusedError(f"substitutions nested more than {_DEEPEST} deep")
        result = self._replaced(name, start) if operator == "/" else self._modified(name, operator, start)
        self.depth -= 1
        return result

    def _name(self) -> str:
        text, start = self.text, self.at
        first = text[start : start + 1]
        end = start
        if first.isdecimal():
            while text[end : end + 1].isdecimal():
                end += 1
        elif first and first in _SPECIAL:
            end += 1
        else:
            while end < len(text) and (text[end] == "_" or text[end].isalpha() or text[end].isdecimal()):
                end += 1
        self.at = end
        return text[start:end]

    def _get(self, name: str) -> str | None:
        self.used[name] = None
        value = self.lookup(name)
        if value is not None:
            self.size += len(value)
            if self.size > _LONGEST:
                raise _RefusedError(f"its variables hold more than {_LONGEST} characters")
        return value

    def _value(self, name: str, start: int) -> str:
        """Return the variable's value; where it has none the text written for it, or nothing."""
        value = self._get(name)
        return self._without(name, start) if value is None else value

    def _without(self, name: str, start: int) -> str:
        self.unset[name] = None
        return self.text[start : self.at] if self.keeps_unset else ""

    def _modified(self, name: str, operator: str, start: int) -> str:
        """Return the value of ``${V:-w}`` and the other forms with a word."""
        empty_is_unset = operator == ":"
        if empty_is_unset:
            operator = self.text[self.at : self.at + 1]
            self.at += 1
        if not operator or operator not in ("-+?" if empty_is_unset else "-+?#%"):
            raise _RefusedError(f"unsupported modifier ({':' * empty_is_unset}{operator}) in substitution")
        word = "".join([piece for piece, _ in self.read("}", operator in "#%")])
        value = self._get(name)
        is_missing = value is None or (empty_is_unset and not value)
        if operator == "+":
            return "" if is_missing else word
        if operator == "-":
            return word if is_missing or value is None else value
        if operator == "?" and is_missing and not (value is None and self.keeps_unset):
            raise _RefusedError(
                f"{name}: {word or 'is not allowed to be ' + ('empty' if value == '' else 'unset')}"
            )
        if value is None:
            return self._without(name, start)
        if operator == "?":
            return value
        is_longest = word.startswith(operator)
        cut = remove_prefix if operator == "#" else remove_suffix
        return self._matched(cut(word[is_longest:], value, is_longest), word)

    def _replaced(self, name: str, start: int) -> str:
        """Return the value of ``${V/pattern/replacement}``, the pattern's escapes kept for the matcher."""
        is_every = self.text.startswith("/", self.at)
        self.at += is_every
        pattern = "".join([piece for piece, _ in self.read("/", True)])
        replacement = "".join([piece for piece, _ in self.read("}", True)])
        value = self._get(name)
        if value is None:
            return self._without(name, start)
        return self._matched(replace(pattern, replacement, value, is_every), pattern)

    def _matched(self, result: str | None, pattern: str) -> str:
        if result is None:
            raise _RefusedError(f"invalid pattern ({pattern}) in substitution")
        return result


@lru_cache(4)
def _ordinary(escape: str) -> re.Pattern[str]:
    """Return what finds the next character that is not taken as it is."""
    return re.compile("[$'\"" + re.escape(escape) + "]")


def _is_special(text: str, escape: str) -> bool:
    return "$" in text or '"' in text or "'" in text or escape in text
