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
from dockeropt.shell.script import Script
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
    script = build.script_of(run)
    if found is None or script is None:
        return None
    bringing, folder, files = found
    line = fetch_line(install, build, context, folder)
    if line is None:
        return None
    start, first = _before(install, run, script, build)
    if first is None:
        return None
    text = build.dockerfile.source.text
    prefix = text[start:first]
    end = line_end(text, run.instruction.span.start)
    parts = (run.instruction.keyword_span, *(flag.span for flag in run.instruction.flags))
    again = " ".join(build.dockerfile.text_of(part) for part in parts)
    is_same = install.manager.name in (*DEPENDENCIES_ONLY, "go")
    assigned = "".join(f"{word.raw} " for word in install.command.assignments) if is_same else ""
    edits: list[Edit] = []
    moved = ""
    for copy in copies:
        begin, stop = start_with_comments(copy.instruction, build.dockerfile), copy.instruction.span.end
        moved += text[begin:stop]
        lines = copying_lines(copy, files, build) if copy is bringing else []
        edits.append(Edit(Span(begin, stop), "".join(each + end for each in lines)))
    at = start_with_comments(run.instruction, build.dockerfile)
    edits.append(insert(at, f"{again} {prefix}{assigned}{line}{end}{moved}"))
    if prefix:
        edits.append(Edit(Span(start, first), ""))
    names = ", ".join(path for path, _ in files[:3]) + (" and more" if len(files) > 3 else "")
    why = _SHOWN.get(install.manager.name)
    title = (f"copy {names} first, " if names else "") + f"run `{line}`, then copy the rest"
    return Fix(
        f"{title}, {why}" if why else title,
        tuple(edits),
        Applicability.DISPLAY if why else Applicability.UNSAFE,
    )


def _before(install: Install, run: Run, script: Script, build: Build) -> tuple[int, int | None]:
    """Return where a RUN's script and its install begin; None where what stands before cannot go along."""
    start, command = script.text.offset(0), install.command
    first = min(each.start for each in (command.span, *(word.span for word in command.assignments)))
    before = [each for each in commands_of(run, build) if each.span.start < first]
    if (
        command.depth
        or any(each.base_name in KEPT_IN_SHELL for each in before)
        or any(each.text != "&&" for each in script.operators if each.span.end <= first)
        or any(start <= comment.span.start < first for comment in run.instruction.comments)
        or (not before and start < first)
    ):
        return start, None
    return start, first
