"""DL3015: apt-get install that takes recommended packages along."""

from collections.abc import Iterator

from dockeropt.checks.packages.configuration import configured_from, is_set
from dockeropt.checks.packages.invocations import Invocation, invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.knowledge.package_manager_settings import APT_WITHOUT_RECOMMENDS
from dockeropt.knowledge.system_managers import APT
from dockeropt.semantics.build import Build
from dockeropt.syntax.tree import Word


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
                _fix(invocation, operands[0], build),
            )


def _fix(invocation: Invocation, install: Word, build: Build) -> Fix | None:
    """Return the fix that writes the option behind those that follow the word ``install``."""
    from dockeropt.checks.shell.word_edits import insert_word

    words = invocation.command.words
    after = install
    for word in words[words.index(install) + 1 :]:
        if word.value in APT.valued_options or word.value == "--" or not word.value.startswith("-"):
            break
        after = word
    return fix_of(
        "add `--no-install-recommends`",
        insert_word(after, "--no-install-recommends", invocation.run, build),
        applicability=Applicability.UNSAFE,
    )


RULE = Rule("DL3015", "apt-recommends", Severity.INFO, Build, check, fixes=Applicability.UNSAFE)
