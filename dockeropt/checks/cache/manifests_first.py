"""The fix of DO1001: manifests first, then the install, then the rest. When it can be made, and of what."""

from collections.abc import Sequence

from dockeropt.checks.cache.copy_before_install import is_neutral
from dockeropt.checks.cache.fetch_first import fetch_first
from dockeropt.checks.cache.fetch_lines import goes_on
from dockeropt.checks.cache.files_first import files_first
from dockeropt.checks.cache.idle_commands import is_idle
from dockeropt.checks.cache.landings import landings, resolved
from dockeropt.checks.cache.movable_copies import copies_to_move
from dockeropt.checks.cache.moved_copies import below_install
from dockeropt.checks.cache.node_manifests import late_scripts
from dockeropt.checks.cache.own_scripts import own_scripts
from dockeropt.checks.packages.installs import Install, read_install
from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.finding import Fix
from dockeropt.knowledge.package_manager import Reads
from dockeropt.semantics.build import Build
from dockeropt.semantics.context import Context
from dockeropt.semantics.scripts import script_heredoc
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Copy, Run

_ELSEWHERE = ("--prefix", "-C", "--cwd", "--dir", "--directory", "--project", "--filter", "-F", "--target")
"""options with which an install reads the files of another folder than the working directory"""


def manifests_first(install: Install, run: Run, excessive: Sequence[Copy], build: Build) -> Fix | None:
    """Return the fix that moves these copies below an install, and copies before it what it reads.

    None where the context is not known, or something between reads what is copied.
    """
    context = build.context
    if context is None or not excessive or (run.instruction.heredocs and script_heredoc(run) is None):
        return None
    if any(word.value.partition("=")[0] in _ELSEWHERE for word in install.command.words):
        return None
    copies = copies_to_move(run, excessive, build, context)
    if copies is None:
        return None
    commands = commands_of(run, build)
    number = next(at for at, each in enumerate(commands) if each.span == install.command.span)
    before, rest = commands[:number], commands[number + 1 :]
    if goes_on(install, run, copies, build, context):
        is_early = all(is_idle(each) for each in before) and not run.instruction.heredocs
        return fetch_first(install, run, copies, build, context) if is_early else None
    found = None
    if install.reads is not Reads.NOTHING:
        found = files_first(install, run, copies, build, context)
        if found is None:
            return None
    cuts_after = None
    if not _is_whole((*before, *rest), install, run, copies, found, build, context):
        if (
            run.instruction.heredocs
            or not all(is_idle(each) for each in before)
            or _is_at_fault(rest, install)
        ):
            return None
        cuts_after = number
    if found is None:
        return below_install(run, copies, None, (), cuts_after, build)
    scripts = None
    names = late_scripts(install, context, found[1])
    if names:
        scripts = own_scripts(install, names, run, found[0], build)
        if scripts is None or not _brings_again(found[1], copies, build, context):
            return None
    return below_install(run, copies, found[0], found[2], cuts_after, build, scripts)


def _is_whole(
    others: Sequence[Command],
    install: Install,
    run: Run,
    copies: Sequence[Copy],
    found: tuple[Copy, str, tuple[tuple[str, str], ...]] | None,
    build: Build,
    context: Context,
) -> bool:
    """Tell whether the other commands of a RUN do the same before the copies are made."""
    unsure = [each for each in others if not is_idle(each)]
    if not unsure or found is None:
        return not unsure
    if late_scripts(install, context, found[1]):
        return False
    from dockeropt.checks.cache.same_either_way import installs_alike, tests_alike

    workdir = resolved(".", build.scope_of(run).workdir)
    later = {place for copy in copies for place in landings(copy, build, context)}
    first = {place for _, place in found[2]}
    files = {path for path, _ in found[2]}
    text = build.dockerfile.source.text
    return all(
        tests_alike(each, workdir, first, later)
        or installs_alike(each, install.manager.manifests, files, context, found[1], text)
        for each in unsure
    )


def _brings_again(folder: str, copies: Sequence[Copy], build: Build, context: Context) -> bool:
    """Tell whether one of the copies brings package.json, which the install is to change, as it was."""
    manifest = f"{folder}/package.json" if folder else "package.json"
    return any(manifest in landings(copy, build, context).values() for copy in copies)


def _is_at_fault(commands: Sequence[Command], install: Install) -> bool:
    """Tell whether what follows an install would be found at fault in a RUN of its own."""
    installs = [found for each in commands if (found := read_install(each)) is not None]
    if any(
        each.reads is not Reads.NOTHING and each.manager.manifests != install.manager.manifests
        for each in installs
    ):
        return True
    return any(each.reads is Reads.NOTHING for each in installs) and is_neutral(commands)
