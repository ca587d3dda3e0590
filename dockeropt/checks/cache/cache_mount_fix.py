"""The fix of DO1003: a cache mount, without what would keep it empty."""

from collections.abc import Iterator

from dockeropt.checks.packages.installs import Install
from dockeropt.checks.packages.removal import removes
from dockeropt.checks.shell.chains import remove_command
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.shell.word_edits import remove_word
from dockeropt.diagnostics.finding import Applicability, Fix
from dockeropt.semantics.build import Build
from dockeropt.semantics.scripts import script_heredoc
from dockeropt.shell.script import Command
from dockeropt.syntax.edits import Edit, add_flags, insert
from dockeropt.syntax.instructions import Form, Run

_EMPTYING = frozenset(("autoclean", "clean", "clear", "clear-cache", "clearcache", "prune"))
"""words with which managers remove their downloads, alone or after ``cache`` and ``store``"""
_KEEPING_NONE = ("--no-cache-dir", "--no-cache")
_SWITCHES = ("PIP_NO_CACHE_DIR", "UV_NO_CACHE")
_DOCKER_CLEAN = "/etc/apt/apt.conf.d/docker-clean"


def mount_fix(install: Install, targets: tuple[str, ...], run: Run, build: Build) -> Fix | None:
    """Return the fix that adds these mounts, None where something would still empty them."""
    scope = build.scope_of(run)
    if any(scope.variables.get(name) for name in _SWITCHES):
        return None
    if install.manager.name == "yarn" and (scope.user or "root").partition(":")[0] not in ("root", "0"):
        return None
    flags = [target.strip("`") for target in targets]
    edits: list[Edit | None] = [add_flags(run.instruction, flags, build.dockerfile)]
    for command in commands_of(run, build):
        edits += [
            remove_word(word, run, build)
            for word in command.words
            if word.value in _KEEPING_NONE and command.base_name not in ("docker", "buildah")
        ]
    for command in _cleanings(install, run, build):
        does_more = command.base_name == "rm" and len(command.arguments) > 1
        edits.append(None if does_more else remove_command(command, run, build))
    if install.manager.name == "apt-get":
        edits += _without_docker_clean(run, build)
    made = tuple(edit for edit in edits if edit is not None)
    if len(made) < len(edits):
        return None
    return Fix(f"add {' '.join(flags)}", made, Applicability.UNSAFE, (run.instruction.span,))


def _cleanings(install: Install, run: Run, build: Build) -> Iterator[Command]:
    """Yield the commands of a RUN that would empty the mounts."""
    folders = [cache.target for cache in install.manager.caches]
    for command in commands_of(run, build):
        words = [word.value for word in command.arguments[:2]]
        is_own = command.base_name in install.manager.programs and not install.manager.takes_goals
        empties = words[-1:] if words[:1] in (["cache"], ["store"]) else words[:1]
        if (is_own and not _EMPTYING.isdisjoint(empties)) or any(
            removes(command, folder, "") for folder in folders
        ):
            yield command


def _without_docker_clean(run: Run, build: Build) -> list[Edit | None]:
    """Return the edit that removes the hook of Debian's images which empties the mount after each install."""
    at = build.dockerfile.source.text.find(_DOCKER_CLEAN)
    if 0 <= at < run.instruction.span.end:
        return []
    if run.command.form is Form.EXEC or (run.instruction.heredocs and script_heredoc(run) is None):
        return [None]
    script = build.script_of(run)
    return [None if script is None else insert(script.text.offset(0), f"rm -f {_DOCKER_CLEAN} && ")]
