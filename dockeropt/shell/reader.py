"""A script read into commands and operators. POSIX shell and bash; nothing is expanded, nothing is run."""

from dockeropt.shell import lexer, quoting, wrappers
from dockeropt.shell.compounds import CompoundReader
from dockeropt.shell.lexer import COMMENT, OPENING, OPERATOR, OTHER, REDIRECT, WORD
from dockeropt.shell.quoting import Range
from dockeropt.shell.script import Command, InnerScript, Operator, Redirect, Script
from dockeropt.syntax.lines import LogicalText, Piece
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Word

_MOST_WRAPPERS = 8
_CLOSES = {"fi": ("if",), "done": ("while", "until", "for", "select"), "esac": ("case",), "}": ("{",)}
_GOES_ON = {"then": "if", "elif": "if", "else": "if", "do": "while until for select"}
_new = tuple.__new__
"""makes a named tuple in half the time of calling its class, for the words of which a script is full"""


def read(text: LogicalText, unwrap: bool = True) -> Script:
    """Return the commands and operators of a script, in the order of the text. Never raises.

    With ``unwrap=False`` wrappers such as ``sudo`` and ``sh -c`` stay the commands that they are.
    """
    found = _Found()
    reader = _Reader(text, found, unwrap, (), 0)
    if text.text:
        reader.read_list(0, 0, "")
    if found.is_unordered:
        found.commands.sort(key=_start)
        found.operators.sort(key=_start)
    return Script(text, tuple(found.commands), tuple(found.operators), reader.is_complete, tuple(found.inner))


class _Found:
    """What a reader and those of the scripts nested in its own have found."""

    __slots__ = ("commands", "inner", "is_unordered", "operators")

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.operators: list[Operator] = []
        self.inner: list[InnerScript] = []
        self.is_unordered = False


