"""Edits of the commands a RUN runs: a word more or less, a command more or less, in the file's own habit.

Each returns None where it cannot be sure: inside the script of another shell (``sh -c "…"``), where a comment
would go under, or where the script would not read as it is meant to.
"""

from bisect import bisect_right

from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build
from dockeropt.semantics.scripts import script_heredoc
from dockeropt.shell.reader import read
from dockeropt.shell.script import Command, Operator, Script
from dockeropt.syntax.edits import Edit, insert, line_end
from dockeropt.syntax.instructions import Form, Run
from dockeropt.syntax.lines import LogicalText, Piece
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Word

_SEQUENCE = ("&&", ";", "newline")
_ENDING = ("exec", "exit", "return")
_BLANKS = " \t\r\n"


def insert_word(after: Word, text: str, run: Run, build: Build) -> Edit | None:
    """Return the edit that puts a word behind another one, in either form."""
    if run.command.form is Form.EXEC:
        return insert(after.span.end, f', "{text}"') if after.raw.startswith('"') else None
    return insert(after.span.end, f" {text}") if _is_open(after.span, run, build) else None


def replace_words(first: Word, last: Word, text: str, run: Run, build: Build) -> Edit | None:
    """Return the edit that writes a text for the words from the first to the last."""
    span = Span(first.span.start, last.span.end)
    raw = build.dockerfile.text_of(span)
    if run.command.form is Form.EXEC or "\n" in raw or not _is_open(span, run, build):
        return None
    return Edit(span, text)


def remove_word(word: Word, run: Run, build: Build) -> Edit | None:
    """Return the edit that takes a word out with the blanks before it, and its line where it stands alone."""
    script = build.script_of(run)
    if script is None or not word.is_contiguous or not _is_open(word.span, run, build):
        return None
    text = build.dockerfile.source.text
    start, end = word.span
    while text[start - 1] in " \t":
        start -= 1
    if text[start - 1] == "\n":
        rest = text.find("\n", end) + 1
        if not rest or text[end:rest].strip() != build.dockerfile.escape:
            return None
        return Edit(Span(start, rest), "")
    return Edit(Span(start, end), "")


def append_command(command: str, run: Run, build: Build) -> Edit | None:
    """Return the edit that runs a command after all others, when they have succeeded."""
    script = build.script_of(run)
    if script is None or not script.is_complete or not script.commands:
        return None
    if run.instruction.heredocs and script_heredoc(run) is None:
        return None
    size = len(script.text.text.rstrip(_BLANKS))
    if script.commands[-1].base_name in _ENDING or script.text.text[:size].endswith((";", "&", "|")):
        return None
    top = [each for each in script.operators if each.depth == 0]
    before, operator, between = _joint(script, top, run, build)
    joined = script.text.text[:size] + f"{'' if operator == ';' else ' '}{operator} {command}"
    if operator == "newline":
        joined = f"{script.text.text[:size]}\n{command}"
    if not _reads_as(joined, (*_words(script.commands), *_words(_read(command).commands))):
        return None
    return insert(script.text.offset(size - 1) + 1, f"{before}{between}{command}")


def remove_command(command: Command, run: Run, build: Build) -> Edit | None:
    """Return the edit that takes a command out of a list of several."""
    script = build.script_of(run)
    if script is None or not script.is_complete or not _is_open(command.span, run, build):
        return None
    if command.depth or command.wrappers or command.assignments or run.instruction.heredocs:
        return None
    before, after = _neighbours(command, script)
    if any(each is not None and each.text not in _SEQUENCE for each in (before, after)):
        return None
    text = script.text.text
    start, end = _logical(script.text, command.span.start), _logical(script.text, command.span.end - 1) + 1
    if text[0 if before is None else _logical(script.text, before.span.end - 1) + 1 : start].strip(_BLANKS):
        return None
    if after is not None:
        mark = _logical(script.text, after.span.start)
        if before is not None and _starts_line(before, build):
            start, end = _logical(script.text, before.span.start), mark
        else:
            end = mark + len(after.text)
            end += len(text[end:]) - len(text[end:].lstrip(_BLANKS))
    elif before is not None:
        start = len(text[: _logical(script.text, before.span.start)].rstrip(_BLANKS))
    else:
        return None
    rest = [each for each in script.commands if each.span != command.span]
    if not _reads_as(text[:start] + text[end:], _words(tuple(rest))):
        return None
    span = script.text.to_source(Span(start, end))
    if any(span.start <= comment.span.start < span.end for comment in run.instruction.comments):
        return None
    return Edit(span, "")


