"""DO4006: a file is fetched over a connection that anybody on the way can change."""

from collections.abc import Iterator

from dockeropt.checks.packages.invocations import invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.security.verified import is_verified
from dockeropt.checks.shell.downloads import read_download
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Copy
from dockeropt.syntax.tree import Word

_PROGRAMS = ("curl", "wget", "aria2c", "axel", "git", "svn")
_PLAIN = ("http://", "ftp://", "git://")


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each address without encryption whose file nothing verifies."""
    for invocation in invocations_of(_PROGRAMS, build):
        download = read_download(invocation.command)
        operands = invocation.command.arguments if download is None else download.addresses
        words = [word for word in operands if _is_plain(word.value)]
        if words and not is_verified(invocation, build):
            yield _finding(words[0])
    for stage in build.stages:
        for view in views_with_triggers(stage):
            if isinstance(view, Copy) and view.is_add:
                if any(flag.name == "checksum" for flag in view.instruction.flags):
                    continue
                for source in view.sources:
                    if _is_plain(source.value):
                        yield _finding(source)


def _is_plain(address: str) -> bool:
    """Tell whether an address has no encryption and leads out of the machine and its own network."""
    scheme, mark, rest = address.strip("\"'").partition("://")
    host = rest.partition("/")[0].rpartition("@")[2].partition(":")[0]
    if not mark or f"{scheme.lower()}://" not in _PLAIN or "." not in host or host.startswith("$"):
        return False
    return not host.startswith(("127.", "10.", "192.168.", "169.254.")) and not host.endswith(
        (".local", ".internal")
    )


def _finding(word: Word) -> Finding:
    scheme = word.value.strip("\"'").partition("://")[0]
    return Finding(
        word.span,
        f"whoever stands in between can change what comes over {scheme}, and nothing checks it; "
        "use https, or check the file's hash",
    )


RULE = Rule(
    "DO4006",
    "unencrypted-download",
    Severity.WARNING,
    Build,
    check,
    aliases=("curlUseHttpsUrl", "wgetUseHttpsUrl"),
)
