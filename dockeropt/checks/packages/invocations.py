"""Where a build runs which program, package managers by their own name however they are called."""

from collections.abc import Iterator
from functools import lru_cache

from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.tree import Word

_NESTED = {("uv", "pip"): "uv pip", ("uv", "tool"): "uv tool"}
"""managers that are a subcommand of another program"""


Lines = tuple[tuple[str, ...], ...]
"""subcommands, each as the words it is written with"""


class Invocation(NamedTuple):
    """A command of a RUN, its words those behind ``python -m pip`` or ``uv pip``."""

    stage: Stage
    run: Run
    command: Command


def invocations_of(programs: tuple[str, ...], build: Build) -> Iterator[Invocation]:
    """Yield each time one of these programs is run, what ONBUILD puts aside included."""
    every = _invocations(build)
    for program in programs:
        yield from every.get(program, ())


def every_invocation(build: Build) -> Iterator[Invocation]:
    """Yield each command of a build, whatever it runs, program by program."""
    for found in _invocations(build).values():
        yield from found


def program_of(command: Command) -> tuple[str, tuple[Word, ...]]:
    """Return program and arguments behind ``python -m``, pip without its version."""
    name, words = command.base_name, command.words
    if not words:
        return name, words
    if name.startswith(("python", "pypy")) and len(words) > 1 and words[0].value == "-m":
        name, words = words[1].value, words[2:]
    if name.startswith("pip") and not name[3:].strip("-0123456789."):
        name = "pip"
    return name, words


def subcommand_words(operands: tuple[Word, ...], subcommands: Lines) -> tuple[Word, ...]:
    """Return the first operands when they are one of these subcommands, else none."""
    for subcommand in subcommands:
        words = operands[: len(subcommand)]
        if tuple(word.value for word in words) == subcommand:
            return words
    return ()


def is_one_of(operands: tuple[Word, ...], subcommands: Lines) -> bool:
    """Tell whether the operands begin with one of these subcommands; an empty one is no operand at all."""
    return bool(subcommand_words(operands, subcommands)) or (not operands and () in subcommands)


@lru_cache(1)
def _invocations(build: Build) -> dict[str, list[Invocation]]:
    """Return all commands of a build by program."""
    found: dict[str, list[Invocation]] = {}
    for stage in build.stages:
        for view in views_with_triggers(stage):
            if not isinstance(view, Run):
                continue
            for command in commands_of(view, build):
                name, words = program_of(command)
                if words and (name, words[0].value) in _NESTED:
                    name, words = _NESTED[name, words[0].value], words[1:]
                found.setdefault(name, []).append(Invocation(stage, view, command._replace(words=words)))
    return found
