"""Where the files of the context end up in an image."""

import fnmatch
from collections.abc import Iterable
from posixpath import basename, join, normpath

from dockeropt.records import NamedTuple
from dockeropt.rewrite.python.recipe import Recipe, Step
from dockeropt.syntax.instructions import Copy


class Placed(NamedTuple):
    """What a COPY puts where."""

    step: Step
    target: str
    """absolute, as written but expanded; a folder's ends in ``/``"""
    files: dict[str, str]
    """paths in the image, and in the context"""

    def has_sources_before(self, step: Step) -> bool:
        """Whether it comes before a step and brings Python files."""
        is_before = self.step.view.instruction.span.start < step.view.instruction.span.start
        return is_before and any(path.endswith(".py") for path in self.files.values())

    @property
    def is_whole(self) -> bool:
        """Whether it takes the context as a whole."""
        view = self.step.view
        return isinstance(view, Copy) and any(normpath(w.value).strip("/") in (".", "") for w in view.sources)


def place_copies(recipe: Recipe, files: Iterable[str], default_folder: str = "/") -> tuple[Placed, ...]:
    """Return what the COPY and ADD instructions put where, in order; those of addresses and stages not."""
    known = tuple(files)
    found: list[Placed] = []
    for step in recipe.steps:
        view = step.view
        if not isinstance(view, Copy) or view.source_stage is not None or view.target is None:
            continue
        if any("://" in word.value or word.value.startswith("git@") for word in view.sources):
            continue
        sources = [recipe.expand(word, view) for word in view.sources]
        written = recipe.expand(view.target, view)
        folder = join(step.scope.workdir or default_folder, written)
        target = normpath(folder)
        is_folder = written.endswith(("/", "/.")) or written == "." or len(sources) > 1
        placed: dict[str, str] = {}
        for source in sources:
            placed.update(_placed(source, target, is_folder, known))
        is_folder = is_folder or target not in placed
        found.append(Placed(step, target.rstrip("/") + "/" if is_folder else target, placed))
    return tuple(found)


def context_path(placed: Iterable[Placed], path: str) -> str | None:
    """Return the file of the context that is at a path of the image, None where none is."""
    for each in reversed(tuple(placed)):
        if path in each.files:
            return each.files[path]
    return None


def _placed(source: str, target: str, is_folder: bool, files: tuple[str, ...]) -> dict[str, str]:
    path = normpath(source).strip("/")
    if path in (".", ""):
        return {join(target, file): file for file in files}
    if any(mark in path for mark in "*?["):
        found: dict[str, str] = {}
        depth = path.count("/") + 1
        for file in files:
            head = "/".join(file.split("/")[:depth])
            if head.count("/") + 1 == depth and fnmatch.fnmatchcase(head, path):
                rest = file[len(head) :].lstrip("/")
                found[join(target, rest or basename(head))] = file
        return found
    if path in files:
        return {join(target, basename(path)) if is_folder else target: path}
    return {join(target, file[len(path) + 1 :]): file for file in files if file.startswith(path + "/")}
