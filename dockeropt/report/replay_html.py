"""A replay as a page for browsers that needs nothing from elsewhere."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dockeropt.records import NamedTuple
from dockeropt.replay.model import History, StepCount
from dockeropt.report.characters import well_formed
from dockeropt.report.replay import compared, count, heading, notes, sums
from dockeropt.resources import data_folder


class _Row(NamedTuple):
    name: str
    commits: int
    reran: str
    needed: int
    wasted: str
    shares: tuple[tuple[str, float], ...]
    """parts of the bar: kind, and percent of its length"""


def render_html(history: History) -> str:
    """Return the page: the table of steps with bars, and what other Dockerfiles would have rerun."""
    templates = Environment(
        loader=FileSystemLoader(f"{data_folder('templates')}/report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=True,
    )
    first = history.replays[0]
    lines = tuple(heading(history, first))
    text = templates.get_template("replay.html.j2").render(
        title=lines[0],
        heading=lines,
        rows=tuple(_row(step) for step in first.steps),
        sums=tuple(sums(history, first)),
        compared=compared(history),
        notes=tuple(notes(history, first)),
    )
    return well_formed(text)


def _row(step: StepCount) -> _Row:
    needed = step.reran_least - step.wasted_least
    parts = (
        ("needed", needed),
        ("wasted", step.wasted_least),
        ("open", step.reran_most - step.reran_least),
    )
    return _Row(
        " ".join(step.name.split()),
        step.commits,
        count(step.reran_least, step.reran_most),
        step.needed,
        count(step.wasted_least, step.wasted_most),
        tuple((kind, part / step.commits * 100) for kind, part in parts if part),
    )
