"""DO3009: a debugger that slows the program down."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Run

_INSTALLERS = (
    "apk",
    "apt",
    "apt-get",
    "dnf",
    "docker-php-ext-enable",
    "install-php-extensions",
    "pecl",
    "pie",
    "yum",
)
_REMOVING = ("del", "purge", "remove", "uninstall")
_DEVELOPMENT = ("debug", "dev", "test")
"""what the name of a stage that is made for people at work has in it"""


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding where Xdebug comes into the image."""
    for stage in shipped_stages(build):
        if stage.name is not None and any(word in stage.name for word in _DEVELOPMENT):
            continue
        for view in stage.views:
            if isinstance(view, Run):
                yield from _in_run(view, build)


def _in_run(run: Run, build: Build) -> Iterator[Finding]:
    for command in commands_of(run, build):
        # What stands in an `if` is asked for by a build argument.
        if command.depth or command.base_name not in _INSTALLERS or command.subcommand in _REMOVING:
            continue
        for word in command.words:
            name = word.value.lower().partition("=")[0]
            if name.startswith("xdebug") or name.endswith("-xdebug"):
                yield Finding(
                    word.span,
                    f"`{word.value}` makes every request slower and lets a debugger run code; "
                    "install it in a stage of its own, for development",
                )
                return


RULE = Rule(
    "DO3009", "debugger-in-image", Severity.WARNING, Build, check, aliases=("no-xdebug-in-final-image",)
)
