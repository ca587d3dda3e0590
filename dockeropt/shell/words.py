"""Words of a script, with what is nested in them: quotes, substitutions, parameters, arithmetic."""

from bisect import bisect_right

from dockeropt.shell import lexer, quoting
from dockeropt.shell.parentheses import match_parentheses
from dockeropt.shell.quoting import Range
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Word

MOST_NESTED = 32
"""Substitutions in substitutions that are read; deeper ones are left unread and the script incomplete.

Every word holds its own text, so that the bound also keeps memory linear.
"""
_new = tuple.__new__
"""makes a named tuple in half the time of calling its class, for the words of which a script is full"""


class WordReader:
    """Reads words at offsets of a text; ``read_list`` of the reader takes care of the commands in them."""

    __slots__ = (
        "_bounds",
        "_closes",
        "_deltas",
        "_holes",
        "end",
        "is_complete",
        "logical",
        "nesting",
        "quoted",
        "text",
    )

    def __init__(self, logical: LogicalText, nesting: int) -> None:
        self.logical = logical
        self.text = logical.text
        self.nesting = nesting
        self.is_complete = True
        self.quoted: dict[Span, tuple[int, int, list[Range]]] = {}
        """logical place and substitutions of the words whose meaning is not their text"""
        self.end = len(logical.text)
        self._holes: list[Range] = []
        self._closes: dict[int, int] | None = None
        self._bounds = [piece.logical for piece in logical.pieces]
        self._deltas = [piece.source - piece.logical for piece in logical.pieces]

    def read_list(self, at: int, depth: int, closer: str) -> int:
        """Read commands up to a substitution's closing parenthesis; return the offset after it."""
        raise NotImplementedError

    def read_part(self, ranges: list[Range], depth: int, only_expansions: bool = False) -> None:
        """Read a part of the script that is a script of its own, or a text with substitutions in it."""
        raise NotImplementedError

    def span(self, start: int, end: int) -> Span:
        """Return the source span of a logical range that is not empty."""
        bounds = self._bounds
        number = bisect_right(bounds, start)
        delta = self._deltas[number - 1]
        if number < len(bounds) and end > bounds[number]:
            return Span(start + delta, end + self._deltas[bisect_right(bounds, end - 1) - 1])
        return _new(Span, (start + delta, end + delta))

    def piece(self, at: int) -> tuple[int, int]:
        """Return what to add to the offsets of the piece around ``at``, and where it ends."""
        bounds = self._bounds
        number = bisect_right(bounds, at)
        return self._deltas[number - 1], bounds[number] if number < len(bounds) else self.end

    def word(self, at: int, depth: int) -> tuple[Word, int]:
        """Return the word at ``at``, of one character at least, and the offset after it."""
        outer, self._holes = self._holes, []
        end = self.word_end(at, depth)
        if end == at:
            end = at + 1
        holes, self._holes = self._holes, outer
        raw = self.text[at:end]
        span = self.span(at, end)
        if lexer.QUOTES.search(raw) is None:
            if holes:
                self.quoted[span] = (at, end, holes)
            return _new(Word, (span, raw, raw, False)), end
        self.quoted[span] = (at, end, holes)
        value = quoting.meaning(self.text, at, end, holes)
        # Quotes in a substitution are not the word's own.
        return _new(Word, (span, raw, value, not holes or value != raw)), end

    def word_end(self, at: int, depth: int) -> int:
        """Return where the word at ``at`` ends, the commands nested in it read."""
        text, end = self.text, self.end
        start = at
        simple = lexer.SIMPLE.match
        while True:
            found = simple(text, at)
            at = found.end() if found else at
            if at >= end:
                return end
            sign = text[at]
            if sign == '"':
                at = self._double_quoted(at + 1, depth)
            elif sign == "$":
                at = self._dollar(at, depth)
            elif sign == "`":
                at = self._backticks(at, depth, False)
            elif sign in "<>" and text.startswith("(", at + 1):
                at = self._substitution(at, 2, depth)
            elif sign == "(" and at > start and text[at - 1] in "=?*+@!":
                if text[at - 1] != "=" or lexer.ARRAY.match(text, start, at):
                    at = self._list_of_words(at, depth)
                else:
                    return at
            elif sign in "'\\":
                self.is_complete = False
                return end
            else:
                return at

    def expansions(self, depth: int) -> None:
        """Read the commands in a here-document, whose quotes mean nothing."""
        at = 0
        text, end = self.text, self.end
        plain = lexer.IN_HEREDOC.match
        while True:
            found = plain(text, at)
            at = found.end() if found else at
            if at >= end or text[at] == "\\":
                return
            at = self._dollar(at, depth) if text[at] == "$" else self._backticks(at, depth, False)

    def arithmetic_end(self, at: int, depth: int) -> int | None:
        """Return where the ``((`` at ``at`` ends, its substitutions read; None where it is two subshells."""
        closes = self._closes
        if closes is None:
            closes = self._closes = match_parentheses(self.text)
        inner, outer = closes.get(at + 1), closes.get(at)
        if outer is None and inner is None:
            self.is_complete = False
            return self.end
        if inner is None or outer != inner + 1:
            return None
        if self.text.find("$(", at, inner) >= 0 or self.text.find("`", at, inner) >= 0:
            self.read_part([(at + 2, inner)], depth, only_expansions=True)
        return outer + 1

    def _double_quoted(self, at: int, depth: int) -> int:
        text, end = self.text, self.end
        plain = lexer.IN_DOUBLE.match
        while True:
            found = plain(text, at)
            at = found.end() if found else at
            if at >= end or text[at] == "\\":
                self.is_complete = False
                return end
            sign = text[at]
            if sign == '"':
                return at + 1
            at = self._dollar(at, depth, True) if sign == "$" else self._backticks(at, depth, True)

    def _dollar(self, at: int, depth: int, quoted: bool = False) -> int:
        text = self.text
        sign = text[at + 1 : at + 2]
        if sign == "(":
            if text.startswith("(", at + 2):
                mark = len(self._holes)
                end = self.arithmetic_end(at + 1, depth)
                if end is not None:
                    self._hole(mark, at, end)
                    return end
            return self._substitution(at, 2, depth)
        if sign == "{":
            return self._braces(at, depth, quoted)
        if sign == "'" and not quoted:
            self.is_complete = False
            return self.end
        return at + 1

    def _substitution(self, at: int, opening: int, depth: int) -> int:
        if not self.enter():
            return self.end
        outer, self._holes = self._holes, []
        end = self.read_list(at + opening, depth + 1, ")")
        self._holes = outer
        self.nesting -= 1
        outer.append((at, end))
        return end

    def _backticks(self, at: int, depth: int, quoted: bool) -> int:
        text = self.text
        found = lexer.BACKTICKS.match(text, at)
        if found is None or not found[2]:
            self.is_complete = False
            return self.end
        start, end = found.span(1)
        ranges: list[Range] = []
        escaped = '`\\$"' if quoted else "`\\$"
        slash = text.find("\\", start, end)
        while slash >= 0:
            if text[slash + 1] in escaped:
                ranges.append((start, slash))
                start = slash + 1
            slash = text.find("\\", slash + 2, end)
        ranges.append((start, end))
        self.read_part(ranges, depth + 1)
        self._holes.append((at, found.end()))
        return found.end()

    def _braces(self, at: int, depth: int, quoted: bool) -> int:
        if not self.enter():
            return self.end
        text, end = self.text, self.end
        mark = len(self._holes)
        start = at
        at += 2
        takes_quotes = not quoted or lexer.PATTERN_OPERATOR.match(text, start) is not None
        plain = lexer.IN_BRACES.match
        while True:
            found = plain(text, at)
            at = found.end() if found else at
            if at >= end or text[at] == "\\":
                self.is_complete = False
                at = end
                break
            sign = text[at]
            if sign == "}":
                at += 1
                break
            if sign == '"':
                at = self._double_quoted(at + 1, depth)
            elif sign == "'":
                close = text.find("'", at + 1) if takes_quotes else at
                if close < 0:
                    self.is_complete = False
                    at = end
                    break
                at = close + 1
            elif sign == "$":
                at = self._dollar(at, depth, not takes_quotes)
            else:
                at = self._backticks(at, depth, quoted)
        self.nesting -= 1
        self._hole(mark, start, at)
        return at

    def _list_of_words(self, at: int, depth: int) -> int:
        """Return where an array or an extended pattern ends, which may hold words and more of its kind."""
        if not self.enter():
            return self.end
        text, end = self.text, self.end
        at += 1
        while True:
            gap = lexer.CASE_GAP.match(text, at)
            at = gap.end() if gap else at
            if at >= end:
                self.is_complete = False
                break
            if text[at] == ")":
                at += 1
                break
            at = max(self.word_end(at, depth), at + 1)
        self.nesting -= 1
        return at

    def _hole(self, mark: int, start: int, end: int) -> None:
        del self._holes[mark:]
        self._holes.append((start, end))

    def enter(self) -> bool:
        if self.nesting >= MOST_NESTED:
            self.is_complete = False
            return False
        self.nesting += 1
        return True
