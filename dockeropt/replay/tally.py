"""Sums over the commits of one Dockerfile."""

from dockeropt.cache.steps import Step
from dockeropt.replay.model import Bounds, StepCount
from dockeropt.replay.player import Rerun, Sight
from dockeropt.replay.prices import Prices
from dockeropt.replay.reading import Kind
from dockeropt.syntax.instructions import From


class _Row:
    """Counts of one step."""

    __slots__ = ("commits", "dependencies", "least", "most", "needed", "wasted_least", "wasted_most")

    def __init__(self) -> None:
        self.commits = self.least = self.most = self.needed = 0
        self.wasted_least = self.wasted_most = self.dependencies = 0

    def add(self, is_most: bool, is_least: bool, is_needed: bool, is_other: bool) -> None:
        """Count one commit."""
        self.commits += 1
        self.most += is_most
        self.least += is_least
        self.needed += is_needed
        self.wasted_most += is_most and not is_needed
        self.wasted_least += is_least and not is_needed
        self.dependencies += is_other


_Name = tuple[str, str, int]
"""what a step is known by from one version of a Dockerfile to the next: stage, text, and the how manyth"""


class Tally:
    """Counts what a player reports; the first sight is the newest, whose steps are the rows."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        self._rows: dict[_Name, _Row] = {}
        self._newest: Sight | None = None
        self.commits = 0
        self.former_steps = 0
        self._steps = 0
        self._reruns = [0, 0]
        self._seconds = [0.0, 0.0, 0.0]

    def begin(self, sight: Sight) -> None:
        """Take the steps of the newest build for rows."""
        self._newest = sight
        self._rows = {name: _Row() for name in _names(sight)}

    def add(self, rerun: Rerun) -> None:
        """Count one commit."""
        self.commits += 1
        sight = rerun.sight
        if not any(rerun.most):
            for name in _names(sight):
                if name in self._rows:
                    self._rows[name].commits += 1
            self._steps += sum(not isinstance(step.view, From) for step in sight.graph.steps)
            return
        named = zip(_names(sight), sight.graph.steps, rerun.most, rerun.least, strict=True)
        for (name, step, is_most, is_least), is_needed, is_other in zip(
            named, rerun.needed, rerun.dependencies_changed, strict=True
        ):
            if isinstance(step.view, From):
                continue
            self._steps += 1
            self._reruns[0] += is_least
            self._reruns[1] += is_most
            if name in self._rows:
                self._rows[name].add(is_most, is_least, is_needed, is_other)
            else:
                self.former_steps += is_most
        needed = tuple([ran and wanted for ran, wanted in zip(rerun.most, rerun.needed, strict=True)])
        for at, runs in enumerate((rerun.least, rerun.most, needed)):
            self._seconds[at] += self._waiting(sight, runs)

    @property
    def share(self) -> Bounds:
        """Of all steps, those that ran again."""
        return Bounds(*[count / max(self._steps, 1) for count in self._reruns])

    @property
    def seconds(self) -> Bounds:
        """Mean seconds a commit."""
        return Bounds(*[seconds / max(self.commits, 1) for seconds in self._seconds[:2]])

    @property
    def needed_seconds(self) -> float:
        """Mean seconds a commit if nothing ran without need."""
        return self._seconds[2] / max(self.commits, 1)

    @property
    def steps(self) -> tuple[StepCount, ...]:
        """The counts of the newest Dockerfile's steps, FROM left out."""
        sight = self._newest
        if sight is None:
            return ()
        found: list[StepCount] = []
        for step, reading, row in zip(sight.graph.steps, sight.readings, self._rows.values(), strict=True):
            if reading.kind is Kind.IMAGE:
                continue
            has_install = reading.install is not None
            found.append(
                StepCount(
                    step.name,
                    reading.kind.value,
                    step.span.start,
                    row.commits,
                    row.least,
                    row.most,
                    row.needed,
                    row.wasted_least,
                    row.wasted_most,
                    row.dependencies if has_install else None,
                    self._prices.seconds(step, reading),
                    self._prices.measured(step) is not None,
                )
            )
        return tuple(found)

    def _waiting(self, sight: Sight, runs: tuple[bool, ...]) -> float:
        """Return the seconds until the last step is done; stages that do not wait for each other overlap."""
        graph = sight.graph
        done: list[float] = []
        for step, reading, does_run in zip(graph.steps, sight.readings, runs, strict=True):
            waits = [] if step.parent is None else [done[step.parent]]
            for source in step.sources:
                tip = None if source.stage is None else graph.tips.get(source.stage)
                if tip is not None and tip < step.number:
                    waits.append(done[tip])
            took = self._prices.seconds(step, reading) if does_run else 0.0
            done.append(max(waits, default=0.0) + took)
        return max(done, default=0.0)


def _names(sight: Sight) -> list[_Name]:
    seen: dict[tuple[str, str], int] = {}
    names: list[_Name] = []
    for step in sight.graph.steps:
        key = step.position.rpartition(" ")[0].strip(), _text(step)
        seen[key] = seen.get(key, 0) + 1
        names.append((*key, seen[key]))
    return names


def _text(step: Step) -> str:
    instruction = step.view.instruction
    flags = " ".join(f"--{flag.name}={flag.value.raw if flag.value else ''}" for flag in instruction.flags)
    documents = [heredoc.body.text for heredoc in instruction.heredocs]
    return " ".join([instruction.keyword, flags, " ".join(instruction.body.text.split()), *documents])
