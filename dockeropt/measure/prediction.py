"""What the step graph says an edit reruns: the answer where there is no engine to ask."""

from collections.abc import Sequence

from dockeropt.cache.graph import StepGraph, step_graph
from dockeropt.errors import UsageError
from dockeropt.files import list_files
from dockeropt.measure.changes import document_of, manifests_of
from dockeropt.measure.model import Candidate
from dockeropt.measure.source_edit import choose
from dockeropt.records import NamedTuple
from dockeropt.semantics.context import Context, File
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.instructions import From
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source


class Change(NamedTuple):
    """An edit of the project: what it is and the files it touches, relative to the context."""

    title: str
    paths: tuple[str, ...]


class Rerun(NamedTuple):
    """The steps an edit reruns, as BuildKit names them, out of how many."""

    steps: tuple[str, ...]
    total: int


class Prediction(NamedTuple):
    """For every change, what each candidate reruns."""

    candidates: tuple[str, ...]
    changes: tuple[Change, ...]
    reruns: tuple[tuple[Rerun, ...], ...]
    """by change, then by candidate"""


def predict(context: str, candidates: Sequence[Candidate], source: str | None = None) -> Prediction:
    """Return what an edited source, a new dependency and an edited document rerun for each candidate.

    ``source`` is the file to edit, chosen when not given. No engine is asked: the step graph follows
    BuildKit's rules, and COPY --from counts as rerun where its stage reran. Raises UsageError when the
    context has none of these files.
    """
    listed = tuple(File(*found) for found in list_files(context))
    graphs = [_graph(candidate, listed, context) for candidate in candidates]
    changes = _changes([file.path for file in listed], source, graphs)
    if not changes:
        raise UsageError(f"nothing to edit was found in {context}", "name a file with --source")
    return Prediction(
        tuple(candidate.name for candidate in candidates),
        changes,
        tuple(tuple(_rerun(graph, change) for graph in graphs) for change in changes),
    )


def _graph(candidate: Candidate, listed: tuple[File, ...], root: str) -> StepGraph:
    dockerfile = parse(Source(candidate.dockerfile, candidate.path))
    build = resolve(dockerfile, {}, Context(lambda: listed, candidate.dockerignore, root))
    problems = [*dockerfile.problems, *build.problems]
    if problems:
        line = dockerfile.source.position(problems[0].span.start).line
        raise UsageError(
            f"{candidate.path}:{line}: {problems[0].message}", "`docker build` refuses this file"
        )
    return step_graph(build)


def _changes(paths: list[str], source: str | None, graphs: Sequence[StepGraph]) -> tuple[Change, ...]:
    known = set(paths)
    if source is not None and source not in known:
        raise UsageError(f"{source} is no file of the context", "--source is relative to the context")
    edited = source or choose(paths, graphs)
    document = document_of(paths)
    found = (
        Change("source edit", (edited,) if edited else ()),
        Change("new dependency", manifests_of(paths)),
        Change("document edit", (document,) if document else ()),
    )
    return tuple(change for change in found if change.paths)


def _rerun(graph: StepGraph, change: Change) -> Rerun:
    steps = [step for step in graph.steps if not isinstance(step.view, From)]
    rerun = graph.invalidated_by(change.paths)
    return Rerun(tuple(step.name for step in rerun), len(steps))
