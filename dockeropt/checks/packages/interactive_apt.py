"""DL3027: apt, which is made for people."""

from collections.abc import Iterator

from dockeropt.checks.packages.invocations import invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.system_managers import APT
from dockeropt.semantics.build import Build

_INSTEAD = {
    "search": "apt-cache search",
    "show": "apt-cache show",
    "policy": "apt-cache policy",
    "depends": "apt-cache depends",
    "list": "dpkg-query --list",
    "full-upgrade": "apt-get dist-upgrade",
}


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the word ``apt`` of each command."""
    for invocation in invocations_of(("apt",), build):
        command = invocation.command
        operands = command.operands(APT.valued_options)
        action = operands[0].value if operands else ""
        instead = _INSTEAD.get(action) or f"apt-get {action}".rstrip()
        yield Finding(
            command.program.span if command.program else command.span,
            f"`apt` is made for people and may change with each release; write `{instead}`",
        )


RULE = Rule("DL3027", "interactive-apt", Severity.WARNING, Build, check)
