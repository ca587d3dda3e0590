"""DO7011: options that Bundler no longer has."""

import re
from collections.abc import Iterator
from itertools import takewhile

from dockeropt.checks.packages.invocations import Invocation, invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.chains import may_precede
from dockeropt.checks.shell.word_edits import is_open, remove_word
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import insert
from dockeropt.syntax.tree import Word

_SWITCHES = ("--clean", "--deployment", "--frozen", "--no-prune")
_LISTS = ("--with", "--without")
_VALUED = ("--path", *_LISTS)
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
                    _fix(word, invocation, build),
                )


def _fix(word: Word, invocation: Invocation, build: Build) -> Fix | None:
    """Return the fix that writes a setting before the command, where the option's value is certain."""
    command, run = invocation.command, invocation.run
    option, equals, value = word.value.partition("=")
    behind = command.words[command.words.index(word) + 1 :]
    values: tuple[Word, ...] = ()
    if option in _SWITCHES and not equals:
        value = "true"
    elif option in _VALUED and not equals:
        values = tuple(takewhile(lambda each: not each.value.startswith("-"), behind))
        values = values if option in _LISTS else values[:1]
        value = ":".join(part for each in values for part in each.value.split())
    elif option not in _VALUED:
        return None
    if not re.fullmatch(r"[\w./:@+-]+", value) or not is_open(word.span, run, build):
        return None
    first = may_precede(command, run, build)
    if first is None:
        return None
    setting = f"bundle config set --local {_SETTINGS[option]} {value.replace(' ', ':')}"
    removed = [remove_word(each, run, build) for each in (word, *values)]
    return fix_of(
        f"write `{setting}`", insert(first, f"{setting} && "), *removed, applicability=Applicability.UNSAFE
    )


RULE = Rule(
    "DO7011",
    "removed-bundler-option",
    Severity.WARNING,
    Build,
    check,
    fixes=Applicability.UNSAFE,
    aliases=("deprecated-bundler-install-flags",),
)
