"""DO2005: a temporary folder that is still in its layer."""

import re
from collections.abc import Iterator

from dockeropt.checks.packages.removal import is_on_mount
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.chains import append_command
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, fix_of
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each variable that is given a temporary folder which its RUN does not remove."""
    for stage in shipped_stages(build):
        for view in stage.views:
            if isinstance(view, Run):
                yield from _in_run(view, build)


def _in_run(run: Run, build: Build) -> Iterator[Finding]:
    commands = commands_of(run, build)
    if is_on_mount(run.mounts, "/tmp/x"):  # noqa: S108 - the folder that mktemp makes its own in
        return
    removed = _removed(commands)
    for command in commands:
        exported = command.words if command.name in ("export", "local", "declare", "readonly") else ()
        for word in (*command.assignments, *exported):
            name, equals, value = word.value.partition("=")
            if equals and _makes_folder(value) and name not in removed:
                yield Finding(
                    word.span,
                    f'what is put into `${name}` stays in the layer; end this RUN with `rm -rf "${name}"`',
                    fix_of(
                        f'end with `rm -rf "${name}"`',
                        None if command.depth else append_command(f'rm -rf "${name}"', run, build),
                        applicability=Applicability.UNSAFE,
                    ),
                )


def _removed(commands: tuple[Command, ...]) -> frozenset[str]:
    """Return the variables in the arguments of the commands that remove or move files, traps included."""
    return frozenset(
        name
        for command in commands
        if command.base_name in ("rm", "trap", "mv", "find")
        for word in command.words
        for name in re.findall(r"\$\{?(\w+)", word.value)
    )


def _makes_folder(value: str) -> bool:
    return value.strip("\"'").startswith(("$(mktemp -d", "`mktemp -d"))


RULE = Rule(
    "DO2005",
    "kept-temporary-folder",
    Severity.INFO,
    Build,
    check,
    fixes=Applicability.UNSAFE,
    aliases=("rmRecursiveAfterMktempD",),
)
