"""DL3001, DL3003, DL3004, DL3046, DL4005: commands that do not belong in a build."""

import re
from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.assignments import values_in
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.source import Span

_NEEDLESS = {
    "free": "it tells of the machine that builds",
    "ifconfig": "it tells of the machine that builds",
    "kill": "a process ends with its RUN anyway",
    "mount": "a build may not mount; use RUN --mount",
    "ps": "only this RUN's own processes run",
    "service": "a service started here does not run in the container; start it by CMD or an entry point",
    "shutdown": "there is nothing to shut down",
    "ssh": "a build should need no other machine's shell; use ADD or RUN --mount=type=ssh with git",
    "top": "there is nobody to look at it",
    "vim": "there is nobody to type",
}
_SHELLS = frozenset(("ash", "bash", "builtin", "command", "dash", "sh", "zsh"))
_NEAR = 200
"""characters before a program in which the sudo that runs it stands, options and assignments between"""
_MANY = 100_000
"""user numbers from here on make useradd write a login file of many gigabytes"""


def check_needless(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every tool that makes no sense in a build."""
    for command in commands_of(run, build):
        reason = _NEEDLESS.get(command.base_name)
        if reason is not None:
            yield Finding(_program(command), f"`{command.name}` is of no use in a build: {reason}")


def check_directory(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the first ``cd`` of a RUN."""
    for command in commands_of(run, build):
        if command.name == "cd" and _SHELLS.issuperset(command.wrappers):
            from dockeropt.checks.shell.directory_fix import workdir_fix

            target = command.arguments
            named = f"`cd {target[0].raw}`" if target else "`cd`"
            yield Finding(
                command.span,
                f"{named} counts for this RUN alone; set the directory with WORKDIR before it",
                workdir_fix(command, run, build),
            )
            return


def check_sudo(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every RUN with sudo."""
    for view in views_with_triggers(stage):
        if not isinstance(view, Run):
            continue
        for command in commands_of(view, build):
            if "sudo" in command.wrappers or command.base_name == "sudo":
                from dockeropt.checks.shell.sudo_fix import fix_without_sudo

                yield Finding(
                    _sudo(command, build),
                    "sudo changes the environment and passes no signals on; "
                    "remove it where the user is root, else write USER root before this RUN",
                    fix_without_sudo(view, build),
                )
                break


def _sudo(command: Command, build: Build) -> Span:
    """Return where the word ``sudo`` stands before the program it runs."""
    start = command.span.start
    before = max(0, start - _NEAR)
    found = list(re.finditer(r"(?<![\w-])sudo(?=\s)", build.dockerfile.source.text[before:start]))
    if command.base_name == "sudo" or not found:
        return _program(command)
    return Span(before + found[-1].start(), before + found[-1].end())


def check_link(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for ``ln`` over /bin/sh."""
    for command in commands_of(run, build):
        if command.base_name == "ln" and command.arguments:
            target = command.arguments[-1]
            if target.value in ("/bin/sh", "/usr/bin/sh"):
                from dockeropt.checks.shell.shell_fix import shell_fix

                yield Finding(
                    command.span,
                    f"`{target.value}` is replaced for everything in the image; "
                    'write SHELL ["/bin/bash", "-c"] for the RUNs below',
                    shell_fix(run, build),
                )


def check_login_files(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for useradd with a high number and without ``--no-log-init``."""
    for command in commands_of(run, build):
        if command.base_name != "useradd" or command.has_flag("-l", "--no-log-init"):
            continue
        number = command.option_value("-u", "--uid") or ""
        if "$" in number:
            number = values_in(run, build).get(number.strip("${}"), "")
        if number.isdecimal() and int(number[:12]) >= _MANY:
            yield Finding(
                _program(command),
                f"user number {number} makes useradd write a login file of gigabytes into the layer; "
                "add `--no-log-init`",
                _without_log(command, run, build),
            )


def _without_log(command: Command, run: Run, build: Build) -> Fix | None:
    from dockeropt.checks.shell.word_edits import insert_word

    program = command.program
    edit = None if program is None else insert_word(program, "--no-log-init", run, build)
    return fix_of("add `--no-log-init`", edit)


def _program(command: Command) -> Span:
    return command.span if command.program is None else command.program.span


RULES = (
    Rule("DL3001", "needless-command", Severity.INFO, Run, check_needless),
    Rule("DL3003", "changed-directory", Severity.WARNING, Run, check_directory, fixes=Applicability.UNSAFE),
    Rule("DL3004", "sudo", Severity.ERROR, Stage, check_sudo, fixes=Applicability.UNSAFE),
    Rule("DL3046", "sparse-login-files", Severity.WARNING, Run, check_login_files, fixes=Applicability.SAFE),
    Rule("DL4005", "linked-shell", Severity.WARNING, Run, check_link, fixes=Applicability.UNSAFE),
)