def _is_open(span: Span, run: Run, build: Build) -> bool:
    """Tell whether what stands there is the RUN's own script, not one in quotes."""
    script = build.script_of(run)
    if script is None:
        return False
    return not any(each.span.start <= span.start < each.span.end for each in script.inner)


class _Joint(NamedTuple):
    """What to write between the last command and a new one."""

    before: str
    operator: str
    after: str


def _joint(script: Script, top: list[Operator], run: Run, build: Build) -> _Joint:
    """Return how the script joins commands, on the same line or the next, before or after the line end."""
    text = build.dockerfile.source.text
    operator = top[-1].text if top else "&&"
    if operator not in (";", "newline") or not _stops_at_errors(script, run, build):
        operator = "&&"
    first, last = script.text.offset(0), script.text.offset(len(script.text.text.rstrip(_BLANKS)) - 1)
    line = text.rfind("\n", 0, last) + 1
    if script_heredoc(run) is not None:
        if operator == "newline":
            return _Joint(line_end(text, last) + _indentation(text, last), operator, "")
        return _Joint("" if operator == ";" else " ", operator, f"{operator} ")
    operator = "&&" if operator == "newline" else operator
    gap = "" if operator == ";" else " "
    if line <= first:
        return _Joint(gap, operator, f"{operator} ")
    broken = f"{build.dockerfile.escape}{line_end(text, first)}"
    for each in reversed(top):
        if each.text != operator:
            continue
        if _starts_line(each, build):
            return _Joint(f" {broken}{_indentation(text, each.span.start)}", operator, f"{operator} ")
        following = text.find("\n", each.span.end)
        if text[each.span.end : following].strip(_BLANKS) == build.dockerfile.escape:
            at = next((c.span.start for c in script.commands if c.span.start > each.span.end), last)
            indentation = _indentation(text, at)
            return _Joint(f"{gap}{operator} {broken}{indentation}", operator, "")
    return _Joint(f" {broken}{_indentation(text, last) or '    '}", operator, f"{operator} ")


def _stops_at_errors(script: Script, run: Run, build: Build) -> bool:
    """Tell whether a script ends at the first command that fails."""
    shell = build.scope_of(run).shell or ()
    options = [*shell[1:], *(word.value for each in script.named("set") for word in each.words)]
    if any(each[:1] == "+" and "e" in each for each in options):
        return False
    return any(each[:1] == "-" and each[1:2] != "-" and "e" in each for each in options)


def _starts_line(operator: Operator, build: Build) -> bool:
    text = build.dockerfile.source.text
    start = text.rfind("\n", 0, operator.span.start) + 1
    return start > 0 and not text[start : operator.span.start].strip()


def _indentation(text: str, at: int) -> str:
    """Return the blanks that the line of an offset begins with."""
    start = text.rfind("\n", 0, at) + 1
    end = start
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return text[start:end]


def _neighbours(command: Command, script: Script) -> tuple[Operator | None, Operator | None]:
    """Return the operators right before and right after a command, those of its own list."""
    before = after = None
    for operator in script.operators:
        if operator.depth != command.depth:
            continue
        if operator.span.end <= command.span.start:
            before = operator
        elif operator.span.start >= command.span.end:
            after = operator
            break
    return before, after


def _reads_as(text: str, commands: tuple[tuple[str, ...], ...]) -> bool:
    """Tell whether a script is read as these commands and nothing else."""
    script = _read(text)
    return script.is_complete and _words(script.commands) == commands


def _read(text: str) -> Script:
    return read(LogicalText(text, (Piece(0, 0, len(text)),)) if text else LogicalText.nothing(0))


def _words(commands: tuple[Command, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (each.program.raw if each.program is not None else "", *(word.raw for word in each.words))
        for each in commands
    )


def _logical(text: LogicalText, offset: int) -> int:
    """Return the logical offset of a character of the source."""
    pieces = text.pieces
    piece = pieces[bisect_right(pieces, offset, key=lambda each: each.source) - 1]
    return piece.logical + offset - piece.source
