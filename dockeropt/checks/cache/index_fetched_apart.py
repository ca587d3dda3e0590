"""DO1004: a package index that grows old in the cache."""

from collections.abc import Iterator

from dockeropt.checks.packages.invocations import Invocation, invocations_of
from dockeropt.checks.packages.removal import removes
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.package_indexes import PACKAGE_INDEXES, PackageIndex
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command

_READERS = ("apt-cache", "apt-file", "gdebi", "sh", "ash", "bash", "dash", "zsh", "source", ".")
"""programs that read the index, and shells given a script that may install"""


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each fetch of a package index that its RUN makes no use of."""
    for index in PACKAGE_INDEXES:
        for invocation in invocations_of(index.programs, build):
            command = invocation.command
            operands = command.operands(index.valued_options)
            if operands and operands[0].value == index.fetches and not _is_used(invocation, index, build):
                yield Finding(
                    command.span,
                    f"the step of `{command.base_name} {index.fetches}` stays in the cache while its index "
                    "grows old, and later installs fail or give old packages; join it with the install",
                )


def _is_used(invocation: Invocation, index: PackageIndex, build: Build) -> bool:
    """Tell whether a later command of the RUN uses, fetches or removes the index, or may do so."""
    # From the last one: where many fetch and use, the answer is near the end for all of them.
    for command in reversed(commands_of(invocation.run, build)):
        if command.span.start > invocation.command.span.start and _uses(command, index):
            return True
    return False


def _uses(command: Command, index: PackageIndex) -> bool:
    name = command.base_name
    if name in index.programs:
        operands = command.operands(index.valued_options)
        return bool(operands) and operands[0].value in index.uses
    return "install" in name or name in _READERS or name.endswith(".sh") or removes(command, index.folder, "")


RULE = Rule(
    "DO1004",
    "index-fetched-apart",
    Severity.WARNING,
    Build,
    check,
    aliases=("DS-0017", "CKV_DOCKER_5"),
)
