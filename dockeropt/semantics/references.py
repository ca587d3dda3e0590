"""Where a stage takes files from: COPY --from and RUN --mount from."""

import re
from collections.abc import Iterable, Iterator, Mapping

from dockeropt.records import NamedTuple
from dockeropt.syntax.instructions import Copy, Run, View
from dockeropt.syntax.source import Span

_NUMBER = r"[-+]?[0-9]+"


class Reference(NamedTuple):
    """A ``from`` of COPY or of a mount: what it names, and the number of the stage that is."""

    span: Span
    text: str
    stage: int | None
    """None for an image, and for a number that no stage has"""
    is_mount: bool
    is_number: bool
    """whether it can only be a stage's number; a mount finds stages by name alone"""


def references(views: Iterable[View], names: Mapping[str, int], count: int) -> Iterator[Reference]:
    """Yield what these instructions take files from, given the stages' names and how many there are.

    Of several stages with one name BuildKit takes the last, before or after the instruction.
    """
    for view in views:
        if isinstance(view, Copy):
            word = view.source_stage
            if word is None or view.is_add or not word.value:
                continue
            text = word.value
            stage = find_stage(text, names, count)
            yield Reference(word.span, text, stage, False, re.fullmatch(_NUMBER, text) is not None)
        elif isinstance(view, Run):
            for mount in view.mounts:
                text = mount.options.get("from", "")
                if text:
                    yield Reference(mount.span, text, names.get(text.lower()), True, False)


def find_stage(text: str, names: Mapping[str, int], count: int) -> int | None:
    """Return the number of the stage that ``COPY --from`` finds by name or number, None for an image."""
    if re.fullmatch(_NUMBER, text) is None:
        return names.get(text.lower())
    number = int(text) if len(text) < 10 else -1
    return number if 0 <= number < count else None
