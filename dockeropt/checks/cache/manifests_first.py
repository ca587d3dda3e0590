"""The fix of DO1001: manifests first, then the install, then the rest. When it can be made, and of what."""

from collections.abc import Sequence
from posixpath import normpath, relpath

from dockeropt.checks.cache.moved_copies import below_install
from dockeropt.checks.cache.needed_files import needed_files
from dockeropt.checks.packages.installs import Install, read_install
from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.finding import Fix
from dockeropt.knowledge.package_manager import Reads
from dockeropt.knowledge.words import words
from dockeropt.semantics.build import Build
from dockeropt.semantics.context import Context
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Copy, From, Onbuild, Run, Unknown, View, Volume, Workdir

_IDLE = words(
    ": adduser addgroup apk apt apt-get curl dnf dpkg echo export gpg groupadd locale-gen microdnf printf "
    "set tdnf true update-ca-certificates useradd wget yum zypper"
)
"""programs that read nothing of the project"""
_CONFIGURED = frozenset(("corepack", "npm", "pip", "pip3", "pnpm", "yarn"))
_CONFIGURING = ("cache", "config", "enable", "prepare", "set", "use")
_SYSTEM_FOLDERS = ("/root/", "/tmp/", "/var/", "~")  # noqa: S108 - in the image
_ELSEWHERE = ("--prefix", "-C", "--cwd", "--dir", "--directory", "--project", "--filter", "-F", "--target")
"""options with which an install reads the files of another folder than the working directory"""


def manifests_first(install: Install, run: Run, excessive: Sequence[Copy], build: Build) -> Fix | None:
    """Return the fix that moves these copies below an install, and copies before it what it reads.

    None where the context is not known, or something between reads what is copied.
    """
    context = build.context
    if context is None or not excessive or install.reads is Reads.SOURCES or run.instruction.heredocs:
        return None
    if any(word.value.partition("=")[0] in _ELSEWHERE for word in install.command.words):
        return None
    if not all(_is_movable(copy) for copy in excessive) or not _can_pass(run, excessive, build):
        return None
    commands = commands_of(run, build)
    number = next(at for at, each in enumerate(commands) if each.span == install.command.span)
    if not all(_is_idle(each) for each in commands[:number]):
        return None
    cuts_after = None if all(_is_idle(each) for each in commands[number + 1 :]) else number
    if install.reads is Reads.NOTHING:
        return below_install(run, excessive, (), cuts_after, build)
    if len(excessive) > 1:
        return None
    files = _files(install, run, excessive[0], build, context)
    return None if files is None else below_install(run, excessive, files, cuts_after, build)


def _is_movable(copy: Copy) -> bool:
    parts = (*copy.sources, copy.target)
    return (
        not (copy.is_add or copy.parents or copy.exclude)
        and not (copy.instruction.heredocs or copy.instruction.comments)
        and "$" not in copy.instruction.body.text
        and all(word is not None and word.raw == word.value for word in parts)
    )


def _can_pass(run: Run, excessive: Sequence[Copy], build: Build) -> bool:
    """Tell whether the copies may move past what stands between them and a RUN."""
    first, last = excessive[0].instruction.span.start, run.instruction.span.start
    views = build.stage_of(run).views
    return all(
        any(view is copy for copy in excessive) or _lets_pass(view, excessive, build)
        for view in views
        if first <= view.instruction.span.start < last
    )


def _lets_pass(view: View, excessive: Sequence[Copy], build: Build) -> bool:
    if isinstance(view, Run):
        return all(_is_idle(each) for each in commands_of(view, build))
    if isinstance(view, Workdir):
        return all(copy.target is not None and copy.target.value.startswith("/") for copy in excessive)
    return not isinstance(view, Copy | From | Onbuild | Unknown | Volume)


def _is_idle(command: Command) -> bool:
    """Tell whether a command reads nothing of the project, wherever it is run."""
    install = read_install(command)
    if install is not None:
        return install.reads is Reads.NOTHING
    if command.base_name == "rm":
        return all(word.value.startswith(_SYSTEM_FOLDERS) for word in command.arguments)
    if command.base_name in _CONFIGURED:
        return command.subcommand in _CONFIGURING
    return command.base_name in _IDLE


def _files(
    install: Install, run: Run, copy: Copy, build: Build, context: Context
) -> tuple[tuple[str, str], ...] | None:
    """Return what to copy before the install, each path in the context with that below the copy's target.

    What another copy of the stage has brought before is not copied again.
    """
    if copy.target is None or len(copy.sources) != 1:
        return None
    prefix = normpath("/" + copy.sources[0].value).strip("/")
    if context.file(prefix) is not None:
        return None
    target = _resolved(copy.target.value, build.scope_of(copy).workdir)
    below = relpath(_resolved(".", build.scope_of(run).workdir), target)
    if below.startswith(".."):
        return None
    needed = needed_files(install, context, normpath(f"{prefix}/{below}").strip("/."), target)
    if needed is None:
        return None
    at = run.instruction.span.start
    there = {
        file.path
        for each in build.stage_of(run).views
        if isinstance(each, Copy) and each is not copy and each.source_stage is None
        if each.instruction.span.start < at
        for file in context.select([word.value for word in each.sources])
    }
    start = len(prefix) + 1 if prefix else 0
    return tuple((path, path[start:]) for path in needed if path not in there)


def _resolved(path: str, workdir: str | None) -> str:
    """Return an absolute path; below a made-up one where the base image's working directory is not known."""
    return normpath(path if path.startswith("/") else f"{workdir or '/…'}/{path}")
