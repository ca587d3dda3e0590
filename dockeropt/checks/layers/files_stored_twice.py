"""DO2006: files that a later step copies whole into its layer, to change their owner or mode."""

from collections.abc import Iterator
from posixpath import join, normpath

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.security.world_writable import opens
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding, Related
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Copy, Run

_FLAGS = {"chmod": "--chmod", "chown": "--chown"}


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each chmod and chown of files that an earlier COPY brought into the image."""
    for stage in shipped_stages(build):
        yield from _in_stage(stage, build)


def _in_stage(stage: Stage, build: Build) -> Iterator[Finding]:
    copied: dict[str, Copy] = {}
    for view in stage.views:
        if isinstance(view, Copy):
            for path in _targets(view, build):
                copied[path] = view
        elif isinstance(view, Run) and copied:
            folder = build.scope_of(view).workdir or ""
            commands = commands_of(view, build)
            for number, command in enumerate(commands):
                if command.base_name == "cd" and command.words:
                    folder = join(folder, command.words[0].value)
                elif command.base_name in _FLAGS:
                    found = _source(command, folder, copied, _written(commands[:number]))
                    if found is not None:
                        yield _finding(command, *found)


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


def _written(commands: tuple[Command, ...]) -> frozenset[str]:
    """Return the words of commands that may be files they make: those are new in this layer."""
    words = [word.value for command in commands if command.base_name not in _FLAGS for word in command.words]
    targets = [each.target.value for command in commands for each in command.redirects if each.target]
    return frozenset((*words, *targets))


def _source(
    command: Command, folder: str, copied: dict[str, Copy], written: frozenset[str]
) -> tuple[Copy, bool] | None:
    """Return the COPY whose files a command changes, and whether it changes all that was copied."""
    is_recursive = command.has_flag("-R", "--recursive")
    for word in command.operands()[1:]:
        path = normpath(join(folder, word.value)) if folder or word.value.startswith("/") else ""
        if not path or word.value in written:
            continue
        for target, copy in copied.items():
            if path == target or (is_recursive and target.startswith(path.rstrip("/*") + "/")):
                return copy, True
            if path.startswith(target + "/") and target != "/":
                return copy, False
    return None


def _finding(command: Command, copy: Copy, is_whole: bool) -> Finding:
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
        related=(Related(copy.instruction.keyword_span, "they are copied here"),),
    )


RULE = Rule("DO2006", "files-stored-twice", Severity.INFO, Build, check, aliases=("prefer-copy-chmod",))
