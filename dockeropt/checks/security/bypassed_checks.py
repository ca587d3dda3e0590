"""DO4002, DO4005: what is fetched without a check of where it comes from."""

from collections.abc import Iterator

from dockeropt.checks.packages.invocations import Invocation, every_invocation, invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.security.bypass_fix import download_fix, has_letter, package_fix
from dockeropt.checks.security.verified import is_verified
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding
from dockeropt.knowledge.verification import (
    BYPASSES,
    BYPASSING_VARIABLES,
    DOWNLOAD_BYPASSES,
    DOWNLOAD_BYPASSING_VARIABLES,
    Bypass,
)
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Arg, Env
from dockeropt.syntax.tree import Word

_REMOVING = ("remove", "purge", "autoremove", "erase", "del", "clean")
_LOCAL = ("https://localhost", "https://127.0.0.1", "https://[::1]")


def check_packages(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each option and variable with which a package manager no longer checks."""
    for bypass, invocation in _invocations(BYPASSES, build):
        command = invocation.command
        if command.subcommand in _REMOVING:
            continue
        for word in _options(command, bypass):
            yield Finding(
                word.span,
                f"with `{word.value}` `{command.base_name}` no longer checks where packages come from",
                package_fix(word, bypass, invocation, build),
            )
    for word, name in _variables(BYPASSING_VARIABLES, build):
        yield Finding(word.span, f"with `{name}` set, it is no longer checked where packages come from")


def check_downloads(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each option and variable with which any server's certificate will do."""
    for bypass, invocation in _invocations(DOWNLOAD_BYPASSES, build):
        command = invocation.command
        if any(word.value.startswith(_LOCAL) for word in command.words) or is_verified(invocation, build):
            continue
        advice = "remove it" if bypass.settings else "remove it, or check the file's hash"
        for word in _options(command, bypass):
            yield Finding(
                word.span,
                f"with `{word.value}` `{command.base_name}` takes what any server in between sends; {advice}",
                download_fix(word, bypass, invocation, build),
            )
    for word, name in _variables(DOWNLOAD_BYPASSING_VARIABLES, build):
        yield Finding(
            word.span,
            f"with `{name}` set, any server's certificate will do; remove it, "
            "or add the missing certificate to the image",
        )


def _invocations(bypasses: tuple[Bypass, ...], build: Build) -> Iterator[tuple[Bypass, Invocation]]:
    for bypass in bypasses:
        for invocation in invocations_of(bypass.programs, build):
            yield bypass, invocation


def _options(command: Command, bypass: Bypass) -> Iterator[Word]:
    for number, word in enumerate(command.words):
        value = word.value.lower()
        before = command.words[number - 1].value if number else ""
        setting = value.partition("=")[2] if value.startswith("--") else value
        if bypass.options.intersection((value, value.partition("=")[0])) or has_letter(word.value, bypass):
            yield word
        elif before in ("-o", "-c", "--option", "--setopt") or value.startswith(
            ("-o", "--option=", "--setopt=")
        ):
            if setting.endswith(bypass.settings):
                yield word
        elif number and "config" in [each.value for each in command.words[:number]]:
            after = command.words[number + 1].value.lower() if number + 1 < len(command.words) else ""
            if any(_says(setting, value, after) for setting in bypass.settings):
                yield word


def _says(setting: str, value: str, after: str) -> bool:
    """Tell whether a word, or a word and the one after it, is this setting: ``strict-ssl false``."""
    name, equals, needed = setting.partition("=")
    return value.endswith(setting) or (bool(equals) and value.endswith(name) and after == needed)


def _variables(variables: dict[str, str], build: Build) -> Iterator[tuple[Word, str]]:
    """Yield each place where one of these variables is set to what switches a check off."""
    for stage in build.stages:
        for view in views_with_triggers(stage):
            if isinstance(view, Env | Arg):
                for pair in view.pairs:
                    if pair.value is not None and _is_off(pair.key.value, pair.value.value, variables):
                        yield pair.key, pair.key.value
    for invocation in every_invocation(build):
        command = invocation.command
        exported = command.words if command.name == "export" else ()
        for word in (*command.assignments, *exported):
            name, _equals, value = word.value.partition("=")
            if _is_off(name, value, variables):
                yield word, name


def _is_off(name: str, value: str, variables: dict[str, str]) -> bool:
    needed = variables.get(name.upper())
    return needed is not None and bool(value) and (not needed or value.lower() == needed)


RULES = (
    Rule(
        "DO4002",
        "unverified-packages",
        Severity.WARNING,
        Build,
        check_packages,
        fixes=Applicability.UNSAFE,
        aliases=tuple(f"CKV2_DOCKER_{number}" for number in (4, 7, 8, 9, 10, 11, 12, 13, 15, 16)),
    ),
    Rule(
        "DO4005",
        "unchecked-certificate",
        Severity.WARNING,
        Build,
        check_downloads,
        fixes=Applicability.UNSAFE,
        aliases=tuple(f"CKV2_DOCKER_{number}" for number in (2, 3, 5, 6, 14)),
    ),
)
