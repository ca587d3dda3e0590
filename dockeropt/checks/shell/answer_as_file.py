"""DO7002, DO7003: curl takes whatever the server answers for the file."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from dockeropt.checks.packages.invocations import Invocation, invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.security.verified import is_verified
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.shell.downloads import Download, read_download
from dockeropt.checks.shell.word_edits import insert_word, replace_words
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.knowledge.archives import UNPACKERS
from dockeropt.knowledge.words import words
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run

_LOOKING = words("-K --config -I --head -w --write-out")
"""options with which the script asks for something else than a file"""
_FAILING = words("-f --fail --fail-with-body --fail-early") | _LOOKING
_FOLLOWING = words("-L --location --location-trusted") | _LOOKING
_LETTERS = frozenset("fsSL")
"""options that are mostly written as one word: ``-fsSL``"""
_ASKING = words("-d --data --data-binary --data-raw --json -F --form -T --upload-file -X --request")
"""options to send something, whose answer is no file"""
_STRICT = UNPACKERS | words("gunzip bunzip2 unxz xz zstd jq java python python3 apt-key gpg")
"""programs that stop at a text that is not what they expect, and the build with them"""
_LOCAL = ("localhost", "127.0.0.1", "[::1]", "0.0.0.0")  # noqa: S104 - an address to ask, not to listen on


def _rule(
    code: str, slug: str, severity: Severity, enough: frozenset[str], message: str, alias: tuple[str, ...]
) -> Rule:
    """Return the rule for an option: a finding at each curl without it whose answer nothing looks at."""

    def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
        for invocation in invocations_of(("curl",), build):
            download = read_download(invocation.command)
            if download is None or not download.options.isdisjoint(enough | _ASKING):
                continue
            if all(_is_local(word.value) for word in download.addresses):
                continue
            if not _is_looked_at(download, invocation, build) and not is_verified(invocation, build):
                program = invocation.command.program
                span = invocation.command.span if program is None else program.span
                yield Finding(span, message, _fix(message[-3:-1], invocation, build))

    return Rule(code, slug, severity, Build, check, fixes=Applicability.UNSAFE, aliases=alias)


def _fix(option: str, invocation: Invocation, build: Build) -> Fix | None:
    """Return the fix that gives an option, among the letters that are there if there are some."""
    command, run = invocation.command, invocation.run
    if command.program is None:
        return None
    first = command.words[0] if command.words else None
    if first is not None and first.value.startswith("-") and _LETTERS.issuperset(first.value[1:]):
        letters = sorted({*first.value[1:], option[1]}, key="fsSL".index)
        edit = replace_words(first, first, f"-{''.join(letters)}", run, build)
    else:
        edit = insert_word(command.program, option, run, build)
    return fix_of(f"add `{option}`", edit, applicability=Applicability.UNSAFE)


def _is_local(address: str) -> bool:
    return address.partition("://")[2].startswith(_LOCAL) or address.startswith(_LOCAL)


def _is_looked_at(download: Download, invocation: Invocation, build: Build) -> bool:
    """Tell whether a program that the answer is given to would stop at a page of text."""
    name = download.file.rpartition("/")[2]
    if download.file == "/dev/null":
        return True
    starts, commands, readers = _commands(invocation.run, build)
    start = download.command.span.start
    if name:
        return readers.get(name, -1) > start
    following = bisect_right(starts, start)
    return following < len(commands) and commands[following].base_name in _STRICT


_Commands = tuple[list[int], tuple[Command, ...], dict[str, int]]
"""offsets and commands of a RUN, and where a strict program last reads a file, by its name"""


def _commands(run: Run, build: Build) -> _Commands:
    known = _known(build)
    at = run.instruction.span.start
    if at not in known:
        known[at] = _read(run, build)
    return known[at]


@lru_cache(1)
def _known(build: Build) -> dict[int, _Commands]:
    """Return what has been read of a build so far, by the offset of the RUN."""
    return {}


def _read(run: Run, build: Build) -> _Commands:
    commands = commands_of(run, build)
    readers = {
        word.value.rpartition("/")[2]: command.span.start
        for command in commands
        if command.base_name in _STRICT
        for word in command.words
    }
    return [command.span.start for command in commands], commands, readers


RULES = (
    _rule(
        "DO7002",
        "error-page-as-file",
        Severity.WARNING,
        _FAILING,
        "without `--fail` curl takes a page that tells of an error for the file, and goes on; add `-f`",
        ("curlUseFlagF",),
    ),
    _rule(
        "DO7003",
        "redirect-as-file",
        Severity.IGNORE,
        _FOLLOWING,
        "without `--location` curl takes the answer that the file has moved for the file; add `-L`",
        ("curlUseFlagL", "curl-should-follow-redirects"),
    ),
)
