"""The build context of a Dockerfile named on the command line."""

import os

from dockeropt import files
from dockeropt.errors import UsageError
from dockeropt.semantics.context import Context, File
from dockeropt.syntax.instructions import Copy
from dockeropt.syntax.tree import Dockerfile
from dockeropt.syntax.views import view

_LARGEST_MANIFEST = 1_000_000
"""bytes"""
_UNREADABLE_AS_PATH = frozenset("*?[$\\")


def named_paths(dockerfile: Dockerfile) -> tuple[str, ...]:
    """Return the paths in the build context that COPY and ADD name literally."""
    paths: list[str] = []
    for instruction in dockerfile.instructions:
        if instruction.keyword not in ("COPY", "ADD"):
            continue
        copy = view(instruction, dockerfile.escape)
        if isinstance(copy, Copy) and copy.source_stage is None:
            paths.extend(
                word.value.lstrip("/")
                for word in copy.sources
                if "://" not in word.value
                and not word.value.startswith("git@")
                and _UNREADABLE_AS_PATH.isdisjoint(word.value)
            )
    return tuple(dict.fromkeys(paths))


def find_context(named: tuple[str, ...], path: str, given: str | None) -> Context | None:
    """Return the context the user named, else the likeliest folder, None where no folder fits.

    A Dockerfile does not say what its context is. Its own folder, else the working directory above it, is
    taken when every file that a COPY names literally exists there. Raises UsageError when the folder the
    user named is none.
    """
    if given is not None:
        if not os.path.isdir(given):
            raise UsageError(
                f"the context {given} is not a folder", "pass the folder that `docker build` gets"
            )
        return open_context(given, path)
    for folder in _candidates(path):
        if all(_exists(os.path.join(folder, each)) for each in named):
            return open_context(folder, path)
    return None


def open_context(folder: str, dockerfile_path: str) -> Context:
    """Return a folder as a build context; its files are listed when a rule first asks for them."""
    ignore = files.read_text(f"{dockerfile_path}.dockerignore")
    if ignore is None:
        ignore = files.read_text(os.path.join(folder, ".dockerignore"))
    return Context(
        lambda: (File(*found) for found in files.list_files(folder)),
        ignore,
        folder,
        lambda prunes: (File(*found) for found in files.list_files(folder, prunes)),
        lambda path: _text_of(os.path.join(folder, path)),
    )


def _text_of(path: str) -> str | None:
    try:
        return files.read_text(path, _LARGEST_MANIFEST)
    except UsageError:
        return None


def _candidates(path: str) -> list[str]:
    if path == "-":
        return [os.getcwd()]
    own = os.path.dirname(os.path.abspath(path))
    here = os.getcwd()
    return [own, here] if own.startswith(here.rstrip(os.sep) + os.sep) else [own]


def _exists(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:  # half a character, which no file system takes
        return False
