"""DO2004: an archive that was unpacked and is still in its layer."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.chains import append_command
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.shell.downloads import Download, read_download
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, Related, fix_of
from dockeropt.knowledge.archives import PACKED_ENDINGS, UNPACKERS
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run

_REMOVERS = ("rm", "mv", "find", "unlink", "shred")


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each download of an archive that is unpacked and not removed in its RUN."""
    for stage in shipped_stages(build):
        yield from _in_stage(stage, build)


def _in_stage(stage: Stage, build: Build) -> Iterator[Finding]:
    kept: dict[str, Download] = {}
    for view in stage.views:
        if not isinstance(view, Run):
            continue
        commands = commands_of(view, build)
        if not any(mount.type in ("cache", "tmpfs") for mount in view.mounts):
            kept.update(_left(commands))
        for command in commands:
            if command.base_name not in UNPACKERS:
                continue
            for word in command.words:
                download = kept.get(_name(word.value))
                if download is not None and download.command.span.start < command.span.start:
                    del kept[_name(word.value)]
                    is_apart = download.command not in commands
                    yield Finding(
                        download.command.span,
                        f"`{_name(download.file)}` stays in the layer after it is unpacked; "
                        + (
                            "unpack and remove it in this RUN"
                            if is_apart
                            else "remove it at the end of this RUN"
                        ),
                        None if is_apart else _fix(download.file, commands, view, build),
                        related=(Related(command.span, "it is unpacked here"),),
                    )


def _fix(file: str, commands: tuple[Command, ...], run: Run, build: Build) -> Fix | None:
    """Return the fix that removes an archive at the end, where its path is certain there."""
    moves = any(each.base_name in ("cd", "popd", "pushd") for each in commands)
    if not re.fullmatch(r"[\w./@+-]+", file) or file.startswith("-") or (moves and file[:1] != "/"):
        return None
    edit = append_command(f"rm {file}", run, build)
    return fix_of(f"end with `rm {file}`", edit, applicability=Applicability.UNSAFE)


def _left(commands: tuple[Command, ...]) -> Iterator[tuple[str, Download]]:
    """Yield the archives that commands fetch and no later one of them removes, by name."""
    folder = ""
    removers = [command for command in commands if command.base_name in _REMOVERS]
    removed = {_name(word.value): command.span.start for command in removers for word in command.arguments}
    for command in commands:
        if command.base_name == "cd" and command.words:
            folder = command.words[0].value
        download = read_download(command)
        if download is None or not download.file.lower().endswith(PACKED_ENDINGS):
            continue
        path = download.file if download.file.startswith(("/", "$", "~")) else f"{folder}/{download.file}"
        start, name = command.span.start, _name(download.file)
        if removed.get(name, -1) > start:
            continue
        if not any(later.span.start > start and _removes(later, path) for later in removers):
            yield _name(download.file), download


def _removes(command: Command, path: str) -> bool:
    """Tell whether a command takes a file away, by its name, by a pattern or with its folder."""
    for word in command.arguments:
        stem = word.value.rstrip("/*")
        if fnmatchcase(_name(path), _name(word.value) or "*") or (stem and path.startswith(f"{stem}/")):
            return True
        if not stem or "{" in word.value.replace("${", "") or path.rpartition("/")[0].endswith(f"/{stem}"):
            return True
    return False


def _name(path: str) -> str:
    return path.rpartition("/")[2]


RULE = Rule(
    "DO2004",
    "kept-archive",
    Severity.WARNING,
    Build,
    check,
    fixes=Applicability.UNSAFE,
    aliases=("tarSomethingRmTheSomething",),
)
