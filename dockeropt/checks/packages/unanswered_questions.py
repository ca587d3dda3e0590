"""Package managers that ask and get no answer: a build has no terminal."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from dockeropt.checks.packages.configuration import configured_from, is_set
from dockeropt.checks.packages.invocations import Invocation, invocations_of, subcommand_words
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.knowledge.confirmations import (
    APT_CONFIRMATION,
    DNF_CONFIRMATION,
    YUM_CONFIRMATION,
    ZYPPER_CONFIRMATION,
    Confirmation,
)
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.tree import Word

_ANSWERING = ("yes", "echo", "printf")
_QUIET = ("-q", "--quiet", "--silent")


def _rule(code: str, slug: str, confirmation: Confirmation) -> Rule:
    """Return the rule for one manager: a finding at each subcommand that asks and is not answered."""

    def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
        setting = confirmation.setting
        piped: dict[int, frozenset[int]] = {}
        for invocation in invocations_of(confirmation.programs, build):
            command = invocation.command
            operands = command.operands(confirmation.valued_options)
            words = subcommand_words(operands, confirmation.subcommands)
            if not words or _answers(command, confirmation) or _is_idle(command, operands, confirmation):
                continue
            start = invocation.run.instruction.span.start
            if start not in piped:
                piped[start] = _piped(invocation.run, build)
            if command.span.start in piped[start]:
                continue
            if setting is not None and is_set(invocation, setting, configured_from(setting, build)):
                continue
            name = " ".join((command.base_name, *(word.value for word in words)))
            yield Finding(
                words[-1].span,
                f"`{name}` asks before it goes on, and a build cannot answer; add `{confirmation.flags[0]}`",
                _answer(confirmation, invocation, words[-1], build),
            )

    return Rule(code, slug, Severity.WARNING, Build, check, fixes=Applicability.SAFE)


def _answer(confirmation: Confirmation, invocation: Invocation, last: Word, build: Build) -> Fix | None:
    """Return the fix that gives the answer on the command line, behind the subcommand or the program."""
    from dockeropt.checks.shell.word_edits import insert_word

    program = invocation.command.program
    after = program if confirmation.is_global and program is not None else last
    flag = confirmation.flags[0]
    return fix_of(f"add `{flag}`", insert_word(after, flag, invocation.run, build))


def _answers(command: Command, confirmation: Confirmation) -> bool:
    """Tell whether an option answers, or asks for nothing that needs an answer."""
    if command.has_flag(*confirmation.flags, "--help", "--version"):
        return True
    return confirmation.is_quiet_enough and _quietness(command) > 1


def _is_idle(command: Command, operands: tuple[Word, ...], confirmation: Confirmation) -> bool:
    """Tell whether there is nothing to ask about, as for ``apt-get purge`` without a package."""
    words = tuple(word.value for word in operands)
    return words in confirmation.idle_alone and not command.has_flag(*confirmation.busy_flags)


def _quietness(command: Command) -> int:
    """Return how quiet apt is told to be: ``-qq``, ``-q -q`` and ``-q=2`` are 2."""
    quietness = 0
    for word in command.words:
        option, equals, value = word.value.partition("=")
        if option in _QUIET and equals:
            quietness = int(value) if value.isdigit() else 0
        elif option in _QUIET:
            quietness += 1
        elif option[:1] == "-" and option[1:2] != "-":
            quietness += option.count("q")
    return quietness


def _piped(run: Run, build: Build) -> frozenset[int]:
    """Return where the commands start that get an answer through a pipe: ``yes | apt-get install``."""
    script = build.script_of(run)
    if script is None:
        return frozenset()
    pipes = [operator.span.start for operator in script.operators if operator.text == "|"]
    found: set[int] = set()
    for left, right in pairwise(script.commands):
        if left.base_name in _ANSWERING:
            at = bisect_left(pipes, left.span.end)
            if at < len(pipes) and pipes[at] < right.span.start:
                found.add(right.span.start)
    return frozenset(found)


RULES = (
    _rule("DL3014", "unanswered-apt-get", APT_CONFIRMATION),
    _rule("DL3030", "unanswered-yum", YUM_CONFIRMATION),
    _rule("DL3034", "unanswered-zypper", ZYPPER_CONFIRMATION),
    _rule("DL3038", "unanswered-dnf", DNF_CONFIRMATION),
)
