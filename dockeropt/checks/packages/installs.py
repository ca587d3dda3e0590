"""Commands that install packages: whose, and what of the project they read."""

from collections.abc import Iterator
from functools import lru_cache

from dockeropt.checks.packages.invocations import program_of
from dockeropt.checks.shell.commands import commands_of
from dockeropt.knowledge.package_manager import PackageManager, Reads, Subcommand
from dockeropt.knowledge.package_managers import BY_PROGRAM
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.tree import Word

_ARCHIVES = (".whl", ".tar.gz", ".tgz", ".zip", ".gem")


class Install(NamedTuple):
    """A command that installs. ``line`` is its shortest form: ``pip install -r requirements.txt``."""

    manager: PackageManager
    command: Command
    reads: Reads
    line: str
    manifests: tuple[str, ...]
    """files named by ``-r`` and the like"""
    packages: tuple[Word, ...]


def installs_of(run: Run, build: Build) -> tuple[Install, ...]:
    """Return every command of a RUN that installs packages."""
    known, at = _known(build), run.instruction.span.start
    if at not in known:
        commands = commands_of(run, build)
        known[at] = tuple([found for each in commands if (found := read_install(each)) is not None])
    return known[at]


@lru_cache(1)
def _known(build: Build) -> dict[int, tuple[Install, ...]]:
    """Return the installs that have been read of a build so far, by the offset of the RUN."""
    return {}


def read_install(command: Command) -> Install | None:
    """Return what a command installs, None where it does not, or where it fetches nothing."""
    name, words = _program(command)
    manager = BY_PROGRAM.get(name)
    if manager is None or command.has_flag("--help", "--version"):
        return None
    if not manager.offline_options.isdisjoint(word.value for word in words):
        return None
    if manager.takes_goals:
        words = tuple(word for word in words if not word.value.startswith("-D"))
    given = command._replace(words=words)
    operands = given.operands(manager.valued_options)
    if operands and operands[0].value.startswith("+"):
        operands = operands[1:]
    found = _goal(manager, operands) if manager.takes_goals else _subcommand(manager, operands)
    if found is None:
        return None
    packages = () if manager.takes_goals else operands[len(found.words) :]
    manifests = tuple(_values_of(words, manager.manifest_options))
    line = " ".join((name, *found.words, *(f"-r {manifest}" for manifest in manifests)))
    reads = _reads(manager, found, given, packages, manifests)
    return None if reads is None else Install(manager, command, reads, line, manifests, packages)


def _program(command: Command) -> tuple[str, tuple[Word, ...]]:
    """Return program and arguments behind ``python -m`` and ``corepack``, pip without its version."""
    name, words = program_of(command)
    if name in ("corepack", "php") and words and words[0].value.rpartition("/")[2] in BY_PROGRAM:
        name, words = words[0].value.rpartition("/")[2], words[1:]
    return name, words


def _subcommand(manager: PackageManager, operands: tuple[Word, ...]) -> Subcommand | None:
    values = tuple(word.value for word in operands)
    for subcommand in manager.subcommands:
        if values[: len(subcommand.words)] == subcommand.words and (subcommand.words or not values):
            return subcommand
    return None


def _goal(manager: PackageManager, operands: tuple[Word, ...]) -> Subcommand | None:
    """Return what reads most of the goals given, ``:app:build`` and a plugin's full name included."""
    values = [word.value for word in operands]
    best: Subcommand | None = None
    for subcommand in manager.subcommands:
        goal = subcommand.words[0]
        last = goal.rpartition(":")[2]
        for value in values:
            if value == goal or value.endswith(":" + last):
                found = Subcommand((value,), subcommand.reads)
                if subcommand.reads is Reads.SOURCES:
                    return found
                best = best or found
    return best


def _values_of(words: tuple[Word, ...], options: frozenset[str]) -> Iterator[str]:
    """Yield the values of all occurrences of these options."""
    for number, word in enumerate(words):
        option, equals, value = word.value.partition("=")
        if option not in options:
            if option[:2] in options and len(option) > 2:
                yield word.value[2:]
        elif equals:
            yield value
        elif number + 1 < len(words):
            yield words[number + 1].value


def _reads(
    manager: PackageManager,
    found: Subcommand,
    command: Command,
    packages: tuple[Word, ...],
    manifests: tuple[str, ...],
) -> Reads | None:
    """Return what the command reads, its arguments considered; None where it installs nothing."""
    if found.reads is Reads.SOURCES:
        return Reads.NOTHING if any(_is_remote(word.value) for word in packages) else Reads.SOURCES
    if manager.is_system or manager.takes_goals:
        return found.reads
    local = [*(word.value for word in packages), *_values_of(command.words, manager.local_options)]
    if any(_is_local(path) for path in local):
        return None if all(path.endswith(_ARCHIVES) for path in local) else Reads.SOURCES
    if manifests:
        return Reads.NOTHING if any("://" in manifest for manifest in manifests) else Reads.MANIFESTS
    if found.reads is Reads.MANIFESTS:
        names_packages = bool(packages) and found.words in (("install",), ("i",), ("add",))
        return Reads.NOTHING if names_packages else Reads.MANIFESTS
    return Reads.NOTHING if local else None


def _is_remote(package: str) -> bool:
    """Tell whether a package is named by its address: ``github.com/owner/tool``, ``tool@v1.2``."""
    return "@" in package or ("/" in package and "." in package.partition("/")[0].strip("."))


@lru_cache(512)
def _is_local(path: str) -> bool:
    """Tell whether a package is a folder of the project: ``.``, ``./lib``, ``.[dev]``, ``/app``."""
    return path in (".", "..") or path.startswith(("./", "../", ".[", "/", "file:"))
