"""The fix of DO1001 where the install needs the sources too: fetch with the manifests alone, before them."""

from collections.abc import Sequence

from dockeropt.checks.cache.fetch_lines import DEPENDENCIES_ONLY, fetch_line
from dockeropt.checks.cache.files_first import files_first
from dockeropt.checks.cache.moved_copies import KEPT_IN_SHELL, copying_lines
from dockeropt.checks.packages.installs import Install
from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.finding import Applicability, Fix
from dockeropt.semantics.build import Build
from dockeropt.semantics.context import Context
from dockeropt.syntax.edits import Edit, insert, line_end, start_with_comments
from dockeropt.syntax.instructions import Copy, Run
from dockeropt.syntax.source import Span

_SHOWN = {"cargo": "once you have seen it build: cargo must find a source to read Cargo.toml"}
"""managers whose fix is shown only, each with why"""


def fetch_first(
    install: Install, run: Run, copies: Sequence[Copy], build: Build, context: Context
) -> Fix | None:
    """Return the fix that fetches in a RUN of its own, before these copies; the install stays what it is."""
    found = files_first(install, run, copies, build, context)
    commands = commands_of(run, build)
    script = build.script_of(run)
    if found is None or script is None or not commands:
        return None
    bringing, folder, files = found
    line = fetch_line(install, build, context, folder)
    if line is None or not files:
        return None
    text = build.dockerfile.source.text
    number = next(at for at, each in enumerate(commands) if each.span == install.command.span)
    before = commands[:number]
    first = (
        install.command.assignments[0].span.start
        if install.command.assignments
        else install.command.span.start
    )
    start = script.text.offset(0)
    if install.command.depth or any(each.base_name in KEPT_IN_SHELL for each in before):
        return None
    if any(each.text != "&&" for each in script.operators if each.span.end <= first):
        return None
    prefix = text[start:first]
    if any(start <= comment.span.start < first for comment in run.instruction.comments):
        return None
    if not before and prefix.strip():
        return None
    end = line_end(text, run.instruction.span.start)
    parts = (run.instruction.keyword_span, *(flag.span for flag in run.instruction.flags))
    again = " ".join(build.dockerfile.text_of(part) for part in parts)
    assigned = "".join(f"{word.raw} " for word in install.command.assignments)
    if install.manager.name not in DEPENDENCIES_ONLY and install.manager.name != "go":
        assigned = ""
    edits: list[Edit] = []
    moved = ""
    for copy in copies:
        begin, stop = start_with_comments(copy.instruction, build.dockerfile), copy.instruction.span.end
        moved += text[begin:stop]
        lines = copying_lines(copy, files, build) if copy is bringing else []
        edits.append(Edit(Span(begin, stop), "".join(each + end for each in lines)))
    at = start_with_comments(run.instruction, build.dockerfile)
    edits.append(insert(at, f"{again} {prefix}{assigned}{line}{end}{moved}"))
    if before:
        edits.append(Edit(Span(start, first), ""))
    names = ", ".join(path for path, _ in files[:3]) + (" and more" if len(files) > 3 else "")
    why = _SHOWN.get(install.manager.name)
    title = f"copy {names} first, run `{line}`, then copy the rest" + (f", {why}" if why else "")
    return Fix(title, tuple(edits), Applicability.DISPLAY if why else Applicability.UNSAFE)
