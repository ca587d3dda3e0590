"""DL3015: apt-get install that takes recommended packages along."""

from collections.abc import Iterator

from dockeropt.checks.packages.configuration import configured_from, is_set
from dockeropt.checks.packages.invocations import invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.package_manager_settings import APT_WITHOUT_RECOMMENDS
from dockeropt.knowledge.system_managers import APT
from dockeropt.semantics.build import Build


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the word ``install`` of every install without --no-install-recommends."""
    for invocation in invocations_of(("apt-get",), build):
        command = invocation.command
        operands = command.operands(APT.valued_options)
        if not operands or operands[0].value != "install" or command.has_flag("--no-install-recommends"):
            continue
        configured = configured_from(APT_WITHOUT_RECOMMENDS, build)
        if not is_set(invocation, APT_WITHOUT_RECOMMENDS, configured):
            yield Finding(
                operands[0].span,
                "`apt-get install` also installs what the packages recommend; add `--no-install-recommends`",
            )


RULE = Rule("DL3015", "apt-recommends", Severity.INFO, Build, check)
