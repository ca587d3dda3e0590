"""DL4006: a pipe whose first command may fail unseen."""

from collections.abc import Iterator
from itertools import pairwise

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command, Operator, Script
from dockeropt.syntax.instructions import Run

_PIPES = ("|", "|&")


def check(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the first pipe of a RUN that runs without pipefail."""
    script = build.script_of(run)
    if script is None or not any(operator.text in _PIPES for operator in script.operators):
        return
    if _has_pipefail(build.scope_of(run).shell):
        return
    for operator in script.operators:
        if operator.text in _PIPES and not _is_safe(operator, script):
            yield Finding(
                operator.span,
                "only the last command of a pipe decides whether this RUN fails; "
                'set `SHELL ["/bin/bash", "-o", "pipefail", "-c"]` before it',
            )
            return


def _has_pipefail(shell: tuple[str, ...] | None) -> bool:
    return shell is not None and "pipefail" in shell


def _is_safe(pipe: Operator, script: Script) -> bool:
    """Tell whether pipefail is on where a pipe runs, or would break it."""
    for inner in script.inner:
        if inner.has_pipefail and inner.span.start <= pipe.span.start < inner.span.end:
            return True
    is_on: bool | None = None
    left: Command | None = None
    for command in script.commands:
        if command.span.start > pipe.span.start:
            break
        left = command
        if command.base_name == "set":
            is_on = _pipefail_after(command, is_on)
    # A script that switches it off has a reason. `yes` ends by SIGPIPE when its reader has read enough,
    # which pipefail would take for a failure.
    return is_on is not None or (left is not None and left.base_name == "yes")


def _pipefail_after(command: Command, is_on: bool | None) -> bool | None:
    """Return whether pipefail is on after a ``set``, None where nothing was said of it."""
    values = [word.value for word in command.words]
    for option, name in pairwise(values):
        if name == "pipefail" and option[:1] in ("-", "+") and option.endswith("o"):
            is_on = option[0] == "-"
    return is_on


RULE = Rule("DL4006", "pipe-without-pipefail", Severity.WARNING, Run, check)
