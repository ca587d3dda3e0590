"""DO4002: packages installed without a check of where they come from."""

from collections.abc import Iterator

from dockeropt.checks.packages.invocations import invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.verification import BYPASSES, BYPASSING_VARIABLES, Bypass
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Arg, Env
from dockeropt.syntax.tree import Word


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each option and variable with which a package manager no longer checks."""
    for bypass in BYPASSES:
        for invocation in invocations_of(bypass.programs, build):
            command = invocation.command
            for word in _options(command, bypass):
                yield Finding(
                    word.span,
                    f"with `{word.value}` `{command.base_name}` no longer checks where packages come from",
                )
            for assignment in command.assignments:
                name, _equals, value = assignment.value.partition("=")
                if _is_bypassing(name, value):
                    yield _variable(assignment, name)
    for stage in build.stages:
        for view in views_with_triggers(stage):
            if isinstance(view, Env | Arg):
                for pair in view.pairs:
                    if pair.value is not None and _is_bypassing(pair.key.value, pair.value.value):
                        yield _variable(pair.key, pair.key.value)


def _options(command: Command, bypass: Bypass) -> Iterator[Word]:
    if command.subcommand in ("remove", "purge", "autoremove", "erase", "del", "clean"):
        return
    for number, word in enumerate(command.words):
        value = word.value.lower()
        before = command.words[number - 1].value if number else ""
        setting = value.partition("=")[2] if value.startswith("--") else value
        if value in bypass.options or value.partition("=")[0] in bypass.options:
            yield word
        elif before in ("-o", "--option", "--setopt") or value.startswith(("-o", "--option=", "--setopt=")):
            if setting.endswith(bypass.settings):
                yield word
        elif before == "set" and number > 1 and command.words[number - 2].value == "config":
            after = command.words[number + 1].value.lower() if number + 1 < len(command.words) else ""
            if value.endswith(bypass.settings) or f"{value}={after}".endswith(bypass.settings):
                yield word


def _is_bypassing(name: str, value: str) -> bool:
    needed = BYPASSING_VARIABLES.get(name.upper())
    return needed is not None and bool(value) and (not needed or value.lower() == needed)


def _variable(word: Word, name: str) -> Finding:
    return Finding(word.span, f"with `{name}` set, it is no longer checked where packages come from")


RULE = Rule(
    "DO4002",
    "unverified-packages",
    Severity.WARNING,
    Build,
    check,
    aliases=tuple(f"CKV2_DOCKER_{number}" for number in (4, 7, 8, 9, 11, 12, 13, 15, 16)),
)
