"""The fix of DO1001: manifests first, then the install, then the rest. When it can be made, and of what."""

from collections.abc import Sequence

from dockeropt.checks.cache.copy_before_install import is_neutral
from dockeropt.checks.cache.fetch_first import fetch_first
from dockeropt.checks.cache.fetch_lines import goes_on
from dockeropt.checks.cache.files_first import files_first
from dockeropt.checks.cache.landings import landings, resolved
from dockeropt.checks.cache.moved_copies import below_install
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
    ": adduser addgroup apk apt apt-get curl dnf dpkg echo export gpg groupadd locale-gen microdnf mkdir "
    "printf set tdnf true update-ca-certificates useradd wget yum zypper"
)
"""programs that read nothing of the project"""
_CONFIGURED = frozenset(
    ("bundle", "composer", "corepack", "mix", "npm", "pip", "pip3", "pnpm", "poetry", "yarn")
)
_CONFIGURING = ("cache", "config", "enable", "local.hex", "local.rebar", "prepare", "set", "use")
_SYSTEM_FOLDERS = ("/root/", "/tmp/", "/var/", "~")  # noqa: S108 - in the image
_ELSEWHERE = ("--prefix", "-C", "--cwd", "--dir", "--directory", "--project", "--filter", "-F", "--target")
"""options with which an install reads the files of another folder than the working directory"""


def manifests_first(install: Install, run: Run, excessive: Sequence[Copy], build: Build) -> Fix | None:
    """Return the fix that moves these copies below an install, and copies before it what it reads.

    None where the context is not known, or something between reads what is copied.
    """
    context = build.context
    if context is None or not excessive or run.instruction.heredocs:
        return None
    if any(word.value.partition("=")[0] in _ELSEWHERE for word in install.command.words):
        return None
    copies = _moved(run, excessive, build, context)
    if copies is None:
        return None
    commands = commands_of(run, build)
    number = next(at for at, each in enumerate(commands) if each.span == install.command.span)
    if not all(is_idle(each) for each in commands[:number]):
        return None
    if goes_on(install, run, copies, build, context):
        return fetch_first(install, run, copies, build, context)
    rest = commands[number + 1 :]
    cuts_after = None if all(is_idle(each) for each in rest) else number
    if cuts_after is not None and _is_at_fault(rest, install):
        return None
    if install.reads is Reads.NOTHING:
        return below_install(run, copies, None, (), cuts_after, build)
    found = files_first(install, run, copies, build, context)
    return None if found is None else below_install(run, copies, found[0], found[2], cuts_after, build)


def _is_at_fault(commands: Sequence[Command], install: Install) -> bool:
    """Tell whether what follows an install would be found at fault in a RUN of its own."""
    installs = [found for each in commands if (found := read_install(each)) is not None]
    if any(
        each.reads is not Reads.NOTHING and each.manager.manifests != install.manager.manifests
        for each in installs
    ):
        return True
    return any(each.reads is Reads.NOTHING for each in installs) and is_neutral(commands)


def is_movable(copy: Copy, context: Context) -> bool:
    """Tell whether a copy says in plain words what it copies, so that it can be written elsewhere."""
    parts = (*copy.sources, copy.target)
    return (
        not (copy.parents or copy.exclude or copy.source_stage is not None)
        and not (copy.instruction.heredocs or copy.instruction.comments)
        and "$" not in copy.instruction.body.text
        and all(word is not None and word.raw == word.value for word in parts)
        and (not copy.is_add or _adds_folders(copy, context))
    )


def _adds_folders(copy: Copy, context: Context) -> bool:
    """Tell whether an ADD does what COPY would: it unpacks archives, yet not those in folders."""
    return all(each.name in ("chown", "chmod") for each in copy.instruction.flags) and all(
        context.select([word.value])
        and context.file(word.value.strip("/")) is None
        and not any(mark in word.value for mark in "*?[:")
        for word in copy.sources
    )


def _moved(run: Run, excessive: Sequence[Copy], build: Build, context: Context) -> tuple[Copy, ...] | None:
    """Return the copies to move past what stands between them and a RUN: these, and those that overlap them.

    None where something between may read what is copied.
    """
    first, last = excessive[0].instruction.span.start, run.instruction.span.start
    moved: list[Copy] = []
    taken: set[str] = set()
    between = [each for each in build.stage_of(run).views if first <= each.instruction.span.start < last]
    for view in between:
        if isinstance(view, Copy):
            if view.parents or view.exclude:
                return None
            places = {} if view.source_stage is not None else landings(view, build, context)
            is_excessive = any(view is each for each in excessive)
            overlaps = not taken.isdisjoint(places) if places else _may_overlap(view, moved, build)
            if is_excessive or overlaps:
                if not is_movable(view, context):
                    return None
                moved.append(view)
                taken.update(places)
        elif not _lets_pass(view, moved, build):
            return None
    return tuple(moved)


def _may_overlap(copy: Copy, moved: Sequence[Copy], build: Build) -> bool:
    """Tell whether a copy of files that nobody knows may write where moved copies do."""
    if copy.target is None:
        return True
    path = resolved(copy.target.value, build.scope_of(copy).workdir) + "/"
    for each in moved:
        target = resolved(each.target.value if each.target else ".", build.scope_of(each).workdir) + "/"
        if path.startswith(target) or target.startswith(path):
            return True
    return False


def _lets_pass(view: View, copies: Sequence[Copy], build: Build) -> bool:
    if isinstance(view, Run):
        return all(is_idle(each) for each in commands_of(view, build))
    if isinstance(view, Workdir):
        return all(copy.target is not None and copy.target.value.startswith("/") for copy in copies)
    return not isinstance(view, From | Onbuild | Unknown | Volume)


def is_idle(command: Command) -> bool:
    """Tell whether a command reads nothing of the project, wherever it is run."""
    install = read_install(command)
    if install is not None:
        return install.reads is Reads.NOTHING
    if command.base_name == "rm":
        return all(word.value.startswith(_SYSTEM_FOLDERS) for word in command.arguments)
    if command.base_name in _CONFIGURED:
        return command.subcommand in _CONFIGURING
    return command.base_name in _IDLE
