"""Commands of a stage that make a program out of sources."""

from collections.abc import Iterator

from dockeropt.checks.shell.commands import commands_of
from dockeropt.knowledge.build_tools import BY_PROGRAM
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Cmd, Entrypoint, Run

_RUNNERS = ("bun", "bunx", "npm", "npx", "pnpm", "yarn")
_SCRIPT_WORDS = ("run", "run-script")
_SYSTEM = ("apk", "apt", "apt-get", "dnf", "microdnf", "yum")
_REMOVING = ("autoremove", "del", "erase", "purge", "remove")


class BuildStep(NamedTuple):
    """A command that builds, how to call it, and what it leaves behind besides its result."""

    command: Command
    line: str
    leaves: str
    is_compiler: bool


def build_steps(stage: Stage, build: Build) -> Iterator[BuildStep]:
    """Yield the commands of a stage that build, but for those whose RUN removes packages when it is done."""
    for view in stage.views:
        if not isinstance(view, Run):
            continue
        commands = commands_of(view, build)
        if removes_packages(commands):
            continue
        for command in commands:
            step = _build_step(command)
            if step is not None:
                yield step


def removes_packages(commands: tuple[Command, ...]) -> bool:
    """Tell whether commands take away what they had installed, before their layer is made."""
    return any(command.base_name in _SYSTEM and command.subcommand in _REMOVING for command in commands)


def is_run(stages: tuple[Stage, ...]) -> bool:
    """Tell whether an image of these stages is one to run: it says what."""
    return any(isinstance(view, (Cmd, Entrypoint)) for stage in stages for view in stage.views)


def _build_step(command: Command) -> BuildStep | None:
    name, arguments = command.base_name, [word.value for word in command.arguments]
    if name in _RUNNERS and arguments and arguments[0] in BY_PROGRAM:
        name, arguments = arguments[0], arguments[1:]
    known = BY_PROGRAM.get(name)
    if known is None:
        return None
    if not known.words:
        return BuildStep(command, name, known.leaves, known.is_compiler)
    if name in ("npm", "bun") and arguments[:1] and arguments[0] not in _SCRIPT_WORDS:
        return None
    for argument in arguments:
        if argument in known.words or argument.rpartition(":")[2] in known.words:
            run = f"{arguments[0]} " if arguments[0] in _SCRIPT_WORDS else ""
            return BuildStep(command, f"{name} {run}{argument}", known.leaves, known.is_compiler)
    return None
