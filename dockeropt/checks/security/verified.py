"""Whether a build makes sure that a file it fetches is the one that was meant."""

from functools import lru_cache

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
    for run, last in _checking_runs(build).get(download.stage.number, ()):
        is_same = run.instruction.span.start == download.run.instruction.span.start
        if last > start and (is_same or _is_named(names, commands_of(run, build))):
            return True
    return False


@lru_cache(1)
def _checking_runs(build: Build) -> dict[int, list[tuple[Run, int]]]:
    """Return by stage the RUNs that check a file, each with where the last command that does so begins."""
    found: dict[int, list[tuple[Run, int]]] = {}
    for stage in build.stages:
        for view in stage.views:
            if isinstance(view, Run):
                starts = [each.span.start for each in commands_of(view, build) if _checks(each)]
                if starts:
                    found.setdefault(stage.number, []).append((view, max(starts)))
    return found


def _checks(command: Command) -> bool:
    name = command.base_name
    if name in CHECKSUM_PROGRAMS:
        return True
    options = CHECKING_OPTIONS.get(name)
    return options is not None and any(word.value in options for word in command.words)


def _is_named(names: set[str], commands: tuple[Command, ...]) -> bool:
    return any(name in word.value for command in commands for word in command.words for name in names)
