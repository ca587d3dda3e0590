"""DO2007: packages that only developers need are in the image."""

from collections.abc import Iterator

from dockeropt.checks.packages.invocations import Invocation, invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.assignments import values_in
from dockeropt.checks.shell.word_edits import insert_word
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.knowledge.development_packages import DEVELOPMENT_PACKAGES, DevelopmentPackages
from dockeropt.semantics.build import Build

_DEVELOPMENT = ("build", "ci", "debug", "dev", "test")
"""what the name of a stage that is made for people at work has in it"""


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each install of a project's packages that takes those for development along."""
    shipped = {stage.number for stage in shipped_stages(build)}
    for kind in DEVELOPMENT_PACKAGES:
        for invocation in invocations_of(kind.programs, build):
            name = invocation.stage.name or ""
            if invocation.stage.number not in shipped or any(word in name for word in _DEVELOPMENT):
                continue
            command = invocation.command
            if command.subcommand not in kind.subcommands or command.has_flag("--help", *kind.options):
                continue
            if not _is_off(kind, invocation, build):
                line = " ".join((kind.programs[0], command.subcommand)).rstrip()
                yield Finding(
                    command.span,
                    f"`{line}` also installs what the project lists for development and tests; {kind.advice}",
                    _fix(kind, invocation, build),
                )


def _fix(kind: DevelopmentPackages, invocation: Invocation, build: Build) -> Fix | None:
    """Return the fix that adds the option which leaves them out, where the manager has one."""
    command = invocation.command
    words = [word for word in command.words if word.value == command.subcommand]
    if "--no-dev" not in kind.options or not words:
        return None
    edit = insert_word(words[0], "--no-dev", invocation.run, build)
    return fix_of("add `--no-dev`", edit, applicability=Applicability.UNSAFE)


def _is_off(kind: DevelopmentPackages, invocation: Invocation, build: Build) -> bool:
    """Tell whether a variable or the manager's configuration leaves them out."""
    values = dict(values_in(invocation.run, build))
    for word in invocation.command.assignments:
        name, _, value = word.value.partition("=")
        values[name] = value
    if any(values.get(name) and part in values[name] for name, part in kind.variables):
        return True
    for other in invocations_of(kind.programs, build):
        words = [word.value for word in other.command.words]
        if "config" in words and any(kind.setting in word for word in words):
            return True
    return False


RULE = Rule(
    "DO2007",
    "development-packages",
    Severity.INFO,
    Build,
    check,
    fixes=Applicability.UNSAFE,
    aliases=("composer-no-dev-in-production", "missing-bundle-without-development"),
)
