"""Why an image grew: the instructions and folders behind the difference of two snapshots."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from dockeropt.gate.snapshot import LayerSize, Snapshot
from dockeropt.measure.image.contents import telling_folders
from dockeropt.records import NamedTuple

_TELLING = 0.05
"""share of the whole growth that a cause must have to be named"""


class Cause(NamedTuple):
    """A part of the growth."""

    what: str
    """an instruction, or a folder with a slash in front"""
    is_folder: bool
    increase: int
    """bytes, unpacked"""
    is_new: bool


def causes_of(before: Snapshot, after: Snapshot, most: int = 5) -> tuple[Cause, ...]:
    """Return what made an image grow, instructions first, the largest first; nothing where it did not."""
    growth = after.unpacked_bytes - before.unpacked_bytes
    if growth <= 0:
        return ()
    least = growth * _TELLING
    instructions = [each for each in _instructions(before.layers, after.layers) if each.increase >= least]
    folders = _folders(before.folders, after.folders, least)
    return (*_largest(instructions, most), *_largest(folders, most))


def _largest(causes: Iterable[Cause], most: int) -> list[Cause]:
    return sorted(causes, key=lambda cause: (-cause.increase, cause.what))[:most]


def _instructions(before: Sequence[LayerSize], after: Sequence[LayerSize]) -> Iterator[Cause]:
    """Yield the layers that grew or are new, layers of one instruction compared with each other."""
    old, new = [layer.instruction for layer in before], [layer.instruction for layer in after]
    for tag, start, end, from_, to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            for one, other in zip(before[start:end], after[from_:to], strict=True):
                yield Cause(other.instruction, False, other.unpacked_bytes - one.unpacked_bytes, False)
        else:
            gone = sum(layer.unpacked_bytes for layer in before[start:end])
            for layer in after[from_:to]:
                # What stood in the same place is set against it: an instruction was edited, most likely.
                less = min(gone, layer.unpacked_bytes)
                gone -= less
                yield Cause(layer.instruction, False, layer.unpacked_bytes - less, start == end)


def _folders(before: Mapping[str, int], after: Mapping[str, int], least: float) -> Iterator[Cause]:
    """Yield the folders that grew, each without the growth of those in it that are named themselves."""
    if not before or not after:
        return
    growth = {folder: size - before.get(folder, 0) for folder, size in after.items()}
    for folder, increase in telling_folders(growth, least).items():
        yield Cause(folder, True, increase, folder not in before)
