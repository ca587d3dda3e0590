"""A machine that has never built this: what a registry's cache is worth to it, tried without a new machine.

A builder answers from its own cache first. So that it cannot, every stage of a copy of the Dockerfile begins
with a small file that no other build has: all keys after it are new, and what the builder keeps of them can
be told from all else by the file's name. It is removed before the build that is timed, which then has the
registry's cache alone; base images are there. Tried on the engine (26.1.5): the layers are fetched again. The
layer of a ``COPY --link`` stands on nothing and may stay.
"""

import re

from dockeropt.syntax.edits import Edit, apply
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source, Span

_POSITION = re.compile(r"^\[((?:\S+ )*? *)(\d+)/(\d+)\] ")
_RECORD = re.compile(r"^ID:\s*(\S+?)\*?$(.*?)(?=^ID:|\Z)", re.MULTILINE | re.DOTALL)
_PARENTS = re.compile(r"^Parents?:[ \t]*(.+)$", re.MULTILINE)
_DESCRIPTION = re.compile(r"^Description:[ \t]*(.+)$", re.MULTILINE)


def with_marks(text: str, mark: str) -> str:
    """Return the Dockerfile with the file of this mark at the beginning of every stage."""
    added = f"\nCOPY <<dockeropt {_file(mark)}\nfresh\ndockeropt"
    froms = [each.span for each in parse(Source(text)).instructions if each.keyword == "FROM"]
    ends = [span.start + len(text[span.start : span.end].rstrip("\r\n")) for span in froms]
    return apply(text, [Edit(Span(end, end), added) for end in ends])


def is_mark(step: str, mark: str) -> bool:
    """Tell whether a step is none of the user's but makes the file of the mark."""
    return step.endswith(_file(mark))


def without_marks(step: str) -> str:
    """Return a step's name with its number as the user's own Dockerfile has it."""

    def renumbered(found: re.Match[str]) -> str:
        return f"[{found[1]}{max(int(found[2]) - 1, 1)}/{int(found[3]) - 1}] "

    return _POSITION.sub(renumbered, step)


def _file(mark: str) -> str:
    return f"/.dockeropt-{mark}"


def records_after(mark: str, usage: str) -> list[str]:
    """Return the ids of the records in ``docker buildx du --verbose`` that stand on a file of the mark.

    Those that stand on others come before them: the order in which they can be removed.
    """
    parents: dict[str, set[str]] = {}
    depths: dict[str, int] = {}
    for record in _RECORD.finditer(usage):
        found = _PARENTS.search(record[2])
        parents[record[1]] = set(re.findall(r"[^\s,;]+", found[1])) if found else set()
        description = _DESCRIPTION.search(record[2])
        if description is not None and is_mark(description[1].rstrip(), mark):
            depths[record[1]] = 0
    deepest = depths
    while deepest:
        below = {key: max(deepest.values()) + 1 for key, on in parents.items() if on & deepest.keys()}
        depths = {**depths, **below}
        deepest = below if len(below) < len(parents) else {}
    return sorted(depths, key=lambda key: -depths[key])
