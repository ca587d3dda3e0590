"""A replay as a page for browsers that needs nothing from elsewhere."""

from dockeropt.records import NamedTuple
from dockeropt.replay.model import History, StepCount
from dockeropt.report.page import render_page
from dockeropt.report.replay import compared, count, heading, notes, sums

_LEGEND = (
    ("needed", "ran and needed to"),
    ("wasted", "ran without need"),
    ("open", "ran unless a stage handed over the same files"),
)


class _Part(NamedTuple):
    """A part of a bar, in percent of its length."""

    kind: str
    start: float
    width: float


class _Row(NamedTuple):
    name: str
    commits: int
    reran: str
    needed: int
    wasted: str
    parts: tuple[_Part, ...]


def render_html(history: History) -> str:
    """Return the page: the table of steps with bars, and what other Dockerfiles would have rerun."""
    first = history.replays[0]
    lines = tuple(heading(history, first))
    return render_page(
        "replay.html.j2",
        title=lines[0],
        heading=lines,
        rows=tuple(_row(step) for step in first.steps),
        legend=_LEGEND,
        sums=tuple(sums(history, first)),
        compared=compared(history),
        notes=tuple(notes(history, first)),
    )


def _row(step: StepCount) -> _Row:
    needed = step.reran_least - step.wasted_least
    counts = (
        ("needed", needed),
        ("wasted", step.wasted_least),
        ("open", step.reran_most - step.reran_least),
    )
    parts: list[_Part] = []
    start = 0.0
    for kind, number in counts:
        width = number / step.commits * 100 if step.commits else 0.0
        parts += [_Part(kind, start, width)] if width else []
        start += width
    return _Row(
        " ".join(step.name.split()),
        step.commits,
        count(step.reran_least, step.reran_most),
        step.needed,
        count(step.wasted_least, step.wasted_most),
        tuple(parts),
    )
