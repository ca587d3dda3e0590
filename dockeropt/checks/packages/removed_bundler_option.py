"""DO7011: options that Bundler no longer has."""

from collections.abc import Iterator

from dockeropt.checks.packages.invocations import invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build

_SETTINGS = {
    "--binstubs": "bin",
    "--clean": "clean",
    "--deployment": "deployment",
    "--frozen": "frozen",
    "--no-cache": "cache_all",
    "--no-prune": "no_prune",
    "--path": "path",
    "--shebang": "shebang",
    "--system": "path.system",
    "--with": "with",
    "--without": "without",
}


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each option of ``bundle install`` that became a setting."""
    for invocation in invocations_of(("bundle", "bundler"), build):
        command = invocation.command
        if command.subcommand not in ("install", "i", "update") and not (
            command.words and command.words[0].value.startswith("-")
        ):
            continue
        for word in command.words:
            option = word.value.partition("=")[0]
            if option in _SETTINGS:
                yield Finding(
                    word.span,
                    f"`{option}` is none of Bundler 4's options, which stops the build; "
                    f"write `bundle config set --local {_SETTINGS[option]} …` before it",
                )


RULE = Rule(
    "DO7011",
    "removed-bundler-option",
    Severity.WARNING,
    Build,
    check,
    aliases=("deprecated-bundler-install-flags",),
)
