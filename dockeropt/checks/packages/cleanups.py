"""The fixes for downloads that stay in a layer: an option that keeps none, or a command that removes them."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from dockeropt.checks.packages.invocations import Invocation, program_of
from dockeropt.checks.packages.removal import removes
from dockeropt.checks.shell.chains import append_command, remove_command
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.shell.word_edits import insert_word
from dockeropt.diagnostics.finding import Applicability, Fix, fix_of
from dockeropt.knowledge.kept_downloads import KeptDownload
from dockeropt.knowledge.words import words
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.tree import Word

_MOST_COMMANDS = 50
"""in a RUN; of more, none is looked at whether it has become needless"""
_HARMLESS = frozenset(("env", "nice", "time", "command", "timeout"))
"""wrappers that a command to clean up does not need"""
_SHELLS = words("sh ash bash dash zsh source .")


def option_fix(
    kind: KeptDownload, invocation: Invocation, subcommand: tuple[Word, ...], is_removed: bool, build: Build
) -> Fix | None:
    """Return the fix that adds the option with which nothing is kept, and drops what is then needless."""
    if not subcommand:
        return None
    option, run = kind.options[0], invocation.run
    edits: list[Edit | None] = [insert_word(subcommand[-1], option, run, build)]
    needless: list[Command] = []
    if len(commands_of(run, build)) <= _MOST_COMMANDS:
        needless += _refresh(kind, invocation, build)
        needless += _removal(kind, run, build) if is_removed else ()
    removals = [remove_command(command, run, build) for command in needless]
    edits += [edit for edit in removals if edit is not None]
    return fix_of(f"add `{option}`", *edits)


def cleaning_fix(kind: KeptDownload, invocation: Invocation, build: Build) -> Fix | None:
    """Return the fix that ends the RUN with the command that removes what was downloaded."""
    command = invocation.command
    program = command.base_name if command.base_name in kind.programs else kind.programs[0]
    prefix = "sudo " if "sudo" in command.wrappers else ""
    if not _HARMLESS.issuperset(command.wrappers[1:] if prefix else command.wrappers):
        return None
    applicability = _applicability(kind, invocation, build)
    if applicability is Applicability.DISPLAY:
        return None
    cleaner = prefix + kind.cleaner.format(program=program)
    return fix_of(
        f"end the RUN with `{cleaner}`",
        append_command(cleaner, invocation.run, build),
        applicability=applicability,
    )


def _removal(kind: KeptDownload, run: Run, build: Build) -> Iterator[Command]:
    """Yield the commands that remove nothing but the downloads."""
    for command in commands_of(run, build):
        if command.base_name != "rm" or len(command.arguments) != 1:
            continue
        if any(removes(command, cache.target, "") for cache in kind.folders):
            yield command


def _refresh(kind: KeptDownload, invocation: Invocation, build: Build) -> Iterator[Command]:
    """Yield the command before that fetches the index, where only this one uses it."""
    commands = commands_of(invocation.run, build)
    own = [each for each in commands if each.base_name in kind.programs]
    if [each.subcommand for each in own] == ["update", *kind.subcommands[0]]:
        later = _later_uses(kind, invocation, build)
        if later is not None and True not in later:
            yield own[0]


def _applicability(kind: KeptDownload, invocation: Invocation, build: Build) -> Applicability:
    """Return how far one may remove what was downloaded; DISPLAY where a later RUN surely uses it."""
    if not kind.is_reused:
        return Applicability.SAFE if kind.is_clearing_safe else Applicability.UNSAFE
    later = _later_uses(kind, invocation, build)
    if later is None:
        return Applicability.UNSAFE
    if True in later:
        return Applicability.DISPLAY
    return Applicability.UNSAFE if None in later else Applicability.SAFE


def _later_uses(kind: KeptDownload, invocation: Invocation, build: Build) -> frozenset[bool | None] | None:
    """Return what ``_use_of`` says of the RUNs after this one; None for a trigger of ONBUILD."""
    starts, uses = _uses(kind, build)[invocation.stage.number]
    start = invocation.run.instruction.span.start
    at = bisect_left(starts, start)
    return uses[at + 1] if starts[at : at + 1] == [start] else None


_Uses = tuple[list[int], list[frozenset[bool | None]]]
"""where the RUNs of a stage begin, and what they and all later ones do; one more for those FROM the stage"""


@lru_cache(8)
def _uses(kind: KeptDownload, build: Build) -> list[_Uses]:
    """Return for each stage what its RUNs do with what an earlier one downloaded."""
    found: list[_Uses] = []
    below: dict[int, frozenset[bool | None]] = {}
    for stage in reversed(build.stages):
        runs = [view for view in stage.views if isinstance(view, Run)]
        uses = [below.get(stage.number, frozenset())]
        for run in reversed(runs):
            uses.append(uses[-1] | {_use_of(run, kind, build)})
        if stage.base_stage is not None:
            below[stage.base_stage] = below.get(stage.base_stage, frozenset()) | uses[-1]
        found.append(([run.instruction.span.start for run in runs], uses[::-1]))
    return found[::-1]


def _use_of(run: Run, kind: KeptDownload, build: Build) -> bool | None:
    """Tell whether a RUN uses what an earlier one downloaded; None where a script may do anything."""
    unknown = False
    for command in commands_of(run, build):
        name = program_of(command)[0]
        if name in kind.programs:
            if command.operands(kind.valued_options)[:1] and command.subcommand not in ("clean", "remove"):
                return command.subcommand != "update"
        elif name in _SHELLS or name.endswith(".sh") or name.startswith("./") or "install" in name:
            unknown = True
    return None if unknown else False
