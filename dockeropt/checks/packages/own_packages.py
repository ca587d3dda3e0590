"""Go packages that are the project's own, though they are named by a full import path."""

from functools import lru_cache

from dockeropt.checks.packages.invocations import Invocation
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Copy

_SOURCES = "/src/"


def is_own(package: str, invocation: Invocation, build: Build) -> bool:
    """Tell whether a package lies where the stage works or has copied files to, below GOPATH's ``src``."""
    at = invocation.run.instruction.span.start
    return any(
        start <= at and (package + "/").startswith(path)
        for path, start in _import_paths(build)[invocation.stage.number].items()
    )


@lru_cache(1)
def _import_paths(build: Build) -> list[dict[str, int]]:
    """Return for each stage the import paths its own packages begin with, and from which offset on."""
    found: list[dict[str, int]] = []
    for stage in build.stages:
        paths: dict[str, int] = {}
        for view, scope in zip(stage.views, stage.scopes, strict=True):
            folders = [scope.workdir or ""]
            if isinstance(view, Copy) and view.target is not None:
                folders.append(view.target.value)
            for folder in folders:
                path = folder.partition(_SOURCES)[2].rstrip("/")
                if path:
                    paths.setdefault(path + "/", view.instruction.span.start)
        found.append(paths)
    return found
