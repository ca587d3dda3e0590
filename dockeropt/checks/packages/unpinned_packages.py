"""Packages installed without a version: one fault under nine package managers."""

from collections.abc import Iterator, Mapping

from dockeropt.checks.packages.invocations import Invocation, invocations_of, subcommand_words
from dockeropt.checks.packages.own_packages import is_own
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.assignments import values_in
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.version_pins import (
    APK_PIN,
    APT_PIN,
    DNF_PIN,
    GEM_PIN,
    GO_PIN,
    NPM_PIN,
    PIP_PIN,
    YUM_PIN,
    ZYPPER_PIN,
    VersionPin,
)
from dockeropt.semantics.build import Build
from dockeropt.syntax.tree import Word


def _rule(code: str, slug: str, pin: VersionPin) -> Rule:
    """Return the rule for one manager: a finding for every install, at its first unpinned package."""

    def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
        for invocation in invocations_of(pin.programs, build):
            unpinned = _unpinned(invocation, pin, build)
            if unpinned:
                yield Finding(unpinned[0][0].span, _message([package for _, package in unpinned], pin))

    return Rule(code, slug, Severity.WARNING, Build, check, programs=pin.programs)


def _unpinned(invocation: Invocation, pin: VersionPin, build: Build) -> list[tuple[Word, str]]:
    """Return the packages of an install that have no version, each with the word it stands in."""
    command = invocation.command
    if pin.ends_at_dashes:
        values = [word.value for word in command.words]
        end = values.index("--") if "--" in values else len(values)
        command = command._replace(words=command.words[:end])
    if command.option_value(*pin.settling_options) is not None:
        return []
    operands = command.operands(pin.valued_options)
    found: list[tuple[Word, str]] = []
    for word in _packages(operands, pin):
        text = word.value
        if "$(" in text or "`" in text:
            continue
        if "$" in text:
            text = _replaced(text, values_in(invocation.run, build))
        found.extend(
            (word, package)
            for package in (text.split() if word.value[:1] == "$" else (text,))
            if _needs_version(package, pin) and not (pin.is_by_path and is_own(package, invocation, build))
        )
    return found


def _packages(operands: tuple[Word, ...], pin: VersionPin) -> tuple[Word, ...]:
    found = subcommand_words(operands, pin.subcommands)
    if not found:
        return ()
    packages = operands[len(found) :]
    return packages[:1] if found[0].value == "run" else packages


def _needs_version(package: str, pin: VersionPin) -> bool:
    """Tell whether a word names a package of which any version will do."""
    if not package or package.startswith((".", "/", "~", "file:", *pin.ignored_starts)):
        return False
    plain = package.partition("#")[0].partition("?")[0].partition("[")[0]
    if plain.endswith((*pin.files, "/", *pin.ignored_ends)):
        return False
    if "://" in package:
        path = package.partition("://")[2].partition("/")[2]
        return bool(pin.address_mark) and not _has_version(path, (pin.address_mark,), pin)
    if pin.is_by_path and "." not in package.partition("/")[0].strip("."):
        return False
    if pin.has_dashes and _has_dashed_version(package):
        return False
    return not _has_version(package[1:] if package[:1] == "@" else package, pin.marks, pin)


def _has_version(text: str, marks: tuple[str, ...], pin: VersionPin) -> bool:
    for mark in marks:
        if mark in text:
            return text.rpartition(mark)[2] not in pin.moving
    return False


def _moves(package: str, pin: VersionPin) -> bool:
    return any(package.rpartition(mark)[2] in pin.moving for mark in (*pin.marks, pin.address_mark) if mark)


def _has_dashed_version(package: str) -> bool:
    """Tell whether a dash is followed by a digit, or by a variable that may hold a version."""
    return any(part[:1].isdigit() or part[:1] == "$" for part in package.split("-")[1:])


def _replaced(text: str, values: Mapping[str, str]) -> str:
    """Return the text with the variables replaced whose values are known."""
    for name, value in values.items():
        text = text.replace("${" + name + "}", value)
        if text == "$" + name:
            return value
    return text


def _message(packages: list[str], pin: VersionPin) -> str:
    named = [f"`{package}`" for package in packages[:2]]
    more = len(packages) - len(named)
    if more:
        listed = f"{', '.join(named)} and {more} more have"
    else:
        listed = " and ".join(named) + (" have" if len(named) > 1 else " has")
    moves = any(_moves(package, pin) for package in packages)
    none = "no fixed version" if moves else "no version"
    return f"{listed} {none}, so a later build installs something else; write `{pin.form}`"


RULES = (
    _rule("DL3008", "unpinned-apt-package", APT_PIN),
    _rule("DL3013", "unpinned-pip-package", PIP_PIN),
    _rule("DL3016", "unpinned-npm-package", NPM_PIN),
    _rule("DL3018", "unpinned-apk-package", APK_PIN),
    _rule("DL3028", "unpinned-gem", GEM_PIN),
    _rule("DL3033", "unpinned-yum-package", YUM_PIN),
    _rule("DL3037", "unpinned-zypper-package", ZYPPER_PIN),
    _rule("DL3041", "unpinned-dnf-package", DNF_PIN),
    _rule("DL3062", "unpinned-go-package", GO_PIN),
)
