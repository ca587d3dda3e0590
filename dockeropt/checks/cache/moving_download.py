"""DO1008: a download of an address whose content moves, which the cache keeps as it was."""

import re
from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.shell.downloads import read_download
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Run

_MOVING = re.compile(
    r"/releases/latest/download/|raw\.githubusercontent\.com/[^/]+/[^/]+/(?:refs/heads/|main/|master/|HEAD/|develop/)"
    r"|/(?:raw|archive|zipball|tarball)/(?:refs/heads/)?(?:main|master|HEAD|develop)\b|/-/raw/(?:main|master)/"
    r"|[/_-](?:latest|nightly)(?:[/._-]|$)"
)
_BUSTER = re.compile(r"(?i)cache.?(?:bust|break|date|invalid)|(?:bust|break|invalidate).?cache|no.?cache")


def check(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each address that says it is the newest of something."""
    for command in commands_of(run, build):
        download = read_download(command)
        for address in download.addresses if download is not None else ():
            found = _MOVING.search(address.value)
            if found is None or any(_BUSTER.search(name) for name in build.scope_of(run).arguments):
                continue
            part = found[0].strip("/")
            yield Finding(
                address.span,
                f"the cache keeps what `{part}` was at the first build, and two machines have two of it; "
                "write a version into the address, or let ADD fetch it, which asks for each build",
            )


RULE = Rule("DO1008", "moving-download", Severity.INFO, Run, check)
