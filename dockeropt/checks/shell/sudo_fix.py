"""The fix of DL3004: the commands without sudo, where the user may well be root."""

from dockeropt.diagnostics.finding import Applicability, Fix
from dockeropt.semantics.build import Build
from dockeropt.shell.reader import read
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.source import Span

_ROOT = (None, "root", "0")
"""users to whom sudo gives nothing; the base image's own is root as a rule"""


def fix_without_sudo(run: Run, build: Build) -> Fix | None:
    """Return the fix that takes every sudo out of a RUN, None where one has options or stands in quotes."""
    script = build.script_of(run)
    user = build.scope_of(run).user
    if script is None or script.inner or (user and user.partition(":")[0]) not in _ROOT:
        return None
    edits: list[Edit] = []
    for command in read(script.text, unwrap=False).commands:
        if command.base_name != "sudo":
            continue
        first = command.words[0] if command.words else None
        if command.program is None or first is None or first.value.startswith("-") or "=" in first.value:
            return None
        span = Span(command.program.span.start, first.span.start)
        if "\n" in build.dockerfile.text_of(span):
            return None
        edits.append(Edit(span, ""))
    return Fix("remove sudo", tuple(edits), Applicability.UNSAFE) if edits else None
