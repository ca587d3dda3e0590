"""A measurement as a table for people: candidates side by side, the change at the end."""

from collections.abc import Callable, Iterator, Sequence

from tabulate import tabulate

from dockeropt.measure.model import BuildTime, Comparison, Measurement
from dockeropt.records import NamedTuple

_SAME = 0.01
"""a change smaller than this share is none"""


class _Row(NamedTuple):
    title: str
    value: Callable[[Measurement], float | None]
    """None where it was not measured"""
    write: Callable[[float], str] | None
    """None for a row that is text and has no change"""
    text: Callable[[Measurement], str] = str


def render(comparison: Comparison, style: str = "simple") -> str:
    """Return the table, one column a candidate, and what there is to know about it.

    ``style`` is a table format of tabulate, such as ``pipe`` for Markdown. The last column compares the last
    candidate with the first.
    """
    measurements = comparison.measurements
    rows = [_cells(row, measurements) for row in _ROWS if _is_measured(row, measurements)]
    heads = ["", *(each.name for each in measurements), *(["change"] if len(measurements) > 1 else [])]
    align = ("left", *["right"] * (len(heads) - 1))
    table = tabulate(
        rows, heads, tablefmt=style, disable_numparse=True, colalign=align, preserve_whitespace=True
    )
    return "\n".join([table, "", *_notes(comparison)]) + "\n"


def _is_measured(row: _Row, measurements: Sequence[Measurement]) -> bool:
    return any(row.value(each) is not None for each in measurements)


def _cells(row: _Row, measurements: Sequence[Measurement]) -> list[str]:
    write = row.write
    if write is None:
        cells = [row.title, *(row.text(each) for each in measurements)]
        return [*cells, ""] if len(measurements) > 1 else cells
    values = [row.value(each) for each in measurements]
    cells = [row.title, *("-" if value is None else write(value) for value in values)]
    if len(values) > 1:
        first, last = values[0], values[-1]
        cells.append("" if first is None or last is None else change(first, last))
    return cells


def _steps_of(build: BuildTime) -> str:
    return f"{len(build.run)} of {len(build.steps)}"


def _notes(comparison: Comparison) -> Iterator[str]:
    measurements = comparison.measurements
    builds, starts = len(measurements[0].cold.timing.seconds), 0
    if measurements[0].startup:
        starts = len(measurements[0].startup.timing.seconds)
    runs = "one run of each build" if builds == 1 else f"medians of {builds} builds in turn"
    yield f"{runs}{f', medians of {starts} starts' if starts else ''}; MB are 10^6 bytes"
    yield f"source edit: a line appended to {comparison.edited} in a copy of the context"
    for each in measurements:
        if not each.rebuild.run:
            yield f"{each.name}: no step needs {comparison.edited}; name one that is used with --source"
        yield from _ends(each)
        if each.image.compressed_by != "engine":
            yield f"{each.name}: this engine keeps layers unpacked; compressed bytes are those of gzip -6"


def _ends(measurement: Measurement) -> Iterator[str]:
    """Say what is wrong with a container's beginning and end."""
    startup = measurement.startup
    if startup is not None and startup.early_health is not None:
        seconds, failed = startup.early_health
        yield (
            f"{measurement.name}: healthy {duration(seconds)} before the first answer, "
            f"{failed} requests failed; let HEALTHCHECK ask the app"
        )
    if startup is not None and startup.stop is not None and startup.stop.was_killed:
        yield (
            f"{measurement.name}: killed by docker stop, for SIGTERM does not end it; "
            "handle it, or run it under tini"
        )


def size(value: float) -> str:
    """Return bytes for people, in units of ten: ``2,674 MB``, ``56.1 MB``, ``12 kB``."""
    if value < 1e6:
        return f"{value / 1e3:,.0f} kB"
    return f"{value / 1e6:,.1f} MB" if value < 100e6 else f"{value / 1e6:,.0f} MB"


def duration(seconds: float) -> str:
    """Return seconds for people: ``98.0 s``, ``0.42 s``."""
    return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds:.2f} s"


def change(before: float, after: float) -> str:
    """Return how many times smaller (``÷16.4``) or bigger (``×1.3``) it became."""
    if before == after:
        return "="
    if not before or not after:
        return f"{after - before:+,.0f}"
    ratio = max(before, after) / min(before, after)
    if ratio < 1 + _SAME:
        return "="
    return f"{'÷' if after < before else '×'}{ratio:.{1 if ratio >= 1.95 else 2}f}"


_ROWS = (
    _Row("image, unpacked", lambda m: float(m.image.unpacked_bytes), size),
    _Row("image, compressed", lambda m: float(m.image.compressed_bytes), size),
    _Row("cold build", lambda m: m.cold.timing.median, duration),
    _Row("rebuild after a source edit", lambda m: m.rebuild.timing.median, duration),
    _Row("  steps run again", lambda m: len(m.rebuild.run), None, lambda m: _steps_of(m.rebuild)),
    _Row(
        "start-up to first answer",
        lambda m: m.startup.timing.median if m.startup else None,
        duration,
    ),
    _Row("docker stop", lambda m: m.startup.stop.seconds if m.startup and m.startup.stop else None, duration),
)
