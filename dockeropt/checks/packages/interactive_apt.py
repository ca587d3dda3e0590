"""DL3027: apt, which is made for people."""

from collections.abc import Iterator

from dockeropt.checks.packages.invocations import Invocation, invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.knowledge.system_managers import APT
from dockeropt.knowledge.words import words
from dockeropt.semantics.build import Build
from dockeropt.syntax.tree import Word

_INSTEAD = {
    "search": "apt-cache search",
    "show": "apt-cache show",
    "policy": "apt-cache policy",
    "depends": "apt-cache depends",
    "list": "dpkg-query --list",
    "full-upgrade": "apt-get dist-upgrade",
}
_SAME = words(
    "autoclean autoremove build-dep check clean dist-upgrade download full-upgrade install purge "
    "remove source update upgrade"
)
"""actions that apt-get has too, ``full-upgrade`` as ``dist-upgrade``"""
_LIKE = frozenset(("policy", "search", "show", "upgrade"))
"""actions that print or do something else there: ``apt upgrade`` installs new packages, apt-get does not"""


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
            _fix(invocation, operands, build),
        )


def _fix(invocation: Invocation, operands: tuple[Word, ...], build: Build) -> Fix | None:
    """Return the fix that writes the other program, and the other action where it has another name."""
    from dockeropt.checks.shell.word_edits import replace_words

    command, run = invocation.command, invocation.run
    if command.program is None or command.program.raw != "apt" or not operands:
        return None
    action = operands[0]
    program, _, other = _INSTEAD.get(action.value, "apt-get").partition(" ")
    if program == "dpkg-query" or (program == "apt-get" and action.value not in _SAME):
        return None
    edits = [replace_words(command.program, command.program, program, run, build)]
    if other and other != action.value:
        edits.append(replace_words(action, action, other, run, build))
    applicability = Applicability.UNSAFE if action.value in _LIKE else Applicability.SAFE
    return fix_of(f"write `{program} {other or action.value}`", *edits, applicability=applicability)


RULE = Rule("DL3027", "interactive-apt", Severity.WARNING, Build, check, fixes=Applicability.SAFE)
