"""A measurement as a comment for a pull request, or the summary of a step."""

import re
from collections.abc import Iterator, Sequence

from dockeropt.measure.model import Comparison, Measurement
from dockeropt.report.characters import printable, well_formed
from dockeropt.report.layers import shortened
from dockeropt.report.markdown import LONGEST, sentence
from dockeropt.report.measurement import details, notes, platforms_of, table
from dockeropt.report.quantities import change, duration, size

MARKER = "<!-- dockeropt measure -->"
"""the first line of a comment, by which the next run finds it"""


def render_markdown(comparison: Comparison) -> str:
    """Return the comment: a sentence, the table, and folded up where bytes and seconds go."""
    parts = [MARKER]
    for platform, measurements in platforms_of(comparison):
        where = f"{platform}: " if platform else ""
        parts += [f"### {where}{_headline(measurements)}\n", f"{table(_named(measurements), 'github')}\n"]
    parts += [f"> {sentence(note)}  " for note in notes(comparison)]
    folded = [_folded("Layers", "\n\n".join(_layers(each) for each in comparison.measurements))]
    folded.append(_folded("Critical paths and slowest steps", details(comparison).rstrip()))
    text = "\n".join(parts) + "\n"
    for each in folded:
        if len(text) + len(each) < LONGEST:
            text += each
    return well_formed(text)


def _named(measurements: Sequence[Measurement]) -> list[Measurement]:
    return [each._replace(name=sentence(each.name)) for each in measurements]


def _headline(measurements: Sequence[Measurement]) -> str:
    first, last = measurements[0], measurements[-1]
    figures = [
        ("unpacked", first.image.unpacked_bytes, last.image.unpacked_bytes, size),
        ("compressed", first.image.compressed_bytes, last.image.compressed_bytes, size),
    ]
    parts = [
        f"{write(after)} {what}{_change(before, after, measurements)}"
        for what, before, after, write in figures
    ]
    if first.rebuild is not None and last.rebuild is not None:
        before, after = first.rebuild.timing.median, last.rebuild.timing.median
        parts.append(f"rebuilt in {duration(after)}{_change(before, after, measurements)}")
    return ", ".join(parts)


def _change(before: float, after: float, measurements: Sequence[Measurement]) -> str:
    return f" ({change(before, after)})" if len(measurements) > 1 else ""


def _layers(measurement: Measurement) -> str:
    return "\n".join([printable(measurement.name), *_layer_lines(measurement)])


def _layer_lines(measurement: Measurement) -> Iterator[str]:
    for layer in measurement.image.layers:
        what = printable(shortened(layer.instruction or "(no instruction told)"))
        yield f"  {size(layer.unpacked_bytes):>9}  {'base  ' if layer.is_base else ''}{what}"


def _folded(title: str, text: str) -> str:
    """Return text as it is behind a line to click on; no run of backquotes in it ends its block."""
    text = "\n".join(map(printable, text.split("\n")))
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"\n<details><summary>{title}</summary>\n\n{fence}text\n{text}\n{fence}\n\n</details>\n"
