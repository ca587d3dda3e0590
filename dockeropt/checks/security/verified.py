"""Whether a build makes sure that a file it fetches is the one that was meant."""

from functools import lru_cache

from dockeropt.checks.packages.invocations import Invocation
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.knowledge.verification import CHECKING_OPTIONS, CHECKSUM_PROGRAMS
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run


class _Checks(NamedTuple):
    """Where files are checked last."""

    in_run: dict[int, int]
    """by the offset of a RUN"""
    of_file: dict[tuple[int, str], int]
    """by the number of a stage and a name that a RUN with a check mentions"""


def is_verified(download: Invocation, build: Build) -> bool:
    """Tell whether the RUN of a download checks a file later, or a later RUN one of the same name."""
    checks = _checks_of(build)
    start = download.command.span.start
    if checks.in_run.get(download.run.instruction.span.start, -1) > start:
        return True
    names = {word.value.rpartition("/")[2] for word in download.command.words} - {""}
    return any(checks.of_file.get((download.stage.number, name), -1) > start for name in names)


@lru_cache(1)
def _checks_of(build: Build) -> _Checks:
    found = _Checks({}, {})
    for stage in build.stages:
        for view in views_with_triggers(stage):
            if not isinstance(view, Run):
                continue
            commands = commands_of(view, build)
            last = max((command.span.start for command in commands if _checks(command)), default=-1)
            if last < 0:
                continue
            found.in_run[view.instruction.span.start] = last
            for command in commands:
                for word in command.words:
                    for text in word.value.split():
                        found.of_file[stage.number, text.rpartition("/")[2]] = last
    return found


def _checks(command: Command) -> bool:
    name = command.base_name
    if name in CHECKSUM_PROGRAMS:
        return True
    options = CHECKING_OPTIONS.get(name)
    return options is not None and any(word.value in options for word in command.words)
