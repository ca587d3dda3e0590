"""The files a rewrite replaces: found, read and understood."""

import os
import re

from dockeropt.errors import UsageError
from dockeropt.files import read_source, read_text
from dockeropt.records import NamedTuple
from dockeropt.rewrite.folder import Folder
from dockeropt.semantics.build import Build
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.parser import parse

DOCKERFILE_NAMES = ("Dockerfile", "dockerfile", "Containerfile", "docker/Dockerfile", ".docker/Dockerfile")
_WINDOWS = re.compile(r"windows|nanoserver|servercore")


class OldFiles(NamedTuple):
    """The Dockerfile and .dockerignore there are, or where new ones go; ``build`` is None for a new one."""

    dockerfile: str
    build: Build | None
    ignore: str
    ignore_text: str | None

    @property
    def dockerfile_text(self) -> str:
        """The old Dockerfile, empty for a new one."""
        return "" if self.build is None else self.build.dockerfile.source.text


def read_old_files(folder: Folder, dockerfile: str | None, app: str) -> OldFiles:
    """Return the old files: the Dockerfile named, or that of the app's folder or of the context.

    Raises UsageError for a Dockerfile that does not build, has no FROM, or makes a Windows image.
    """
    path = dockerfile or _find(folder, app)
    build = None if path is None else _read(path)
    if path is None:
        path = os.path.join(folder.root, "Dockerfile")
    ignore, text = _find_ignore(folder.root, path)
    return OldFiles(path, build, ignore, text)


def _find(folder: Folder, app: str) -> str | None:
    """Return the path of the Dockerfile, in any of its usual spellings."""
    for place in (app, "") if app else ("",):
        for name in DOCKERFILE_NAMES:
            path = f"{place}/{name}" if place else name
            if folder.has(path):
                return os.path.join(folder.root, path)
    return None


def _read(path: str) -> Build:
    source = read_source(path)
    dockerfile = parse(source)
    build = resolve(dockerfile)
    for problem in (*dockerfile.problems, *build.problems):
        position = source.position(problem.span.start)
        raise UsageError(
            f"{path}:{position.line} does not build: {problem.message}",
            "correct it first: a rewrite keeps what the old Dockerfile wants",
        )
    windows = next((stage.base for stage in build.stages if _WINDOWS.search(stage.base.lower())), None)
    if windows is not None:
        raise UsageError(
            f"{path} builds a Windows image, from {windows}",
            "a rewrite makes Linux images: move the old Dockerfile away to start afresh",
        )
    if build.final_stage is None:
        raise UsageError(
            f"{path} has no FROM, so it is no Dockerfile",
            "name another with --dockerfile, or remove it to start afresh",
        )
    return build


def _find_ignore(root: str, dockerfile: str) -> tuple[str, str | None]:
    """Return the .dockerignore that BuildKit reads for a Dockerfile, and its text."""
    own = f"{dockerfile}.dockerignore"
    text = read_text(own)
    if text is not None:
        return own, text
    path = os.path.join(root, ".dockerignore")
    return path, read_text(path)
