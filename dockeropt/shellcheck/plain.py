"""What a script has that ShellCheck need not read.

Half of all RUN scripts are nothing but commands of plain words, and in the others such commands make up half
of the text. ShellCheck takes some 20 µs for each character, so they are taken out before it sees them.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator

from dockeropt.knowledge.plain_commands import (
    FOLDERS,
    KEYWORDS,
    PROGRAMS,
    REMOVABLE,
    REMOVALS,
    TRANSFERS,
)
from dockeropt.shell.script import Command, Script
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span

_BARE = "[A-Za-z0-9_./:@%+,=-]"
_QUOTED = "[A-Za-z0-9_./:@%+, <>=-]*"
_PLAIN = re.compile(rf"(?!=){_BARE}+|(?!=){_BARE}*(?:'{_QUOTED}'|\"{_QUOTED}\")")
"""no expansion, no pattern, no escape; at most one quote, which ends the word"""

_SILENT = re.compile(
    r"\s*(?:set\s+-[eux]+\s*(?:&&|;|\n)\s*)?[\w./-]+(?:[ \t]*(?:&&|;|\n)\s*[\w./-]+)*\s*;?\s*", re.ASCII
)
"""names of commands joined by ``&&``, ``;`` or line ends"""


def without_plain_commands(script: Script, source: str) -> LogicalText | None:
    """Return the script's text without the arguments of its plain commands; None where only such are in it.

    The names of the commands stay, so that ShellCheck sees the same structure. ``source`` is the text of the
    Dockerfile.
    """
    text = script.text
    # Whoever defines a function may name it like a program, and then its arguments count.
    if not script.is_complete or "()" in text.text or "function" in text.text:
        return text
    plain = [command for command in script.commands if _is_plain(command) and not _is_piped(command, script)]
    if not plain:
        return text
    rest = LogicalText.join(source, _rest(text, [_arguments(command) for command in plain]))
    if len(plain) >= len(script.commands) - 1 and _SILENT.fullmatch(rest.text):
        names = {command.name for command in script.commands if command not in plain}
        if not names - {"set"}:
            return None
    return rest


def _is_plain(command: Command) -> bool:
    program = command.program
    if program is None or command.wrappers or command.redirects or program.raw != command.name:
        return False
    name = command.name
    values = [word.raw for word in command.words]
    if name in REMOVALS:
        return all(re.fullmatch(REMOVABLE, value) for value in values)
    if not all(_PLAIN.fullmatch(value) and value not in KEYWORDS for value in values):
        return False
    if name in PROGRAMS:
        return True
    operands = [value for value in values if not value.startswith("-")]
    if name in FOLDERS:
        return bool(operands) and all(value == "-p" or value in operands for value in values)
    return name in TRANSFERS and len(operands) > 1


def _is_piped(command: Command, script: Script) -> bool:
    """Tell whether a command may read from a pipe: ShellCheck knows some that do so only with an option."""
    operators = script.operators
    before = bisect_left(operators, command.span.start, key=lambda operator: operator.span.start)
    return before > 0 and operators[before - 1].text in ("|", "|&")


def _arguments(command: Command) -> Span:
    program = command.program
    end = command.words[-1].span.end if command.words else 0
    start = program.span.end if program is not None else end
    return Span(start, max(start, end))


def _rest(text: LogicalText, cuts: list[Span]) -> Iterator[Span]:
    """Yield the source spans of a text without the stretches that are cut out, both in order."""
    waiting = iter(cuts)
    cut = next(waiting, None)
    for _, start, length in text.pieces:
        end = start + length
        while cut is not None and cut.start < end:
            if cut.start > start:
                yield Span(start, cut.start)
            start = max(start, min(cut.end, end))
            if cut.end > end:
                break
            cut = next(waiting, None)
        yield Span(start, end)
