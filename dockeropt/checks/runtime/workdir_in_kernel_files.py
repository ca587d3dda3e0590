"""DO3001: WORKDIR in a folder whose files the kernel makes up."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Workdir

_MOUNTED = ("/proc", "/sys", "/dev")


def check(workdir: Workdir, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a WORKDIR that every container mounts something over."""
    if workdir.path is None:
        return
    path = build.expand(workdir.path, workdir).text.strip("\"'").rstrip("/")
    folder = next((each for each in _MOUNTED if path == each or path.startswith(f"{each}/")), None)
    if folder is not None:
        yield Finding(
            workdir.path.span,
            f"every container mounts its own `{folder}`, so nothing that a build puts there is in the image; "
            "choose a folder such as /app",
        )


RULE = Rule("DO3001", "workdir-in-kernel-files", Severity.ERROR, Workdir, check, aliases=("DS-0030",))
