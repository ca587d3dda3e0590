"""The edits that move copies below an install and copy before it what it reads."""

import re
from collections.abc import Sequence
from posixpath import relpath

from dockeropt.checks.cache.landings import resolved
from dockeropt.checks.cache.own_scripts import OwnScripts
from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.finding import Applicability, Fix
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.edits import Edit, add_flags, in_case_of, insert, line_end, start_with_comments
from dockeropt.syntax.instructions import Copy, Run
from dockeropt.syntax.source import Span

_MOUNTED = (".npmrc",)
"""files that may hold a token: given to the install for its time, not copied"""
KEPT_IN_SHELL = frozenset(
    ("", ".", "alias", "cd", "exec", "export", "set", "shopt", "source", "ulimit", "umask")
)
"""commands whose effect ends with the shell they run in"""


def below_install(
    run: Run,
    copies: Sequence[Copy],
    bringing: Copy | None,
    files: Sequence[tuple[str, str]],
    cuts_after: int | None,
    build: Build,
    scripts: OwnScripts | None = None,
) -> Fix | None:
    """Return the fix that moves copies below a RUN; files, if any, are copied where ``bringing`` was.

    A file is its path in the context and its absolute path in the image. ``cuts_after`` numbers the command
    behind which the RUN is cut in two. None where it cannot be cut. Copies of the stage that the RUN's is
    FROM also go to the start of all others that are. ``scripts`` are run behind the copies.
    """
    dockerfile = build.dockerfile
    text = dockerfile.source.text
    end = line_end(text, copies[0].instruction.span.start)
    workdir = resolved(".", build.scope_of(run).workdir)
    mounts = [
        f"--mount=type=bind,source={path},target={relpath(place, workdir)}"
        for path, place in files
        if path.rpartition("/")[2] in _MOUNTED
    ]
    edits = [add_flags(run.instruction, mounts, dockerfile)] if mounts else []
    copied = [(path, place) for path, place in files if path.rpartition("/")[2] not in _MOUNTED]
    moved = ""
    for copy in copies:
        start, stop = start_with_comments(copy.instruction, dockerfile), copy.instruction.span.end
        moved += text[start:stop]
        lines = copying_lines(copy, copied, build) if copy is bringing else []
        edits.append(Edit(Span(start, stop), "".join(line + end for line in lines)))
    siblings = _siblings(build.stage_of(copies[0]), build.stage_of(run), build)
    edits += [_below(each.start.instruction.span.end, moved, end, text) for each in siblings]
    if scripts is not None:
        edits.append(scripts.edit)
    if cuts_after is not None:
        cut = _cut(run, cuts_after, end + moved, "" if scripts is None else f"{scripts.line} && ", build)
        if cut is None:
            return None
        edits += cut
    else:
        if scripts is not None:
            moved += f"{_beginning(run, build)} {scripts.line}{end}"
        edits.append(_below(run.instruction.span.end, moved, end, text))
    names = [path for path, _ in files]
    listed = ", ".join(names[:3]) + (" and more" if len(names) > 3 else "")
    title = f"copy {listed} first, install, then copy the rest" if names else "install before you copy"
    if scripts is not None:
        title += f" and run {' and '.join(scripts.names)}"
    return Fix(title, tuple(edits), Applicability.UNSAFE)


def _below(at: int, lines: str, end: str, text: str) -> Edit:
    """Return the edit that puts lines below an instruction, be it the last and without a line end."""
    return insert(at, lines if text[at - 1] == "\n" else end + lines.rstrip("\r\n"))


def _siblings(base: Stage, stage: Stage, build: Build) -> list[Stage]:
    """Return the other stages that are FROM a stage, none where it is the same one."""
    if base is stage:
        return []
    return [each for each in build.stages if each.base_stage == base.number and each is not stage]


def _beginning(run: Run, build: Build) -> str:
    """Return the keyword and the flags of a RUN, on one line."""
    parts = (run.instruction.keyword_span, *(flag.span for flag in run.instruction.flags))
    return " ".join(build.dockerfile.text_of(part) for part in parts)


def _cut(run: Run, number: int, moved: str, first: str, build: Build) -> list[Edit] | None:
    """Return the edits that make two RUNs of one, with the copies between them.

    What follows the install must do so by ``&&``, or by ``;`` after ``set -e``, which is said again; nothing
    before it may set up the shell for what follows.
    """
    script, commands = build.script_of(run), commands_of(run, build)
    text, escape = build.dockerfile.source.text, build.dockerfile.escape
    if script is None or commands[number].depth:
        return None
    operators = [each for each in script.operators if not each.depth]
    blank = f" \t\r\n{escape}"
    if operators and not text[operators[-1].span.end : run.instruction.span.end].strip(blank):
        operators.pop()
    stops = commands[0].base_name == "set" and commands[0].has_flag("-e") and number > 0
    joint = ";" if stops else "&&"
    if any(each.text not in (joint, "|") for each in operators):
        return None
    left = commands[number]
    start = left.span.end
    after = next((each for each in operators if each.span.start >= start), None)
    if after is None or after.text != joint or text[start : after.span.start].strip(blank):
        return None
    if any(each.base_name in KEPT_IN_SHELL for each in commands[int(stops) : number + 1]):
        return None
    gap = re.compile(rf"(?:[ \t]|\{escape}[ \t]*\r?\n)*").match(text, after.span.end)
    end = after.span.end if gap is None else gap.end()
    if any(start <= comment.span.start <= end for comment in run.instruction.comments):
        return None
    again = _beginning(run, build)
    if stops:
        again += f" {build.dockerfile.text_of(commands[0].span)};"
    return [insert(start, f"{moved}{again} {first}"), Edit(Span(start, end), "")]


def copying_lines(copy: Copy, files: Sequence[tuple[str, str]], build: Build) -> list[str]:
    """Return the instructions that copy files as a copy would, one for each folder they go to."""
    if not files or copy.target is None:
        return []
    target = resolved(copy.target.value, build.scope_of(copy).workdir)
    folders: dict[str, list[str]] = {}
    for path, place in files:
        written = f"{copy.target.value.rstrip('/')}/{relpath(place, target)}"
        folders.setdefault(written.rpartition("/")[0] + "/", []).append(path)
    keyword = build.dockerfile.text_of(copy.instruction.keyword_span)
    flags = [build.dockerfile.text_of(flag.span) for flag in copy.instruction.flags]
    again = " ".join((in_case_of("COPY", keyword) if copy.is_add else keyword, *flags))
    return [f"{again} {' '.join(paths)} {folder}" for folder, paths in folders.items()]
