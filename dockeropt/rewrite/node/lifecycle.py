"""What to do with a project's own install scripts, which run before its sources are there."""

from collections.abc import Iterable

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision, shortened
from dockeropt.rewrite.node.manifest import LIFECYCLE
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.scripts import commands, is_git_hook, is_nuxt_prepare


class Lifecycle(NamedTuple):
    """The scripts to leave out of the install, and what of them to run in their stead."""

    left_out: tuple[tuple[str, str], ...]
    """folder and name of each script: ("", "postinstall")"""
    with_manifests: tuple[str, ...]
    """programs to run right after the install: they need only manifests and patches"""
    patching: tuple[str, ...]
    """the commands of install scripts that change what was installed: ``patch-package``"""
    with_sources: tuple[tuple[str, str], ...]
    """scripts to run once the sources are there"""
    decisions: tuple[Decision, ...]


_GUARDS = ("only-allow", "check-engine", "npm-force-resolutions")
MANIFEST_PROGRAMS = ("patch-package",)


def plan_lifecycle(project: Project) -> Lifecycle:
    """Return how the install scripts of the project and of its workspace members are run."""
    left_out: list[tuple[str, str]] = []
    with_manifests: list[str] = []
    with_sources: list[tuple[str, str]] = []
    patching: list[str] = []
    decisions: list[Decision] = []
    for folder, name, text in _scripts(project):
        parts = [part for part in commands(text) if not _is_needless(part)]
        where = f"{name} in {folder}/package.json" if folder else name
        if parts and all(_program(part) in MANIFEST_PROGRAMS for part in parts):
            patching.extend(parts)
            if len(parts) == len(commands(text)):
                decisions.append(
                    Decision(
                        "install scripts", f"{where} runs as it is", f"{shortened(text)} needs only patches/"
                    )
                )
                continue
            with_manifests.extend(parts)
            run = " and ".join(parts)
            reason = f"of {shortened(text)!r}, {run} runs after the install; the build needs no more"
        elif parts:
            with_sources.append((folder, name))
            reason = f"{shortened(text)!r} may need the sources, so it runs once they are there"
        else:
            reason = f"{shortened(text)!r} is nothing a build in an image needs"
            if any(is_nuxt_prepare(part) for part in commands(text)):
                reason = "nuxt prepare needs the sources, and nuxt build does it again by itself"
        left_out.append((folder, name))
        decisions.append(Decision("install scripts", f"{where} is left out of the install", reason))
    return Lifecycle(
        tuple(left_out), tuple(with_manifests), tuple(patching), tuple(with_sources), tuple(decisions)
    )


def _scripts(project: Project) -> Iterable[tuple[str, str, str]]:
    manifests = [("", project.manifest), *((member.folder, member.manifest) for member in project.members)]
    for folder, manifest in manifests:
        for name in LIFECYCLE:
            if name in manifest.scripts:
                yield folder, name, manifest.scripts[name]


def _program(command: str) -> str:
    words = [word for word in command.split() if word not in ("npx", "--yes", "-y", "exec")]
    return words[0] if words else ""


def _is_needless(command: str) -> bool:
    return (
        is_nuxt_prepare(command)
        or is_git_hook(command)
        or _program(command) in (*_GUARDS, "exit", "true", "echo")
    )
