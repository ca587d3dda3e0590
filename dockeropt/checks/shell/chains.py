"""Edits of the commands a RUN runs: one more or one less, in the file's own habit.

Each returns None where it cannot be sure: inside the script of another shell (``sh -c "…"``), where a comment
would go under, or where the script would not read as it is meant to.
"""

from bisect import bisect_right

from dockeropt.checks.shell.joints import joint, starts_line
from dockeropt.checks.shell.word_edits import is_open
from dockeropt.semantics.build import Build
from dockeropt.semantics.scripts import script_heredoc
from dockeropt.shell.reader import read
from dockeropt.shell.script import Command, Operator, Script
from dockeropt.syntax.edits import Edit, insert
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.lines import LogicalText, Piece
from dockeropt.syntax.source import Span

_SEQUENCE = ("&&", ";", "newline")
_ENDING = ("exec", "exit", "return")
_BLANKS = " \t\r\n"
_LONGEST = 10_000
"""characters of a script that a fix is held to by reading it again, which each of its findings does"""


def append_command(command: str, run: Run, build: Build) -> Edit | None:
    """Return the edit that runs a command after all others, when they have succeeded."""
    script = build.script_of(run)
    if script is None or not script.is_complete or not script.commands:
        return None
    if run.instruction.heredocs and script_heredoc(run) is None:
        return None
    size = len(script.text.text.rstrip(_BLANKS))
    if size > _LONGEST:
        return None
    if script.commands[-1].base_name in _ENDING or script.text.text[:size].endswith((";", "&", "|")):
        return None
    top = [each for each in script.operators if each.depth == 0]
    before, operator, between = joint(script, top, run, build)
    joined = script.text.text[:size] + f"{'' if operator == ';' else ' '}{operator} {command}"
    if operator == "newline":
        joined = f"{script.text.text[:size]}\n{command}"
    if not _reads_as(joined, (*_words(script.commands), *_words(_read(command).commands))):
        return None
    return insert(script.text.offset(size - 1) + 1, f"{before}{between}{command}")


def remove_command(command: Command, run: Run, build: Build) -> Edit | None:
    """Return the edit that takes a command out of a list of several."""
    script = build.script_of(run)
    if script is None or not script.is_complete or not is_open(command.span, run, build):
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
        if before is not None and starts_line(before, build):
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
    if after is None:
        # from the end of what stays: the continuation between goes too
        span = Span(script.text.offset(start - 1) + 1, span.end)
    if any(span.start <= comment.span.start < span.end for comment in run.instruction.comments):
        return None
    return Edit(span, "")


def may_precede(command: Command, run: Run, build: Build) -> int | None:
    """Return where another command and ``&&`` may be written before one; None where that would mean more."""
    script = build.script_of(run)
    if script is None or command.depth or command.wrappers:
        return None
    before = [each.text for each in script.operators if each.span.end <= command.span.start]
    after = [each.text for each in script.operators if each.span.start >= command.span.end]
    if any(each not in _SEQUENCE for each in (*before[-1:], *after[:1])):
        return None
    return min((command.span.start, *(word.span.start for word in command.assignments)))


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
