"""DO2006: files that a later step copies whole into its layer, to change their owner or mode."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from posixpath import dirname, join, normpath

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.security.world_writable import opens
from dockeropt.checks.shell.chains import remove_command
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, Related, fix_of
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.script import Command
from dockeropt.syntax.edits import add_flags, remove_instruction
from dockeropt.syntax.instructions import Copy, Run, User

_LONGEST = 500
"""characters of a path that are looked at"""
_FLAGS = {"chmod": "--chmod", "chown": "--chown"}


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each chmod and chown of files that an earlier COPY brought into the image."""
    for stage in shipped_stages(build):
        yield from _in_stage(stage, build)


def _in_stage(stage: Stage, build: Build) -> Iterator[Finding]:
    copied: dict[str, Copy] = {}
    paths: list[str] = []
    for view in stage.views:
        if isinstance(view, Copy):
            for path in _targets(view, build):
                if path not in copied:
                    insort(paths, path)
                copied[path] = view
        elif isinstance(view, Run) and copied:
            folder = build.scope_of(view).workdir or ""
            written: set[str] = set()
            for command in commands_of(view, build):
                if command.base_name not in _FLAGS:
                    written.update(_written(command))
                    if command.base_name == "cd" and command.words:
                        folder = join(folder, command.words[0].value)[-_LONGEST:]
                    continue
                found = _changed(command, folder, copied, paths, written)
                if found is not None:
                    path, is_whole = found
                    fix = _fix(command, path, copied[path], view, build) if is_whole else None
                    yield _finding(command, copied[path], is_whole, fix)


def _targets(copy: Copy, build: Build) -> Iterator[str]:
    """Yield the paths that a COPY makes: a folder's target itself, since its content goes there."""
    if copy.target is None:
        return
    target = build.expand(copy.target, copy).text.strip("\"'")
    path = join(build.scope_of(copy).workdir or "", target)
    if "$" in path or not path.startswith("/"):
        return
    is_folder = target.endswith(("/", ".")) or len(copy.sources) > 1
    for source in copy.sources:
        name = source.value.rstrip("/").rpartition("/")[2]
        if is_folder and "." in name.strip(".") and "*" not in name and not source.value.endswith("/"):
            yield normpath(join(path, name))
        else:
            yield normpath(path)


def _written(command: Command) -> Iterator[str]:
    """Yield the words of a command that may be files it makes: those are new in this layer."""
    for word in command.words:
        yield word.value
    for redirect in command.redirects:
        if redirect.target is not None:
            yield redirect.target.value


def _changed(
    command: Command, folder: str, copied: dict[str, Copy], paths: list[str], written: set[str]
) -> tuple[str, bool] | None:
    """Return the copied path that a command changes, and whether it changes all that was copied there.

    ``paths`` are those of ``copied`` in order, so that one below a folder is found without looking at all.
    """
    is_recursive = command.has_flag("-R", "--recursive")
    for word in command.operands()[1:]:
        path = normpath(join(folder, word.value)) if folder or word.value.startswith("/") else ""
        if not path or word.value in written:
            continue
        if path in copied:
            return path, True
        below = path.rstrip("/*") + "/"
        at = bisect_left(paths, below)
        if is_recursive and at < len(paths) and paths[at].startswith(below):
            return paths[at], True
        parent = dirname(path)
        while len(parent) > 1:
            if parent in copied:
                return parent, False
            parent = dirname(parent)
    return None


def _fix(command: Command, path: str, copy: Copy, run: Run, build: Build) -> Fix | None:
    """Return the fix that sets owner or mode where a file is copied; None for folders."""
    flag, operands = _FLAGS[command.base_name], command.operands()
    if len(operands) != 2 or len(command.words) != 2 or len(copy.sources) != 1 or copy.link or copy.is_add:
        return None
    name, value = copy.sources[0].value.rpartition("/")[2], operands[0].value
    is_file = "." in name.strip(".") and not any(mark in name for mark in "*?[$")
    if not is_file or (copy.chown if flag == "--chown" else copy.chmod) is not None or "$" in value:
        return None
    if flag == "--chmod" and (opens(value) or not value.isdecimal()):
        if value not in ("+x", "a+x"):
            return None
        value = "755"
    views = build.stage_of(run).views
    first, last = copy.instruction.span.start, run.instruction.span.start
    between = [each for each in views if first < each.instruction.span.start < last]
    if any(isinstance(each, Copy | Run | User) for each in between):
        return None
    is_alone = len(commands_of(run, build)) == 1
    edit = (
        remove_instruction(run.instruction, build.dockerfile)
        if is_alone
        else remove_command(command, run, build)
    )
    added = add_flags(copy.instruction, [f"{flag}={value}"], build.dockerfile)
    return fix_of(f"copy with `{flag}={value}`", added, edit, applicability=Applicability.UNSAFE)


def _finding(command: Command, copy: Copy, is_whole: bool, fix: Fix | None) -> Finding:
    flag, value = _FLAGS[command.base_name], command.operands()[0].value
    keyword = copy.instruction.keyword
    if not is_whole:
        advice = f"copy them apart from the rest, with {keyword} {flag}"
    elif flag == "--chmod" and (opens(value) or not value.isdecimal()):
        advice = f"set the mode where they are copied, by {keyword} --chmod=755 or the like"
    else:
        advice = f"write {keyword} {flag}={value} where they are copied"
    return Finding(
        command.span,
        f"`{command.base_name}` stores the copied files a second time, whole, in this layer; {advice}",
        fix,
        related=(Related(copy.instruction.keyword_span, "they are copied here"),),
    )


RULE = Rule(
    "DO2006",
    "files-stored-twice",
    Severity.INFO,
    Build,
    check,
    fixes=Applicability.UNSAFE,
    aliases=("prefer-copy-chmod",),
)
