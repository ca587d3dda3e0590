"""Keys of what steps need: they change where the work of a step would come out otherwise, not before.

A step's cache key covers all it starts from; its need only what it reads of that. Where it is not known what
a step reads, as of a build, it needs everything.
"""

from collections.abc import Iterable
from hashlib import blake2b

from dockeropt.cache.graph import StepGraph
from dockeropt.cache.selection import selections
from dockeropt.cache.snapshot import Snapshot
from dockeropt.cache.steps import Origin, Step
from dockeropt.checks.cache.environment_readers import mentions
from dockeropt.records import NamedTuple
from dockeropt.replay.reading import Manifests, Reading
from dockeropt.syntax.instructions import Run


class Need(NamedTuple):
    """Two keys of a step."""

    whole: bytes
    """of all that its work reads"""
    dependencies: bytes | None
    """of the manifests an install of the project's dependencies reads, None for other steps"""


class Needs:
    """The needs of a graph's steps."""

    def __init__(self, graph: StepGraph, readings: tuple[Reading, ...]) -> None:
        self._graph = graph
        self._readings = readings
        self._before = [tuple(graph.before(step)) for step in graph.steps]
        self._variables = [_variables(*each) for each in zip(graph.steps, readings, strict=True)]
        self._manifests = [
            () if reading.install is None else tuple(self._manifest_selections(step, reading))
            for step, reading in zip(graph.steps, readings, strict=True)
        ]

    def at(self, snapshot: Snapshot) -> tuple[Need, ...]:
        """Return what each step needs of this context."""
        outputs: list[bytes] = []
        bases: list[bytes | None] = []
        found: list[Need] = []
        for step, reading, variables, manifests in zip(
            self._graph.steps, self._readings, self._variables, self._manifests, strict=True
        ):
            named = [snapshot.digest(each) for each in manifests]
            bases.append(None if step.parent is None else bases[step.parent])
            parts: list[object] = [step.text, variables, named, bases[-1]]
            if reading.is_narrow:
                parts.extend(self._set_up(step, reading, found, outputs))
            else:
                parts.append(self._context_files(step, snapshot))
                parts.extend(self._other_files(step, outputs))
                if isinstance(step.view, Run) and step.parent is not None:
                    parts.append(outputs[step.parent])
            whole = _digest(parts)
            found.append(Need(whole, None if reading.install is None else _digest([step.text, named])))
            if step.parent is None:
                bases[-1] = whole
            outputs.append(_digest([whole, None if step.parent is None else outputs[step.parent]]))
        return tuple(found)

    def _set_up(
        self, step: Step, reading: Reading, found: list[Need], outputs: list[bytes]
    ) -> Iterable[object]:
        """Yield what an install needs of the steps before: its tools, and manifests that a stage made."""
        for earlier in self._before[step.number]:
            if self._readings[earlier.number].is_narrow:
                yield found[earlier.number].whole
            elif reading.install is not None and not isinstance(earlier.view, Run):
                yield from self._other_files(earlier, outputs)

    def _context_files(self, step: Step, snapshot: Snapshot) -> list[object]:
        return [
            [snapshot.digest(selection) for selection in selections(source)]
            for source in step.sources
            if source.origin is Origin.CONTEXT
        ]

    def _other_files(self, step: Step, outputs: list[bytes]) -> Iterable[object]:
        for source in step.sources:
            if source.origin is Origin.STAGE:
                tip = None if source.stage is None else self._graph.tips.get(source.stage)
                if tip is not None and tip < step.number:
                    yield outputs[tip], source.patterns
            elif source.origin is not Origin.CONTEXT:
                yield source.image, source.patterns

    def _manifest_selections(self, step: Step, reading: Reading) -> Iterable[Manifests]:
        for earlier in (step, *self._before[step.number]):
            for source in earlier.sources:
                if source.origin is Origin.CONTEXT and reading.install is not None:
                    for pattern in source.patterns:
                        yield Manifests(pattern, source, reading.install)


def _variables(step: Step, reading: Reading) -> tuple[tuple[str, str | None], ...]:
    """Return the variables a RUN reads: those its text names, or all where it may look for any."""
    if not isinstance(step.view, Run):
        return ()
    return tuple(
        (name, value.text)
        for name, value in step.environment.items()
        if reading.reads_environment or mentions(step.text, name)
    )


def _digest(parts: list[object]) -> bytes:
    return blake2b(repr(parts).encode("utf-8", "surrogateescape"), digest_size=16).digest()
