"""The step graph of a build: what BuildKit runs for a target, and what makes each step run again."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dockeropt.cache.selection import selects
from dockeropt.cache.steps import Mode, Origin, Source, Step, Surface
from dockeropt.cache.walk import Walk
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import View

if TYPE_CHECKING:
    from dockeropt.cache.snapshot import Snapshot


class StepGraph:
    """The steps of a target in the order of the file; a step's parent and sources come before it."""

    __slots__ = ("_by_start", "build", "steps", "tips")

    def __init__(self, build: Build, steps: tuple[Step, ...], tips: dict[int, int | None]) -> None:
        self.build = build
        self.steps = steps
        self.tips = tips
        """for each stage the target needs the number of its last step, None for an empty one"""
        self._by_start: dict[int, Step] | None = None

    def step_of(self, view: View) -> Step | None:
        """Return the step of an instruction; None for metadata, and in a stage the target does not need.

        An ONBUILD trigger has one in every stage that is FROM its own: this is the first.
        """
        if self._by_start is None:
            self._by_start = {step.span.start: step for step in reversed(self.steps)}
        return self._by_start.get(view.instruction.span.start)

    def steps_of(self, stage: int) -> tuple[Step, ...]:
        """Return the steps of a stage in order, without those of the stage it is FROM."""
        return tuple([step for step in self.steps if step.stage == stage])

    def before(self, step: Step) -> Iterator[Step]:
        """Yield the steps this one starts from, nearest first, through the stages its stage is FROM.

        Nothing for a linked step, which does not depend on them.
        """
        if step.is_linked:
            return
        parent = step.parent
        while parent is not None:
            yield self.steps[parent]
            parent = self.steps[parent].parent

    def context_patterns_before(self, step: Step) -> tuple[tuple[Step, Source], ...]:
        """Return what earlier steps take from the context, each with its step, nearest first."""
        return tuple(
            (earlier, source)
            for earlier in self.before(step)
            for source in earlier.sources
            if source.origin is Origin.CONTEXT
        )

    def surface(self, step: Step) -> Surface:
        """Return everything that can make a step run again, other stages it copies from included."""
        found = [step]
        numbers = {step.number}
        for each in found:
            for earlier in self._inputs_of(each):
                if earlier.number not in numbers:
                    numbers.add(earlier.number)
                    found.append(earlier)
        steps = tuple(found)
        return Surface(
            steps,
            tuple(source for each in steps for source in each.sources),
            frozenset[str]().union(*(each.arguments for each in steps)),
        )

    def invalidated_by(
        self, paths: Iterable[str] = (), arguments: Iterable[str] = (), mode: Mode = Mode.CHANGES
    ) -> tuple[Step, ...]:
        """Return the steps that run again when these context files or the values of these ARGs change.

        A file that .dockerignore leaves out changes nothing. A file's mode counts like its content.
        Links are not followed: what they point to is known to ``keys``.
        """
        context = self.build.context
        seen = [path for path in paths if context is None or not context.matcher.excludes(path)]
        names = frozenset(arguments)
        direct = [
            step
            for step in self.steps
            if not names.isdisjoint(step.arguments)
            or (
                seen
                and any(source.origin is Origin.CONTEXT and selects(source, seen) for source in step.sources)
            )
        ]
        return self.after(direct, mode)

    def keys(self, snapshot: "Snapshot", mode: Mode = Mode.CHANGES) -> tuple[bytes, ...]:
        """Return the key of each step: it runs again exactly where its key was not seen before."""
        from dockeropt.cache.keys import keys

        return keys(self, snapshot, mode)

    def after(self, steps: Iterable[Step], mode: Mode = Mode.CHANGES) -> tuple[Step, ...]:
        """Return these steps and all that run again when they do."""
        direct = {step.number for step in steps}
        rerun: list[Step] = []
        is_new: list[bool] = []
        for step in self.steps:
            below = step.parent is not None and is_new[step.parent]
            again = step.number in direct or (below and not step.is_linked)
            if not again and mode is Mode.CHANGES:
                again = any(is_new[tip.number] for tip in self._tips_of(step))
            if again:
                rerun.append(step)
            is_new.append(again or below)
        return tuple(rerun)

    def _inputs_of(self, step: Step) -> list[Step]:
        """Return the steps that one is keyed on: the last of the stages it takes files from, its parents.

        Below a linked step there is another that counts.
        """
        inputs = self._tips_of(step)
        below = None if step.is_linked else step.parent
        while below is not None:
            inputs.append(self.steps[below])
            below = self.steps[below].parent if self.steps[below].is_linked else None
        return inputs

    def _tips_of(self, step: Step) -> list[Step]:
        """Return the last steps of the stages a step takes files from; BuildKit refuses later stages."""
        tips = [self.tips.get(source.stage) for source in step.sources if source.stage is not None]
        return [self.steps[tip] for tip in tips if tip is not None and tip < step.number]


def step_graph(build: Build, target: str | None = None) -> StepGraph:
    """Return the steps BuildKit runs for a target, the last stage unless one is named."""
    walk = Walk(build, build.needed_stages(target))
    return StepGraph(build, *walk.read())


def reruns(
    before: tuple[StepGraph, "Snapshot"], after: tuple[StepGraph, "Snapshot"], mode: Mode = Mode.CHANGES
) -> tuple[Step, ...]:
    """Return the steps of ``after`` that run in a build where only ``before`` has been built."""
    known = frozenset(before[0].keys(before[1], mode))
    graph, snapshot = after
    return tuple(
        step for step, key in zip(graph.steps, graph.keys(snapshot, mode), strict=True) if key not in known
    )
