"""What is more than a word and less than a list: redirections, here-documents, headers of loops and cases."""

from re import Match

from dockeropt.shell import lexer
from dockeropt.shell.script import Redirect
from dockeropt.shell.words import WordReader
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.tree import Word

_MOST_DIGITS = 9
"""of a file descriptor; Python refuses to read numbers of thousands of digits"""


class CompoundReader(WordReader):
    """Reads what the list of commands asks it to, at an offset, and says where it ends."""

    __slots__ = ("heredocs",)

    def __init__(self, logical: LogicalText, nesting: int) -> None:
        super().__init__(logical, nesting)
        self.heredocs: list[tuple[str, bool, bool]] = []
        """delimiter, whether the body is expanded and whether tabs are stripped, for each body to come"""

    def redirect(self, sign: Match[str], depth: int) -> tuple[Redirect, int]:
        """Return the redirection whose operator is this token, with its target, and the offset after it."""
        operator = sign[lexer.REDIRECT]
        start = sign.start(lexer.REDIRECT)
        at = sign.end()
        descriptor: int | None = None
        if operator[0] == "{":
            operator = operator.partition("}")[2]
        elif operator[0].isdigit():
            digits = operator
            operator = operator.lstrip("0123456789")
            descriptor = int(digits[: min(len(digits) - len(operator), _MOST_DIGITS)])
        token = lexer.TOKEN.match(self.text, at)
        kind = token.lastindex if token else None
        if token is None or (kind != lexer.WORD and kind != lexer.OTHER):
            self.is_complete = False
            return Redirect(self.span(start, at), operator, descriptor, None), at
        word, end = self.word(token.start(kind), depth)
        span = self.span(start, end)
        if operator != "<<" and operator != "<<-":
            return Redirect(span, operator, descriptor, word), end
        self.heredocs.append((word.value, not word.quoted, operator == "<<-"))
        return Redirect(span, operator, descriptor, None), end

    def heredoc_bodies(self, at: int, depth: int) -> int:
        """Return the offset after the here-documents that begin at ``at``, their substitutions read."""
        text, end = self.text, self.end
        for delimiter, expands, strips in self.heredocs:
            start = at
            stop = end
            while True:
                line_end = text.find("\n", at)
                line = text[at : line_end if line_end >= 0 else end]
                if (line.lstrip("\t") if strips else line).removesuffix("\r") == delimiter:
                    stop = at
                    at = line_end + 1 if line_end >= 0 else end
                    break
                if line_end < 0:
                    self.is_complete = False
                    at = end
                    break
                at = line_end + 1
            if expands and (text.find("$(", start, stop) >= 0 or text.find("`", start, stop) >= 0):
                self.read_part([(start, stop)], depth, only_expansions=True)
        self.heredocs.clear()
        return at

    def test(self, at: int, depth: int) -> tuple[list[Word], int]:
        """Return the words after ``[[`` and the offset after ``]]``."""
        text, end = self.text, self.end
        words: list[Word] = []
        while True:
            gap = lexer.CASE_GAP.match(text, at)
            at = gap.end() if gap else at
            if at >= end:
                self.is_complete = False
                break
            if lexer.TEST_END.match(text, at):
                at += 2
                break
            word, at = self.word(at, depth)
            words.append(word)
        return words, at

    def loop_header(self, at: int, depth: int) -> int:
        """Return where ``for NAME in WORD…;`` ends."""
        text = self.text
        name = lexer.LOOP_NAME.match(text, at)
        if name is not None:
            at = name.end()
            words = lexer.LOOP_WORDS.match(text, at)
            if words is None:
                return self._loop_end(at)
            at = words.end()
            while True:
                token = lexer.TOKEN.match(text, at)
                kind = token.lastindex if token else None
                if token is None or (kind != lexer.WORD and kind != lexer.OTHER):
                    return self._loop_end(at)
                _, at = self.word(token.start(kind), depth)
        gap = lexer.CASE_GAP.match(text, at)
        at = gap.end() if gap else at
        if text.startswith("((", at):
            end = self.arithmetic_end(at, depth)
            if end is not None:
                return self._loop_end(end)
        self.is_complete = False
        return at

    def _loop_end(self, at: int) -> int:
        """Return the offset after the ``;`` or newline between a loop's header and its ``do``."""
        token = lexer.TOKEN.match(self.text, at)
        if token is not None and token.lastindex == lexer.OPERATOR and token[lexer.OPERATOR] in ";\n":
            return token.end()
        return at

    def case_header(self, at: int, depth: int) -> int:
        text = self.text
        token = lexer.TOKEN.match(text, at)
        kind = token.lastindex if token else None
        if token is None or (kind != lexer.WORD and kind != lexer.OTHER):
            self.is_complete = False
            return at
        _, at = self.word(token.start(kind), depth)
        begin = lexer.LOOP_WORDS.match(text, at)
        if begin is None:
            self.is_complete = False
            return at
        return self.case_patterns(begin.end(), depth)

    def case_patterns(self, at: int, depth: int) -> int:
        """Return where the list after ``a | b)`` begins, or the ``esac``."""
        text, end = self.text, self.end
        gap = lexer.CASE_GAP.match(text, at)
        at = gap.end() if gap else at
        if lexer.CASE_END.match(text, at):
            return at
        if text.startswith("(", at):
            at += 1
        while at < end:
            token = lexer.TOKEN.match(text, at)
            kind = token.lastindex if token else None
            if token is None or (kind != lexer.WORD and kind != lexer.OTHER):
                break
            _, at = self.word(token.start(kind), depth)
            token = lexer.TOKEN.match(text, at)
            sign = token[lexer.OPERATOR] if token else None
            if token is None or (sign != "|" and sign != ")"):
                break
            at = token.end()
            if sign == ")":
                return at
        self.is_complete = False
        return at
