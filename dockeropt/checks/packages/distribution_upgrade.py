"""DL3035: zypper dist-upgrade in an image."""

from collections.abc import Iterator

from dockeropt.checks.packages.invocations import invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.system_managers import ZYPPER
from dockeropt.semantics.build import Build


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each ``dist-upgrade`` or ``dup``."""
    for invocation in invocations_of(ZYPPER.programs, build):
        for word in invocation.command.operands(ZYPPER.valued_options)[:1]:
            if word.value in ("dist-upgrade", "dup"):
                yield Finding(
                    word.span,
                    f"`zypper {word.value}` turns the base image into another release, which no tag tells; "
                    "choose a newer base image",
                )


RULE = Rule("DL3035", "distribution-upgrade", Severity.WARNING, Build, check)
