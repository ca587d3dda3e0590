"""DO1005: a clone of a branch that the cache keeps whatever is pushed to it."""

import re
from collections.abc import Iterator

from dockeropt.checks.packages.invocations import Invocation, invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.words import words
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Copy
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
    return any(
        later.command.span.start > command.span.start
        and later.stage.number == invocation.stage.number
        and not {word.value for word in later.command.words}.isdisjoint(_PINNING)
        for later in invocations_of(("git",), build)
    )


def _is_remote(address: Word) -> bool:
    return "://" in address.value or address.value.startswith("git@")


def _is_asked_anew(invocation: Invocation, address: Word, build: Build) -> bool:
    """Tell whether something before the step changes when the branch does, or when somebody wants it to."""
    if any(re.search(_BUSTER, name) for name in build.scope_of(invocation.run).arguments):
        return True
    host = address.value.partition("://")[2].partition("/")[0].rpartition(".")[0]
    return any(
        isinstance(view, Copy)
        and view.is_add
        and bool(host)
        and host in source.value
        and "://" in source.value
        for view in invocation.stage.views
        if view.instruction.span.start < invocation.run.instruction.span.start
        for source in (view.sources if isinstance(view, Copy) else ())
    )


RULE = Rule("DO1005", "clone-kept-in-cache", Severity.INFO, Build, check, aliases=("prefer-add-git",))
