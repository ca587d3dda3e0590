"""DO1005: a clone of a branch that the cache keeps whatever is pushed to it."""

import re
from collections.abc import Iterator
from functools import lru_cache

from dockeropt.checks.packages.invocations import Invocation, invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.words import words
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Arg, Copy
from dockeropt.syntax.tree import Word

_VALUED = words(
    "-b --branch --depth -o --origin -u --upload-pack --reference --reference-if-able --separate-git-dir -j "
    "--jobs --template -c --config --filter --shallow-since --shallow-exclude --revision"
)
_PINNING = ("checkout", "reset", "switch", "fetch", "verify-commit", "verify-tag")
_BUSTER = r"(?i)cache.?(?:bust|break|date|invalid)|(?:bust|break|invalidate).?cache|no.?cache"
"""names of arguments that are given a new value to run a step again"""


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the address of each clone whose content its step's text does not tell."""
    for invocation in invocations_of(("git",), build):
        operands = invocation.command.operands(_VALUED)
        if len(operands) < 2 or operands[0].value != "clone" or _is_fixed(invocation, build):
            continue
        address = operands[1]
        if not _is_remote(address) or _is_asked_anew(invocation, address, build):
            continue
        yield Finding(
            address.span,
            "this step stays in the cache whatever is pushed there, so a build gets an old state; "
            "name a tag by `--branch`, or write ADD with this address, which asks for each build",
        )


def _is_fixed(invocation: Invocation, build: Build) -> bool:
    """Tell whether a step says which commit, or a variable does, whose new value runs the step again."""
    command = invocation.command
    branch = command.option_value("-b", "--branch", "--revision")
    if branch is not None and any(character.isdigit() or character == "$" for character in branch):
        return True
    return _known(build).pinned.get(invocation.stage.number, -1) > command.span.start


def _is_remote(address: Word) -> bool:
    return "://" in address.value or address.value.startswith("git@")


def _is_asked_anew(invocation: Invocation, address: Word, build: Build) -> bool:
    """Tell whether something before the step changes when the branch does, or when somebody wants it to."""
    known = _known(build)
    arguments = build.scope_of(invocation.run).arguments
    if any(name in arguments for name in known.busters):
        return True
    start = invocation.run.instruction.span.start
    first = known.downloads.get((invocation.stage.number, _owner(address.value)))
    return first is not None and first < start


def _owner(address: str) -> str:
    """Return whose server an address names: ``example`` for ``https://api.example.com/``."""
    return address.partition("://")[2].partition("/")[0].rpartition(".")[0].rpartition(".")[2]


class _Known(NamedTuple):
    """What in a build keeps a clone from growing old."""

    pinned: dict[int, int]
    """where a commit is last chosen, by the number of the stage"""
    busters: tuple[str, ...]
    downloads: dict[tuple[int, str], int]
    """place of the first ADD that downloads, by the number of the stage and whose server it is"""


@lru_cache(1)
def _known(build: Build) -> _Known:
    found = _Known({}, tuple(_busters(build)), {})
    for invocation in invocations_of(("git",), build):
        if not {word.value for word in invocation.command.words}.isdisjoint(_PINNING):
            number, start = invocation.stage.number, invocation.command.span.start
            found.pinned[number] = max(start, found.pinned.get(number, -1))
    for stage in build.stages:
        for view in stage.views:
            for source in view.sources if isinstance(view, Copy) and view.is_add else ():
                if "://" in source.value:
                    key = stage.number, _owner(source.value)
                    found.downloads.setdefault(key, view.instruction.span.start)
    return found


def _busters(build: Build) -> Iterator[str]:
    for view in (*build.global_views, *(view for stage in build.stages for view in stage.views)):
        for pair in view.pairs if isinstance(view, Arg) else ():
            if re.search(_BUSTER, pair.key.value):
                yield pair.key.value


RULE = Rule("DO1005", "clone-kept-in-cache", Severity.INFO, Build, check, aliases=("prefer-add-git",))
