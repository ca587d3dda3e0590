"""The walk over the stages of a build that finds its steps."""

from dockeropt.cache.inputs import Input, copy_input, from_input, run_input, workdir_input
from dockeropt.cache.state import State, outer_state
from dockeropt.cache.steps import Step
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.instructions import Arg, Copy, Env, From, Run, Shell, User, View, Workdir


class Walk:
    """Reads the steps of the needed stages in the order of the file."""

    __slots__ = ("build", "has_one_stage", "needed", "outer", "states", "steps", "tips")

    def __init__(self, build: Build, needed: frozenset[int]) -> None:
        self.build = build
        self.needed = needed
        self.steps: list[Step] = []
        self.tips: dict[int, int | None] = {}
        self.states: dict[int, State] = {}
        self.outer = outer_state(
            (each for each in build.global_views if isinstance(each, Arg)),
            build.arguments,
            build.final_stage.name if build.final_stage else None,
            build.dockerfile.escape,
        )
        self.has_one_stage = len(build.stages) == 1 and not any(
            _adds_stage(each, build) for stage in build.stages for each in stage.views
        )

    def read(self) -> tuple[tuple[Step, ...], dict[int, int | None]]:
        """Return all steps, and the number of each stage's last one."""
        for stage in self.build.stages:
            if stage.number in self.needed:
                self._read_stage(stage)
        return tuple(self.steps), self.tips

    def _read_stage(self, stage: Stage) -> None:
        base = stage.base_stage
        is_image = base is None and not stage.is_scratch
        counter = _Counter(stage, self.has_one_stage, is_image)
        tip = None
        if base is not None and base in self.states:
            state, tip = self.states[base].child(), self.tips[base]
        else:
            state = State(self.build.dockerfile.escape)
        if is_image:
            found = from_input(stage, self.outer)
            tip = self._add(stage, stage.start, counter, None, self.outer, found)
        for each in (*stage.triggers, *stage.views):
            tip = self._read(stage, each, counter, state, tip)
        self.states[stage.number] = state
        self.tips[stage.number] = tip

    def _read(
        self, stage: Stage, each: View, counter: "_Counter", state: State, tip: int | None
    ) -> int | None:
        """Go past an instruction and return what is the last step then."""
        if isinstance(each, Run):
            found = run_input(each, state, self.build.dockerfile, self._stage_by_name)
            return self._add(stage, each, counter, tip, state, found)
        if isinstance(each, Copy):
            return self._add(stage, each, counter, tip, state, copy_input(each, state, self._stage_number))
        if isinstance(each, Workdir):
            state.enter(each)
            if state.workdir.text != "/":
                return self._add(stage, each, counter, tip, state, workdir_input(state))
        elif isinstance(each, Arg):
            state.declare(each, self.build.arguments, self.outer.environment)
        elif isinstance(each, Env):
            state.set(each)
        elif isinstance(each, User):
            state.user = state.read(each.name, each.instruction)
        elif isinstance(each, Shell) and each.arguments:
            state.shell = tuple([word.value for word in each.arguments])
        return tip

    def _add(
        self,
        stage: Stage,
        each: From | Run | Copy | Workdir,
        counter: "_Counter",
        tip: int | None,
        state: State,
        found: Input,
    ) -> int:
        number = len(self.steps)
        # BuildKit ignores --link where --chmod is given, up to its newest version
        is_linked = isinstance(each, Copy) and each.link and each.chmod is None
        position = counter.next()
        text, arguments, sources = found
        environment = state.environment
        step = Step(
            number, stage.number, each, position, tip, text, environment, arguments, sources, is_linked
        )
        self.steps.append(step)
        return number

    def _stage_number(self, name: str) -> int | None:
        stage = self.build.stage_named(name)
        return None if stage is None else stage.number

    def _stage_by_name(self, name: str) -> int | None:
        """Return a stage's number by its name alone, as a mount finds it."""
        return None if name.isdecimal() else self._stage_number(name)


class _Counter:
    """Numbers the steps of a stage as BuildKit prints them; a WORKDIR / is counted but never printed."""

    def __init__(self, stage: Stage, has_one_stage: bool, has_image: bool) -> None:
        self.stage = "" if has_one_stage else f"{stage.name or f'stage-{stage.number}'} "
        self.total = has_image + sum(isinstance(each, Run | Copy | Workdir) for each in stage.views)
        self.at = 0

    def next(self) -> str:
        self.at += 1
        return f"{self.stage}{self.at:>{len(str(self.total))}}/{self.total}"


def _adds_stage(each: View, build: Build) -> bool:
    """Tell whether BuildKit makes a stage of its own of what an instruction takes files from.

    It does so for images, and for what a mount has no use for: a cache's, a secret's or the context's.
    """
    if isinstance(each, Copy):
        return each.source_stage is not None and build.stage_named(each.source_stage.value) is None
    if isinstance(each, Run):
        names = [mount.options.get("from", "") for mount in each.mounts]
        return any(name.isdecimal() or build.stage_named(name) is None for name in names)
    return False
