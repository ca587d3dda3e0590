"""DL3059: RUN after RUN."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.script import Command, Script
from dockeropt.syntax.instructions import Form, Run

_UNCOUNTED = ("", "[", "[[", "((")
"""assignments and tests"""


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every RUN of one command that follows another one with the same flags."""
    previous: Run | None = None
    for view in stage.views:
        run = view if isinstance(view, Run) and _is_short(view, build) else None
        if run is not None and previous is not None and _flags(run) == _flags(previous):
            yield Finding(
                run.instruction.keyword_span,
                "this RUN follows another one; join them with `&&` to make one step and one layer",
            )
        previous = run


def _flags(run: Run) -> frozenset[str]:
    return frozenset(
        f"{flag.name}={flag.value.value if flag.value else ''}" for flag in run.instruction.flags
    )


def _is_short(run: Run, build: Build) -> bool:
    """Tell whether a RUN is one command, what is given to a shell of its own counting as one."""
    if run.command.form is Form.EXEC:
        return True
    script = build.script_of(run)
    if script is None:
        return _is_short_text(run)
    return _count(script) <= 1


def _count(script: Script) -> int:
    """Return how many commands a script has, what a shell or `find` of its own runs counting as one."""
    inner = [each.span for each in script.inner]
    marks = [operator.span.start for operator in script.operators]
    count = len(inner)
    last: Command | None = None
    for command in script.commands:
        at = command.span.start
        if command.name in _UNCOUNTED or command.wrappers[-1:] == ("find",):
            continue
        if any(span.start <= at < span.end for span in inner):
            continue
        is_same = last is not None and command.wrappers and command.wrappers == last.wrappers
        if last is None or not is_same or any(last.span.start < mark < at for mark in marks):
            count += 1
        last = command
    return count


def _is_short_text(run: Run) -> bool:
    """Tell whether a script of another shell, such as PowerShell, is one command."""
    bodies = [heredoc.body.text.strip() for heredoc in run.instruction.heredocs]
    return not any(
        mark in text for text in [run.command.script.text, *bodies] for mark in (";", "&", "|", "\n")
    )


RULE = Rule("DL3059", "consecutive-runs", Severity.INFO, Stage, check)
