"""DO7002, DO7003: curl takes whatever the server answers for the file."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from dockeropt.checks.packages.invocations import Invocation, invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.security.verified import is_verified
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.shell.downloads import Download, read_download
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.archives import UNPACKERS
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run

_FAILING = (
    "-f",
    "--fail",
    "--fail-with-body",
    "--fail-early",
    "-K",
    "--config",
    "-I",
    "--head",
    "-w",
    "--write-out",
)
_FOLLOWING = ("-L", "--location", "--location-trusted", "-K", "--config", "-I", "--head", "-w", "--write-out")
_ASKING = (
    "-d",
    "--data",
    "--data-binary",
    "--data-raw",
    "--json",
    "-F",
    "--form",
    "-T",
    "--upload-file",
    "-X",
    "--request",
)
"""options to send something, whose answer is no file"""
_STRICT = frozenset(
    (
        *UNPACKERS,
        "gunzip",
        "bunzip2",
        "unxz",
        "xz",
        "zstd",
        "jq",
        "java",
        "python",
        "python3",
        "apt-key",
        "gpg",
    )
)
"""programs that stop at a text that is not what they expect, and the build with them"""
_LOCAL = ("localhost", "127.0.0.1", "[::1]", "0.0.0.0")  # noqa: S104 - an address to ask, not to listen on


def _rule(
    code: str, slug: str, severity: Severity, enough: tuple[str, ...], message: str, alias: tuple[str, ...]
) -> Rule:
    """Return the rule for an option: a finding at each curl without it whose answer nothing looks at."""

    def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
        for invocation in invocations_of(("curl",), build):
            download = read_download(invocation.command)
            if download is None or not download.options.isdisjoint((*enough, *_ASKING)):
                continue
            if all(_is_local(word.value) for word in download.addresses):
                continue
            if not _is_looked_at(download, invocation, build) and not is_verified(invocation, build):
                program = invocation.command.program
                yield Finding(invocation.command.span if program is None else program.span, message)

    return Rule(code, slug, severity, Build, check, aliases=alias)


def _is_local(address: str) -> bool:
    return address.partition("://")[2].startswith(_LOCAL) or address.startswith(_LOCAL)


def _is_looked_at(download: Download, invocation: Invocation, build: Build) -> bool:
    """Tell whether a program that the answer is given to would stop at a page of text."""
    name = download.file.rpartition("/")[2]
    if download.file == "/dev/null":
        return True
    start = download.command.span.start
    starts, strict = _commands_by_run(build)[invocation.run.instruction.span.start]
    if not name:
        at = bisect_right(starts, start)
        return at < len(starts) and any(each.span.start == starts[at] for each in strict)
    return any(each.span.start > start and any(name in word.value for word in each.words) for each in strict)


@lru_cache(1)
def _commands_by_run(build: Build) -> dict[int, tuple[list[int], list[Command]]]:
    """Return, by where a RUN begins, where its commands begin and which of them are strict."""
    found: dict[int, tuple[list[int], list[Command]]] = {}
    for stage in build.stages:
        for view in views_with_triggers(stage):
            if isinstance(view, Run):
                commands = commands_of(view, build)
                strict = [each for each in commands if each.base_name in _STRICT]
                found[view.instruction.span.start] = sorted(each.span.start for each in commands), strict
    return found


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
