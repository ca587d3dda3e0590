"""Where the files of a step come from: the context, a stage, an image or the network."""

from collections.abc import Callable

from dockeropt.cache.steps import Origin

StageNumber = Callable[[str], int | None]
"""gives the number of the stage a ``--from`` names, None for an image"""

_REMOTE = ("http://", "https://", "git://", "ssh://", "git@", "github.com/")


def source_of(name: str | None, stage_number: StageNumber) -> tuple[Origin, int | None, str | None]:
    """Return what ``--from`` or ``from=`` means: the context where it is not given, a stage or an image."""
    if not name:
        return Origin.CONTEXT, None, None
    number = stage_number(name)
    if number is not None:
        return Origin.STAGE, number, None
    return Origin.IMAGE, None, full_reference(name)


def full_reference(name: str) -> str:
    """Return an image reference with what Docker fills in: registry, ``library/`` and ``:latest``."""
    head, slash, tail = name.partition("/")
    if not slash or not ("." in head or ":" in head or head == "localhost"):
        head, tail = "docker.io", name
    if head in ("docker.io", "index.docker.io"):
        head, tail = "docker.io", tail if "/" in tail else f"library/{tail}"
    if "@" not in tail and ":" not in tail:
        tail += ":latest"
    return f"{head}/{tail}"


def is_remote(path: str) -> bool:
    """Tell whether an ADD fetches this source instead of taking it from the context."""
    return path.startswith(_REMOTE)
