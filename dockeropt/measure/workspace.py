"""Copies of the build context: what is built and edited is never the user's own folder."""

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from dockeropt.errors import MeasureError, UsageError
from dockeropt.measure.model import Candidate
from dockeropt.measure.source_edit import Edit
from dockeropt.semantics.dockerignore import Matcher

_IGNORE_FILE = ".dockerignore"


class Workspace:
    """A candidate's copy of the context, with its own .dockerignore."""

    def __init__(self, folder: Path, candidate: Candidate) -> None:
        # buildx tells contexts apart by the last name of their path alone: under a name that another run has
        # used, a file of the same size, mode and time is not sent, and the build goes on with the other's.
        self.context = folder / f"context-{uuid4().hex[:12]}"
        self.dockerfile = folder / "Dockerfile"
        """beside the context, so that it is no part of it"""
        self.candidate = candidate

    def write_dockerfile(self, text: str) -> None:
        """Write the text to build; raises MeasureError where there is no room for it."""
        _write(self.dockerfile, text.encode("utf-8", "surrogateescape"))

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a file of the copy, None where the build cannot see such a file.

        A link that leads out of the copy is no file of it: following it would change the user's own.
        """
        root = os.path.realpath(self.context)
        file = os.path.realpath(self.context / path)
        if os.path.commonpath([root, file]) != root or not os.path.isfile(file):
            return None
        return Path(file).read_bytes()

    def edit(self, edit: Edit, original: bytes, mark: str) -> None:
        """Change a file's content to the original with a mark; its time changes, too.

        Raises MeasureError where that cannot be written.
        """
        _write(self.context / edit.path, edit.change(original, mark))


def copy_context(root: str, folder: Path, candidate: Candidate) -> Workspace:
    """Copy what the candidate's build can see of the context into a folder.

    What its .dockerignore leaves out is not sent to the engine and not copied either. Raises UsageError
    where the context is no folder, MeasureError where it cannot be copied.
    """
    if not os.path.isdir(root):
        raise UsageError(f"{root} is no folder", "give the build context: dockeropt measure CONTEXT")
    workspace = Workspace(folder, candidate)
    matcher = Matcher(candidate.dockerignore)

    def left_out(here: str, names: list[str]) -> list[str]:
        below = os.path.relpath(here, root).replace(os.sep, "/")
        prefix = "" if below == "." else f"{below}/"
        return [name for name in names if _is_left_out(matcher, os.path.join(here, name), prefix + name)]

    try:
        shutil.copytree(root, workspace.context, symlinks=True, ignore=left_out, copy_function=_copy)
        if candidate.dockerignore is not None:
            text = candidate.dockerignore.encode("utf-8", "surrogateescape")
            (workspace.context / _IGNORE_FILE).write_bytes(text)
    except shutil.Error as error:
        source, _, reason = error.args[0][0]
        raise MeasureError(f"{source} cannot be copied: {reason}", _READABLE) from error
    except OSError as error:
        raise _failure(root, error) from error
    return workspace


_READABLE = "leave it out with .dockerignore, or make it readable"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def _copy(source: str, target: str) -> None:
    """Copy a file; the first that cannot be copied ends the work, where copytree would try all others."""
    try:
        shutil.copy2(source, target)
    except OSError as error:
        raise _failure(source, error) from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise _failure(str(path), error) from error


def _failure(source: str, error: OSError) -> MeasureError:
    why = (error.strerror or str(error)).lower()
    if error.errno in _NO_ROOM:
        return MeasureError(
            f"there is no room for a copy of the context in {tempfile.gettempdir()}: {why}",
            "set TMPDIR to a folder with space, or leave out with .dockerignore what no step needs",
        )
    return MeasureError(f"{source} cannot be copied or written: {why}", _READABLE)


def _is_left_out(matcher: Matcher, file: str, path: str) -> bool:
    if path == _IGNORE_FILE:
        return True
    mode = os.lstat(file).st_mode
    if stat.S_ISDIR(mode):
        return matcher.excludes_below(path)
    if not stat.S_ISREG(mode) and not stat.S_ISLNK(mode):
        return True
    return matcher.excludes(path)


def files_of(workspace: Workspace) -> Iterator[str]:
    """Yield the regular files of a copy, relative to it, with ``/``."""
    root = str(workspace.context)
    for here, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in {"node_modules", ".git"}]
        for name in names:
            file = os.path.join(here, name)
            if not os.path.islink(file):
                yield os.path.relpath(file, root).replace(os.sep, "/")
