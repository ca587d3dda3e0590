"""DL3047, DL4001: wget and curl."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run

_QUIET = (
    "-q",
    "--quiet",
    "-nv",
    "--no-verbose",
    "-o",
    "--output-file",
    "-a",
    "--append-output",
    "--progress",
)
_ASKING = ("-V", "--version", "-h", "--help")


def check_progress(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the first wget of a RUN that prints a line for every few bytes."""
    for command in commands_of(run, build):
        if command.base_name == "wget" and _is_loud(command):
            program = command.program
            yield Finding(
                command.span if program is None else program.span,
                "wget fills the log with its progress bar; add `--progress=dot:giga`, or `-q` for busybox",
            )
            return


def check_both(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every RUN with wget or curl once the other one was used in the stage."""
    used: set[str] = set()
    for view in stage.views:
        if not isinstance(view, Run):
            continue
        here = {c.base_name: c for c in commands_of(view, build) if c.base_name in ("wget", "curl")}
        used.update(here)
        if here and len(used) == 2:
            command = next((c for name, c in here.items() if name == _second(here)), None)
            if command is not None:
                other = "wget" if command.base_name == "curl" else "curl"
                yield Finding(
                    command.span if command.program is None else command.program.span,
                    f"this stage uses {other} too; use one of them, so that the image needs no two",
                )


def _second(here: dict[str, Command]) -> str:
    """Return the name that came second in a RUN, or the only one."""
    return max(here, key=lambda name: here[name].span.start)


def _is_loud(command: Command) -> bool:
    if command.has_flag(*_QUIET, *_ASKING) or not command.words:
        return False
    if any(word.value.startswith("-n") and "v" in word.value for word in command.words):
        return False
    return not any(
        redirect.file_descriptor == 2 or "&" in redirect.operator for redirect in command.redirects
    )


RULES = (
    Rule("DL3047", "wget-progress-bar", Severity.INFO, Run, check_progress),
    Rule("DL4001", "wget-and-curl", Severity.WARNING, Stage, check_both),
)
