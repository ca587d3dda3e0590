"""One Dockerfile against a history: what each commit reruns, and how much of that it needs."""

from collections.abc import Iterable, Mapping

from dockeropt.cache.graph import StepGraph, step_graph
from dockeropt.cache.selection import selections
from dockeropt.cache.snapshot import Snapshot
from dockeropt.cache.steps import Mode, Origin, Step
from dockeropt.errors import UsageError
from dockeropt.files import source_of
from dockeropt.records import NamedTuple
from dockeropt.replay.arguments import Patterns, arguments_for
from dockeropt.replay.context import ContextView
from dockeropt.replay.history import Blob, Change
from dockeropt.replay.needs import Need, Needs
from dockeropt.replay.reading import Reading, reading_of
from dockeropt.replay.recipe import Recipe, Written
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.parser import parse
from dockeropt.syntax.tree import Dockerfile


class Sight(NamedTuple):
    """A commit as BuildKit sees it: steps and their keys."""

    commit: str
    graph: StepGraph
    readings: tuple[Reading, ...]
    changes: tuple[bytes, ...]
    """keys in Mode.CHANGES"""
    same: tuple[bytes, ...]
    """keys in Mode.SAME"""
    needs: tuple[Need, ...]
    version: int
    """of the files it was built with"""
    missing: tuple[str, ...]
    """what steps take from the context and there is not"""


class Rerun(NamedTuple):
    """What a build of a commit does where only the commit before has been built, step by step."""

    sight: Sight
    most: tuple[bool, ...]
    """whether a step runs, a stage that reran handing over other files"""
    least: tuple[bool, ...]
    """whether it runs, a stage that reran handing over the same files"""
    needed: tuple[bool, ...]
    dependencies_changed: tuple[bool, ...]


class Player:
    """Plays one recipe; commits are shown to it from the newest one back."""

    def __init__(
        self, recipe: Recipe, context: ContextView, patterns: Patterns = (), target: str | None = None
    ) -> None:
        self._recipe = recipe
        self.context = context
        self._patterns = patterns
        self._target = target
        self._parsed: tuple[Written, Dockerfile | None] | None = None
        self._last: tuple[dict[str, str], StepGraph, Needs] | None = None
        self._readings: dict[int, Reading] = {}
        self._below: tuple[str, ...] = ()
        self._passed: list[Change] = []
        self._newer: Sight | None = None
        self.refused = 0
        """commits whose Dockerfile BuildKit refuses"""

    @property
    def sight(self) -> Sight | None:
        """The oldest commit so far that builds."""
        return self._newer

    def see(self, commit: str, tree: Mapping[str, Blob], changes: tuple[Change, ...]) -> Rerun | None:
        """Go on to a commit, ``changes`` leading back to it from the one shown last.

        Returns what the next newer commit that builds reran; None where there is none to compare.
        """
        if changes:
            self._recipe.back(changes)
            self._passed.extend(changes)
        written = self._recipe.at(tree)
        if written is None:
            return None
        graph = self._graph(written, commit)
        if graph is None:
            self.refused += 1
            return None
        own = self._sight(commit, tree, written, *graph)
        newer, self._newer = self._newer, own
        return None if newer is None else _rerun(newer, own)

    def _graph(self, written: Written, commit: str) -> tuple[StepGraph, Needs] | None:
        """Return the steps of a Dockerfile, None for one that BuildKit refuses."""
        if self._parsed is None or self._parsed[0].dockerfile != written.dockerfile:
            self._last = None
            self._readings.clear()
            self._parsed = written, _parsed(written)
        dockerfile = self._parsed[1]
        if dockerfile is None:
            return None
        arguments = arguments_for(self._patterns, dockerfile, commit)
        if self._last is None or self._last[0] != arguments:
            build = resolve(dockerfile, arguments)
            if build.problems or self._lacks_target(frozenset(each.name for each in build.stages)):
                return None
            graph = step_graph(build, self._target)
            readings = tuple([self._reading(each, graph) for each in graph.steps])
            self._last = arguments, graph, Needs(graph, readings)
            self._below = _paths(graph)
        return self._last[1:]

    def _lacks_target(self, names: frozenset[str | None]) -> bool:
        return self._target is not None and self._target.lower() not in names

    def _reading(self, step: Step, graph: StepGraph) -> Reading:
        at = step.span.start
        if at not in self._readings:
            self._readings[at] = reading_of(step, graph.build)
        return self._readings[at]

    def _sight(
        self, commit: str, tree: Mapping[str, Blob], written: Written, graph: StepGraph, needs: Needs
    ) -> Sight:
        snapshot = self.context.at(commit, tree, self._passed, written.dockerignore, self._below)
        self._passed = []
        newer = self._newer
        if newer is not None and newer.graph is graph and newer.version == self.context.version:
            return newer._replace(commit=commit)
        readings = tuple([self._reading(step, graph) for step in graph.steps])
        changes = graph.keys(snapshot, Mode.CHANGES)
        takes_stages = any(source.origin is Origin.STAGE for step in graph.steps for source in step.sources)
        same = graph.keys(snapshot, Mode.SAME) if takes_stages else changes
        missing = _missing(graph, snapshot)
        version = self.context.version
        return Sight(commit, graph, readings, changes, same, needs.at(snapshot), version, missing)


def _missing(graph: StepGraph, snapshot: Snapshot) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for step in graph.steps:
        for source in step.sources:
            if source.origin is Origin.CONTEXT:
                for pattern, selection in zip(source.patterns, selections(source), strict=True):
                    if "$" not in pattern and not snapshot.digest(selection):
                        found[pattern] = None
    return tuple(found)


def _parsed(written: Written) -> Dockerfile | None:
    try:
        dockerfile = parse(source_of(written.dockerfile, written.path))
    except UsageError:
        return None
    return None if dockerfile.problems else dockerfile


def _paths(graph: StepGraph) -> tuple[str, ...]:
    """Return the paths below folders that steps take from the context."""
    sources = [source for step in graph.steps for source in step.sources if source.origin is Origin.CONTEXT]
    return tuple(sorted({path for source in sources for path in source.patterns if "/" in path}))


def _rerun(newer: Sight, older: Sight) -> Rerun:
    if newer.changes is older.changes and newer.needs is older.needs:
        nothing = (False,) * len(newer.graph.steps)
        return Rerun(newer, nothing, nothing, nothing, nothing)
    return Rerun(
        newer,
        _new(newer.changes, older.changes),
        _new(newer.same, older.same),
        _new([need.whole for need in newer.needs], [need.whole for need in older.needs]),
        _new([need.dependencies for need in newer.needs], [need.dependencies for need in older.needs]),
    )


def _new(newer: Iterable[bytes | None], older: Iterable[bytes | None]) -> tuple[bool, ...]:
    known = frozenset(older)
    return tuple([key is not None and key not in known for key in newer])
