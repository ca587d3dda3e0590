"""DO4004: an account is given a password that stands in the file."""

from bisect import bisect_left
from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Word

_WRITERS = ("echo", "printf")
_READERS = ("chpasswd", "passwd")
_ACCOUNT_TOOLS = ("useradd", "usermod", "luseradd")


def check(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each password that is piped into a program that sets it, or given as its option."""
    script = build.script_of(run)
    pipes = [] if script is None else [each.span.start for each in script.operators if each.text == "|"]
    before: Command | None = None
    for command in commands_of(run, build):
        if command.base_name in _READERS:
            piped = before is not None and _is_between(before, command, pipes)
            word = _written(before) if before is not None and piped else _given(command)
            if word is not None:
                yield _finding(word.span)
        elif command.base_name in _ACCOUNT_TOOLS:
            value = command.option_value("-p", "--password")
            if value and _is_fixed(value):
                yield _finding(next(each.span for each in command.words if value in each.value))
        before = command


def _is_between(before: Command, command: Command, pipes: list[int]) -> bool:
    """Tell whether one of the pipes, which are in order, stands between two commands."""
    at = bisect_left(pipes, before.span.end)
    return at < len(pipes) and pipes[at] <= command.span.start


def _written(command: Command) -> Word | None:
    """Return the word with the password that ``echo`` writes."""
    if command.base_name not in _WRITERS:
        return None
    return next((word for word in reversed(command.words) if _is_fixed(word.value)), None)


def _given(command: Command) -> Word | None:
    """Return the password of ``chpasswd <<< name:password``."""
    for redirect in command.redirects:
        if redirect.operator == "<<<" and redirect.target is not None and _is_fixed(redirect.target.value):
            return redirect.target
    return None


def _is_fixed(value: str) -> bool:
    """Tell whether a text is all there is of a password: no variable, no output of a command."""
    text = value.rpartition(":")[2]
    is_hash = text.startswith(("$1$", "$5$", "$6$", "$y$", "$2"))
    return bool(text.strip()) and value[:1] != "-" and (is_hash or ("$" not in text and "`" not in text))


def _finding(span: Span) -> Finding:
    return Finding(
        span,
        "everyone who has this file or the image knows this password; "
        "give the account none, or set it when the container starts",
    )


RULE = Rule("DO4004", "fixed-password", Severity.WARNING, Run, check, aliases=("CKV2_DOCKER_17",))
