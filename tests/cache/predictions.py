"""What the step graph says of a change, in the words of a table row."""

from collections.abc import Mapping

from dockeropt.cache.graph import StepGraph, reruns, step_graph
from dockeropt.cache.snapshot import Entry, Snapshot
from dockeropt.cache.steps import Mode, Step
from dockeropt.semantics.context import Context, File
from dockeropt.semantics.dockerignore import Matcher
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source


def graph_of(
    text: str,
    arguments: Mapping[str, str] = {},
    paths: tuple[str, ...] = (),
    dockerignore: str | None = None,
    target: str | None = None,
) -> StepGraph:
    """Return the step graph of a Dockerfile's text."""
    files = tuple(File(path, 0, 0o644) for path in paths)
    return step_graph(resolve(parse(Source(text)), arguments, Context(lambda: files, dockerignore)), target)


def snapshot_of(files: Mapping[str, Entry]) -> Snapshot:
    """Return the snapshot of a context's files, its .dockerignore taken into account."""
    ignore = Matcher(files[".dockerignore"].content if ".dockerignore" in files else None)
    return Snapshot({path: entry for path, entry in files.items() if not ignore.excludes(path)})


def predicted(
    before: tuple[StepGraph, Snapshot], after: tuple[StepGraph, Snapshot], mode: Mode
) -> tuple[Step, ...]:
    """Return the steps that run again; the image of a FROM is none that the engine reports as run."""
    return tuple(step for step in reruns(before, after, mode) if step.view is not _start(after[0], step))


def first_line(graph: StepGraph, step: Step) -> str:
    """Return the line a step begins with, as written."""
    return graph.build.dockerfile.text_of(step.span).split("\n", 1)[0].rstrip("\n")


def _start(graph: StepGraph, step: Step) -> object:
    return graph.build.stages[step.stage].start
