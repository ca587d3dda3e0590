"""Where the Dockerfile is: in the history, or only on the disk."""

import os

from dockeropt.errors import UsageError
from dockeropt.files import LARGEST_DOCKERFILE
from dockeropt.records import NamedTuple
from dockeropt.replay.history import LINK, SUBMODULE, Blob, History
from dockeropt.replay.recipe import Read


class Place(NamedTuple):
    """The Dockerfile as it is now."""

    dockerfile: bytes
    path: str
    """in the repository, or on the disk where it is in no commit"""
    is_in_history: bool


def find_dockerfile(
    history: History, context: str, given: str | None, tree: dict[str, Blob], read: Read
) -> Place:
    """Return the Dockerfile the user named, else that of the context.

    One that the newest commit does not have is taken from the disk. Raises UsageError where there is none.
    """
    paths = [path_in_repository(history, given)] if given is not None else _usual(history.folder)
    for path in paths:
        found = None if path is None else _at(path, tree, read)
        if path is not None and found is not None:
            return found
    for file in [given] if given is not None else [os.path.join(context, "Dockerfile")]:
        if os.path.isfile(file) and os.path.getsize(file) <= LARGEST_DOCKERFILE:
            with open(file, "rb") as opened:
                return Place(opened.read(), file, False)
    name = given or f"{history.folder}Dockerfile"
    raise UsageError(f"there is no {name} in {history.branch}", "name the Dockerfile with --dockerfile FILE")


def _usual(folder: str) -> list[str | None]:
    return [f"{folder}Dockerfile", f"{folder}dockerfile"]


def _at(path: str, tree: dict[str, Blob], read: Read) -> Place | None:
    """Return the Dockerfile of a commit, a link to it followed."""
    for _ in range(8):
        blob = tree.get(path)
        if blob is None or blob.mode == SUBMODULE:
            return None
        content = read(blob.id)
        if blob.mode != LINK:
            return Place(content, path, True)
        target = content.decode("utf-8", "surrogateescape")
        path = os.path.normpath(os.path.join(os.path.dirname(path), target))
    return None


def path_in_repository(history: History, file: str) -> str | None:
    """Return a file's path in the repository, None where it lies outside; links in folders are followed."""
    if history.root is None:
        return os.path.normpath(file)
    folder, name = os.path.split(os.path.abspath(file))
    path = os.path.relpath(os.path.join(os.path.realpath(folder), name), history.root)
    return None if path.startswith("..") else path