class _Reader(CompoundReader):
    __slots__ = ("_unwrap", "_wrappers", "found")

    def __init__(
        self, logical: LogicalText, found: _Found, unwrap: bool, wrapped_by: tuple[str, ...], nesting: int
    ) -> None:
        super().__init__(logical, nesting)
        self.found = found
        self._unwrap = unwrap
        self._wrappers = wrapped_by

    def read_list(self, at: int, depth: int, closer: str) -> int:
        text = self.text
        match = lexer.TOKEN.match
        operators = self.found.operators
        base = depth
        if closer:
            self.found.is_unordered = True
        frames: list[str] = []
        program: Word | None = None
        words: list[Word] = []
        assignments: list[Word] = []
        redirects: list[Redirect] = []
        after_command = False
        last_newline = -1
        shift, limit = self.piece(at)
        while True:
            token = match(text, at)
            assert token is not None  # noqa: S101 - every part of it is optional
            kind = token.lastindex
            if kind == WORD:
                at = token.end()
                raw = token[1]
                start = at - len(raw)
                if at <= limit:
                    span = _new(Span, (start + shift, at + shift))
                else:
                    span = self.span(start, at)
                    shift, limit = self.piece(at)
                if program is not None:
                    words.append(_new(Word, (span, raw, raw, False)))
                    continue
                if (
                    raw in lexer.RESERVED
                    and not assignments
                    and not redirects
                    and (raw != "time" or lexer.TIMED_COMPOUND.match(text, at))
                ):
                    closes = raw in _CLOSES
                    if closes and last_newline == len(operators) and not after_command:
                        operators.pop()
                    at = self._reserved(raw, at, base, frames)
                    after_command = closes or raw == "[["
                    depth = base + len(frames)
                    continue
                word = _new(Word, (span, raw, raw, False))
                if "=" in raw and lexer.ASSIGNMENT.match(raw):
                    assignments.append(word)
                else:
                    program = word
            elif kind == OTHER:
                word, at = self.word(token.start(OTHER), depth)
                if program is not None:
                    words.append(word)
                elif "=" in word.raw and lexer.ASSIGNMENT.match(word.raw):
                    assignments.append(word)
                else:
                    program = word
            elif kind == REDIRECT:
                redirect, at = self.redirect(token, depth)
                # After a compound command it is that one's, which is no command of ours.
                if program is not None or assignments or not after_command:
                    redirects.append(redirect)
            elif kind == COMMENT:
                at = token.end()
            else:
                if kind == OPENING and program is not None and not words:
                    function = lexer.FUNCTION_PARENTHESES.match(text, token.start(OPENING))
                    if function is not None:
                        at = function.end()
                        program = None
                        continue
                if program is not None or assignments or redirects:
                    if kind == OPENING:
                        self.is_complete = False
                    self._command(program, words, assignments, redirects, depth)
                    program = None
                    words, assignments, redirects = [], [], []
                    after_command = True
                at = token.end()
                if kind == OPENING:
                    end = self._arithmetic(at - 1, depth)
                    after_command = end >= 0
                    if end >= 0:
                        at = end
                        continue
                    frames.append("(")
                    depth += 1
                    continue
                if kind is None:
                    break
                sign = token[OPERATOR]
                if sign == "\n":
                    if self.heredocs:
                        at = self.heredoc_bodies(at, depth)
                    if after_command:
                        operators.append(Operator(self.span(token.end() - 1, token.end()), "newline", depth))
                        last_newline = len(operators)
                        after_command = False
                elif sign == ")":
                    if last_newline == len(operators) and not after_command:
                        operators.pop()
                    if closer and "(" not in frames:
                        self.is_complete = self.is_complete and not frames
                        return at
                    self._close_subshell(frames)
                    depth = base + len(frames)
                    after_command = True
                elif sign in (";;", ";&", ";;&"):
                    after_command = False
                    if frames and frames[-1] == "case":
                        at = self.case_patterns(at, depth)
                    else:
                        self.is_complete = False
                else:
                    operators.append(_new(Operator, (self.span(at - len(sign), at), sign, depth)))
                    after_command = False
        if last_newline == len(operators) and not after_command:
            operators.pop()
        if frames or closer:
            self.is_complete = False
        return self.end

    def read_part(self, ranges: list[Range], depth: int, only_expansions: bool = False) -> None:
        if not self.enter():
            return
        part = quoting.part(self.logical, ranges)
        child = _Reader(part, self.found, self._unwrap, self._wrappers, self.nesting)
        if part.text:
            self.found.is_unordered = True
            if only_expansions:
                child.expansions(depth)
            else:
                child.read_list(0, depth, "")
        self.is_complete = self.is_complete and child.is_complete
        self.nesting -= 1

    def _reserved(self, raw: str, at: int, base: int, frames: list[str]) -> int:
        """Open, continue or close a compound command, as the word says; return the offset after it."""
        text = self.text
        if raw in _CLOSES:
            if frames and frames[-1] in _CLOSES[raw]:
                frames.pop()
            else:
                self.is_complete = False
        elif raw in _GOES_ON:
            if not frames or frames[-1] not in _GOES_ON[raw]:
                self.is_complete = False
        elif raw == "time":
            timed = lexer.TIMED_COMPOUND.match(text, at)
            at = timed.end() if timed else at
        elif raw == "function":
            name = lexer.FUNCTION_NAME.match(text, at)
            at = name.end() if name else at
        elif raw == "[[":
            start = at - 2
            depth = base + len(frames)
            words, at = self.test(at, depth)
            self._special(start, at, tuple(words), depth)
        elif raw != "!":
            frames.append(raw)
            depth = base + len(frames)
            if raw in ("for", "select"):
                at = self.loop_header(at, depth)
            elif raw == "case":
                at = self.case_header(at, depth)
        return at

    def _arithmetic(self, at: int, depth: int) -> int:
        """Return where the ``(( … ))`` at ``at`` ends, -1 where it is a subshell."""
        if not self.text.startswith("((", at):
            return -1
        end = self.arithmetic_end(at, depth)
        if end is None:
            return -1
        self._special(at, end, (), depth)
        return end

    def _special(self, start: int, end: int, words: tuple[Word, ...], depth: int) -> None:
        raw = self.text[start : start + 2]
        program = Word(self.span(start, start + 2), raw, raw, False)
        self.found.commands.append(
            Command(self.span(start, end), raw, program, words, (), (), self._wrappers, depth)
        )

    def _close_subshell(self, frames: list[str]) -> None:
        while frames and frames[-1] != "(":
            self.is_complete = False
            frames.pop()
        if frames:
            frames.pop()
        else:
            self.is_complete = False

    def _command(
        self,
        program: Word | None,
        words: list[Word],
        assignments: list[Word],
        redirects: list[Redirect],
        depth: int,
    ) -> None:
        """Add a command, or what is wrapped in it."""
        add = self.found.commands.append
        wrapped_by = self._wrappers
        if program is None:
            spans = [word.span for word in assignments] + [redirect.span for redirect in redirects]
            span = Span(min(spans).start, max(spans).end)
            add(Command(span, "", None, (), tuple(assignments), tuple(redirects), wrapped_by, depth))
            return
        name = program.value
        base_name = name.rpartition("/")[2] if "/" in name else name
        while base_name in wrappers.NAMES and self._unwrap and len(wrapped_by) < _MOST_WRAPPERS:
            wrapped = wrappers.unwrap(base_name, words)
            if wrapped is None:
                break
            if wrapped.is_script:
                if self._script(words[wrapped.start], (*wrapped_by, base_name), wrapped.sets_pipefail, depth):
                    return
                break
            assignments += [words[number] for number in wrapped.assignments]
            wrapped_by = (*wrapped_by, base_name)
            program = words[wrapped.start]
            words = words[wrapped.start + 1 :]
            name = program.value
            base_name = name.rpartition("/")[2] if "/" in name else name
        end = (words[-1] if words else program).span.end
        if redirects and redirects[-1].span.end > end:
            end = redirects[-1].span.end
        given = (tuple(words), tuple(assignments), tuple(redirects))
        add(_new(Command, (_new(Span, (program.span.start, end)), name, program, *given, wrapped_by, depth)))
        if base_name == "find" and self._unwrap and len(wrapped_by) < _MOST_WRAPPERS:
            outer, self._wrappers = self._wrappers, (*wrapped_by, "find")
            for start, stop in wrappers.executed(words):
                self.found.is_unordered = True
                self._command(words[start], words[start + 1 : stop], [], [], depth + 1)
            self._wrappers = outer

    def _script(self, word: Word, wrapped_by: tuple[str, ...], sets_pipefail: bool, depth: int) -> bool:
        """Read the script in a word; tell whether anything is run in it."""
        known = self.quoted.get(word.span)
        text: LogicalText | None = None
        if known is not None:
            text = quoting.inner_script(self.logical, *known)
        elif word.is_contiguous:
            text = LogicalText(word.value, (Piece(0, word.span.start, len(word.value)),))
        # Of `sh -c "$(curl …)"` nobody knows what is run: it stays the shell's own command.
        if text is None or text.text.strip() in ("", "$()", "``") or not self.enter():
            return False
        found = self.found
        before = len(found.commands)
        found.inner.append(InnerScript(word.span, sets_pipefail))
        child = _Reader(text, found, self._unwrap, wrapped_by, self.nesting)
        child.read_list(0, depth + 1, "")
        self.nesting -= 1
        self.is_complete = self.is_complete and child.is_complete
        if len(found.commands) == before:
            found.inner.pop()
            return False
        found.is_unordered = True
        return True


def _start(item: Command | Operator) -> int:
    return item.span.start
