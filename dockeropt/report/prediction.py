"""A prediction as a table for people: edits down, Dockerfiles across."""

from collections.abc import Iterator

from tabulate import tabulate

from dockeropt.measure.prediction import Change, Prediction, Rerun


def render(prediction: Prediction) -> str:
    """Return how many steps each edit reruns, and the names of those steps below."""
    heads = ["steps rerun by a", *prediction.candidates]
    rows = [
        [change.title, *(f"{len(rerun.steps)} of {rerun.total}" for rerun in reruns)]
        for change, reruns in zip(prediction.changes, prediction.reruns, strict=True)
    ]
    align = ("left", *["right"] * len(prediction.candidates))
    table = tabulate(rows, heads, tablefmt="simple", disable_numparse=True, colalign=align)
    details = [
        "\n".join(_details(change, prediction.candidates, reruns))
        for change, reruns in zip(prediction.changes, prediction.reruns, strict=True)
    ]
    return "\n\n".join([table, *details]) + "\n"


def _details(change: Change, names: tuple[str, ...], reruns: tuple[Rerun, ...]) -> Iterator[str]:
    yield f"{change.title} ({', '.join(change.paths)})"
    for name, rerun in zip(names, reruns, strict=True):
        if not rerun.steps:
            yield f"  {name}: nothing"
            continue
        yield f"  {name}:"
        for step in rerun.steps:
            yield f"    {_shortened(step)}"


def _shortened(step: str, width: int = 100) -> str:
    line = " ".join(step.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"
