"""The edits that move copies below an install and copy before it what it reads."""

from collections.abc import Sequence

from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.finding import Applicability, Fix
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import Edit, add_flags, insert, line_end, start_with_comments
from dockeropt.syntax.instructions import Copy, Run
from dockeropt.syntax.source import Span

_MOUNTED = (".npmrc",)
"""files that may hold a token: given to the install for its time, not copied"""


def below_install(
    run: Run,
    copies: Sequence[Copy],
    files: Sequence[tuple[str, str]],
    cuts_after: int | None,
    build: Build,
) -> Fix | None:
    """Return the fix that moves copies below a RUN; files, if any, are copied where the only copy was.

    ``cuts_after`` numbers the command behind which the RUN is cut in two. None where it cannot be cut.
    """
    dockerfile = build.dockerfile
    text = dockerfile.source.text
    end = line_end(text, copies[0].instruction.span.start)
    mounts = [f"--mount=type=bind,source={path},target={inner}" for path, inner in files if inner in _MOUNTED]
    edits = [add_flags(run.instruction, mounts, dockerfile)] if mounts else []
    copied = [(path, inner) for path, inner in files if inner not in _MOUNTED]
    moved = ""
    for copy in copies:
        start, stop = start_with_comments(copy.instruction, dockerfile), copy.instruction.span.end
        moved += text[start:stop]
        edits.append(Edit(Span(start, stop), "".join(line + end for line in _lines(copy, copied, build))))
    at = run.instruction.span.end
    if cuts_after is not None:
        cut = _cut(run, cuts_after, end + moved, build)
        if cut is None:
            return None
        edits += cut
    elif text[at - 1] == "\n":
        edits.append(insert(at, moved))
    else:
        edits.append(insert(at, end + moved.rstrip("\r\n")))
    names = [inner for _, inner in files]
    listed = ", ".join(names[:3]) + (" and more" if len(names) > 3 else "")
    title = f"copy {listed} first, install, then copy the rest" if names else "install before you copy"
    return Fix(title, tuple(edits), Applicability.UNSAFE)


def _cut(run: Run, number: int, moved: str, build: Build) -> list[Edit] | None:
    """Return the edits that make two RUNs of one, with the copies between them."""
    script, commands = build.script_of(run), commands_of(run, build)
    if script is None or script.inner or any(each.text != "&&" or each.depth for each in script.operators):
        return None
    left, right = commands[number], commands[number + 1]
    if number or any(each.wrappers or each.assignments for each in (left, right)):
        return None
    start, end = left.span.end, right.span.start
    if any(start <= comment.span.start < end for comment in run.instruction.comments):
        return None
    parts = (run.instruction.keyword_span, *(flag.span for flag in run.instruction.flags))
    again = " ".join(build.dockerfile.text_of(part) for part in parts)
    return [insert(start, f"{moved}{again} "), Edit(Span(start, end), "")]


def _lines(copy: Copy, files: Sequence[tuple[str, str]], build: Build) -> list[str]:
    """Return the instructions that copy files as a copy would, one for each folder they go to."""
    if not files or copy.target is None:
        return []
    folders: dict[str, list[str]] = {}
    for path, inner in files:
        target = f"{copy.target.value.rstrip('/')}/{inner}"
        folders.setdefault(target.rpartition("/")[0] + "/", []).append(path)
    parts = (copy.instruction.keyword_span, *(flag.span for flag in copy.instruction.flags))
    again = " ".join(build.dockerfile.text_of(part) for part in parts)
    return [f"{again} {' '.join(paths)} {target}" for target, paths in folders.items()]
