"""What a step's change surface has beyond the manifests an install needs."""

from collections.abc import Iterator
from enum import IntEnum

from dockeropt.cache.selection import normalized
from dockeropt.cache.steps import Origin, Source, Step
from dockeropt.knowledge.manifests import is_manifest, is_quiet, is_source
from dockeropt.records import NamedTuple
from dockeropt.semantics.context import Context
from dockeropt.syntax.instructions import Copy, Run


class Width(IntEnum):
    """How much of the context an instruction takes."""

    FILE = 1
    FOLDER = 2
    EVERYTHING = 3


class Excess(NamedTuple):
    """Files of the context that a step depends on and an install does not read."""

    step: Step
    """the step that takes them in"""
    pattern: str
    width: Width


_SYSTEM_TARGETS = (
    "/bin",
    "/docker-entrypoint",
    "/etc",
    "/lib",
    "/root/.",
    "/sbin",
    "/usr/bin",
    "/usr/lib",
    "/usr/local/bin",
    "/usr/local/lib",
    "/usr/sbin",
    "/usr/share",
    "/var/lib",
)
_PROGRAM_NAMES = ("entrypoint", "cmd", "run", "start", "init", "wait-for-it", "gradlew", "mvnw", "artisan")


def widest_excess(step: Step, before: Excess | None, context: Context | None) -> Excess | None:
    """Return the most that a step depends on beyond manifests, given that of the step it starts from."""
    widest = before
    for source in step.sources:
        if source.origin is Origin.CONTEXT:
            for excess in _excesses(step, source, context):
                if widest is None or excess.width >= widest.width:
                    widest = excess
    return widest


def _excesses(step: Step, source: Source, context: Context | None) -> Iterator[Excess]:
    if isinstance(step.view, Copy) and step.view.target is not None:
        target = step.view.target.value
        if target.startswith(_SYSTEM_TARGETS):
            return
    elif not isinstance(step.view, Run):
        return
    for pattern in source.patterns:
        path = normalized(pattern)
        if is_manifest(path) or "$" in path or _is_archive(path):
            continue
        width = _width(path, pattern, source, context)
        if width is not None:
            yield Excess(step, path, width)


def _width(path: str, pattern: str, source: Source, context: Context | None) -> Width | None:
    """Return how much a source takes beyond manifests, None for nothing that matters."""
    is_everything = path in (".", "*", "**")
    if context is not None:
        files = context.select((pattern,), source.exclude, source.keeps_parents)
        if len(files) == 1 and files[0].path == path:
            return Width.FILE if is_source(path) and not _is_linked(path, context) else None
        if all(is_manifest(file.path) or is_quiet(file.path) for file in files):
            return None
        return Width.EVERYTHING if is_everything else Width.FOLDER
    if is_everything:
        return Width.EVERYTHING
    if is_quiet(path):
        return None
    name = path.rpartition("/")[2]
    if is_source(name):
        return Width.FILE
    if pattern.endswith("/") or name == "*":
        return Width.FOLDER
    is_folder = "." not in name and "*" not in name and name not in _PROGRAM_NAMES and not name.isupper()
    return Width.FOLDER if is_folder else None


def _is_linked(path: str, context: Context) -> bool:
    """Tell whether a source is a program that a workspace's member offers, which an install links."""
    if not path.endswith((".js", ".cjs", ".mjs", ".ts")) or "/" not in path:
        return False
    from dockeropt.checks.cache.node_programs import programs

    folder = path.rpartition("/")[0]
    while folder:
        if context.file(f"{folder}/package.json") is not None:
            return path in programs(f"{folder}/package.json", context)
        folder = folder.rpartition("/")[0]
    return False


def _is_archive(path: str) -> bool:
    return path.endswith(
        (".tar", ".gz", ".tgz", ".xz", ".bz2", ".zst", ".zip", ".jar", ".war", ".whl", ".deb", ".rpm")
    )
