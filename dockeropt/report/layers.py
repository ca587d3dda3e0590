"""An image as tables for people: its layers, what takes the space, and what is of no use in it."""

from collections.abc import Iterable, Iterator, Sequence

from tabulate import tabulate

from dockeropt.measure.image.contents import Contents
from dockeropt.measure.image.model import Image
from dockeropt.measure.image.tree import Tree
from dockeropt.report.quantities import size

_WIDTH = 72


def render(image: Image, tree: Tree, contents: Contents) -> str:
    """Return what ``dockeropt layers`` prints."""
    return "\n".join([*_head(image, tree), "", _layers(image, tree), *_sections(image, contents)]) + "\n"


def _head(image: Image, tree: Tree) -> Iterator[str]:
    total = image.size
    yield f"{image.name} {image.platform}".rstrip()
    text = f"{size(total.unpacked_bytes)} unpacked, {size(total.compressed_bytes)} compressed"
    if total.compressed_by != "engine":
        text += " (by gzip -6: the layers are stored unpacked)"
    wasted = f", {size(sum(tree.wasted))} wasted" if sum(tree.wasted) else ""
    yield f"{text}{wasted}"
    if image.base:
        own = [layer.unpacked_bytes for layer in total.layers if not layer.is_base]
        base = total.unpacked_bytes - sum(own)
        yield f"of it {size(base)} are {image.base}, {size(sum(own))} in {_count(len(own), 'layer')} its own"


def _layers(image: Image, tree: Tree) -> str:
    rows: list[tuple[str, ...]] = []
    for number, layer in enumerate(image.size.layers):
        rows.append(
            (
                str(number + 1),
                *(("base" if layer.is_base else "",) if image.base else ()),
                size(layer.unpacked_bytes),
                size(layer.compressed_bytes),
                _wasted([tree.wasted[number]]),
                shortened(layer.instruction),
            )
        )
    return _table(
        rows, ("layer", *(("",) if image.base else ()), "unpacked", "compressed", "wasted", "instruction")
    )


def _sections(image: Image, contents: Contents) -> Iterator[str]:
    if contents.folders:
        yield f"\nlargest folders, of {size(contents.size)} in {_count(contents.number, 'file')}"
        yield _table(
            [(size(each.size), each.layer + 1, each.path) for each in contents.folders], ("", "layer", "")
        )
    if contents.files:
        yield "\nlargest files"
        yield _table(
            [(size(each.size), each.layer + 1, each.path) for each in contents.files], ("", "layer", "")
        )
    if contents.duplicates:
        yield "\nthe same file several times"
        yield _table(
            [
                (size(each.wasted), len(each.paths), shortened(", ".join(each.paths)))
                for each in contents.duplicates
            ],
            ("wasted", "copies", ""),
        )
    if contents.left_over:
        yield "\nnot needed to run"
        yield _table(
            [
                (size(each.place.size), each.place.layer + 1, each.kind.value, each.place.path, each.remedy)
                for each in contents.left_over
            ],
            ("", "layer", "", "", "what to do"),
        )


def _table(rows: Sequence[Sequence[object]], heads: Sequence[str]) -> str:
    align = ["right" if _is_figure(column) else "left" for column in zip(*rows, strict=True)]
    return tabulate(rows, heads, disable_numparse=True, colalign=align, preserve_whitespace=True)


def _is_figure(column: Iterable[object]) -> bool:
    return all(str(cell)[:1].isdigit() or cell == "-" for cell in column)


def _wasted(wasted: Sequence[int]) -> str:
    return size(sum(wasted)) if sum(wasted) else "-"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def shortened(text: str) -> str:
    """Return the text in one line that fits beside the figures."""
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
