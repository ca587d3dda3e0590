"""Whether a build makes sure that a file it fetches is the one that was meant."""

from dockeropt.checks.packages.invocations import Invocation
from dockeropt.checks.shell.commands import commands_of
from dockeropt.knowledge.verification import CHECKING_OPTIONS, CHECKSUM_PROGRAMS
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run


def is_verified(download: Invocation, build: Build) -> bool:
    """Tell whether the RUN of a download checks a file later, or a later RUN one of the same name."""
    start = download.command.span.start
    names = {word.value.rpartition("/")[2] for word in download.command.words} - {""}
    for view in download.stage.views:
        if not isinstance(view, Run) or view.instruction.span.start < download.run.instruction.span.start:
            continue
        is_same = view.instruction.span.start == download.run.instruction.span.start
        commands = commands_of(view, build)
        is_checked = any(command.span.start > start and _checks(command) for command in commands)
        if is_checked and (is_same or _is_named(names, commands)):
            return True
    return False


def _checks(command: Command) -> bool:
    name = command.base_name
    if name in CHECKSUM_PROGRAMS:
        return True
    options = CHECKING_OPTIONS.get(name)
    return options is not None and any(word.value in options for word in command.words)


def _is_named(names: set[str], commands: tuple[Command, ...]) -> bool:
    return any(name in word.value for command in commands for word in command.words for name in names)
