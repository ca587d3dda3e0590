"""Stages, their graph, and what holds at each instruction."""

from collections.abc import Mapping

from dockeropt.records import NamedTuple
from dockeropt.semantics.context import Context
from dockeropt.semantics.images import ImageReference
from dockeropt.semantics.references import find_stage
from dockeropt.semantics.scripts import dialect_of, script_text
from dockeropt.semantics.variables import Expansion, expansion
from dockeropt.shell.reader import read
from dockeropt.shell.script import Dialect, Script
from dockeropt.syntax.instructions import From, Onbuild, Run, View
from dockeropt.syntax.json_form import read_strings
from dockeropt.syntax.tree import Dockerfile, Instruction, Problem, Word


class Scope(NamedTuple):
    """What holds just before an instruction runs. A reference without a value stays as written: ``$PATH``."""

    environment: Mapping[str, str]
    """ENV of this stage and of the stages it is FROM, expanded, in the order of the image's configuration;
    the base image's own is unknown"""
    arguments: Mapping[str, str | None]
    """ARG declared so far in this stage and those it is FROM; None where nothing gives a value"""
    variables: Mapping[str, str]
    """what ``$NAME`` gives: ENV and ARG, the one set last wins, in the order a RUN is keyed on; at the start
    of a stage all inherited ENV is set again, over any ARG"""
    shell: tuple[str, ...] | None
    """SHELL in force, None for the base image's default"""
    user: str | None
    """None for the base image's user"""
    workdir: str | None
    """absolute path, None where it rests on the base image's working directory"""


class Stage(NamedTuple):
    """A build stage. ``base_stage`` numbers the stage it is FROM, else ``image`` says what it is FROM."""

    number: int
    """from 0, as COPY --from counts"""
    name: str | None
    """lower case, as BuildKit compares it"""
    start: From
    base: str
    """what FROM names, expanded"""
    base_stage: int | None
    image: ImageReference | None
    """None for a stage, for scratch, and where a variable has no value"""
    platform: str | None
    views: tuple[View, ...]
    """the instructions after FROM"""
    scopes: tuple[Scope, ...]
    """the scope of each of ``views``"""
    begin: Scope
    """what holds after FROM, before ``triggers``"""
    end: Scope
    """what holds after the last instruction: what the image runs with"""
    parents: tuple[int, ...]
    """numbers of the stages this one needs directly: base, COPY --from, RUN --mount from"""
    triggers: tuple[View, ...]
    """what ONBUILD in the stage it is FROM runs before ``views``"""

    @property
    def is_scratch(self) -> bool:
        """Whether the stage starts from nothing."""
        return self.base == "scratch" and self.base_stage is None


class Build:
    """A Dockerfile resolved: its stages, build arguments and context. ``resolve`` makes it."""

    __slots__ = (
        "_names",
        "_places",
        "_scripts",
        "arguments",
        "context",
        "dockerfile",
        "global_scope",
        "global_views",
        "problems",
        "stages",
    )

    def __init__(
        self,
        dockerfile: Dockerfile,
        stages: tuple[Stage, ...],
        arguments: Mapping[str, str],
        context: Context | None,
        global_scope: Scope,
        global_views: tuple[View, ...],
        problems: tuple[Problem, ...],
    ) -> None:
        self.dockerfile = dockerfile
        self.stages = stages
        self.arguments = arguments
        """the build arguments given"""
        self.context = context
        self.global_scope = global_scope
        """what FROM sees: the ARGs before it and the platform arguments"""
        self.global_views = global_views
        """the instructions before the first FROM"""
        self.problems = problems
        """what BuildKit refuses of stages and variables, besides ``dockerfile.problems``, in order"""
        self._scripts: dict[int, Script | None] = {}
        self._names = {stage.name: stage.number for stage in stages if stage.name}
        self._places: dict[int, tuple[Stage, Scope]] | None = None

    def stage_of(self, thing: View | Instruction) -> Stage:
        """Return the stage an instruction stands in; raises LookupError for those before the first FROM."""
        return self._place(thing)[0]

    def scope_of(self, thing: View | Instruction) -> Scope:
        """Return what holds just before an instruction; an ONBUILD trigger has that of its ONBUILD."""
        return self._place(thing)[1]

    def dialect_of(self, run: Run) -> Dialect:
        """Return the language of a RUN: told from SHELL, the image and the script's own first line."""
        stage, scope = self._place(run)
        root = self.root_stage(stage)
        return dialect_of(run, scope.shell, root.base, root.platform)

    def script_of(self, run: Run) -> Script | None:
        """Return the commands of a RUN; None for the exec form and for scripts in another language.

        The body of ``RUN <<EOF`` is the script where nothing else stands on the line.
        """
        at = run.instruction.span.start
        if at not in self._scripts:
            text = script_text(run)
            is_posix = text is not None and self.dialect_of(run) is Dialect.POSIX
            self._scripts[at] = read(text) if text is not None and is_posix else None
        return self._scripts[at]

    def stage_named(self, text: str) -> Stage | None:
        """Return the stage that ``COPY --from`` finds by name or number.

        Of several stages with one name it is the last one, as in BuildKit; FROM takes the nearest before it.
        """
        number = find_stage(text, self._names, len(self.stages))
        return None if number is None else self.stages[number]

    @property
    def final_stage(self) -> Stage | None:
        """The stage that a build without a target makes; None in a Dockerfile without FROM."""
        return self.stages[-1] if self.stages else None

    def needed_stages(self, target: str | None = None) -> frozenset[int]:
        """Return the numbers of the stages BuildKit builds for a target; none for one that does not exist.

        A target is a name: BuildKit finds none by its number.
        """
        goal = len(self.stages) - 1 if target is None else self._names.get(target.lower(), -1)
        needed: set[int] = set()
        pending = [goal] if goal >= 0 else []
        while pending:
            number = pending.pop()
            if number not in needed:
                needed.add(number)
                pending.extend(self.stages[number].parents)
        return frozenset(needed)

    def lineage(self, stage: Stage) -> tuple[Stage, ...]:
        """Return a stage and the stages it is FROM, nearest first."""
        found = [stage]
        while found[-1].base_stage is not None:
            found.append(self.stages[found[-1].base_stage])
        return tuple(found)

    def root_image(self, stage: Stage) -> ImageReference | None:
        """Return the image at the root of a stage; None for scratch and where a variable has no value."""
        return self.root_stage(stage).image

    def root_stage(self, stage: Stage) -> Stage:
        """Return the stage that a stage is FROM in the end, itself where it is FROM an image."""
        while stage.base_stage is not None:
            stage = self.stages[stage.base_stage]
        return stage

    def expand(self, word: Word, thing: View | Instruction) -> Expansion:
        """Return what a word of an instruction means there; a variable without a value stays as written."""
        scope = self.scope_of(thing)
        instruction = thing if isinstance(thing, Instruction) else thing.instruction
        return expand_word(word, instruction, scope, self.dockerfile.escape)

    def _place(self, thing: View | Instruction) -> tuple[Stage, Scope]:
        if self._places is None:
            self._places = places = {}
            for stage in self.stages:
                places[stage.start.instruction.span.start] = stage, self.global_scope
                for view, scope in zip(stage.views, stage.scopes, strict=True):
                    places[view.instruction.span.start] = stage, scope
                    if isinstance(view, Onbuild) and view.trigger is not None:
                        places[view.trigger.instruction.span.start] = stage, scope
        instruction = thing if isinstance(thing, Instruction) else thing.instruction
        return self._places[instruction.span.start]


def expand_word(word: Word, instruction: Instruction, scope: Scope, escape: str) -> Expansion:
    """Return a word as BuildKit expands it: a flag's and a JSON string's meaning, else what is written."""
    is_read = any(flag.value is word for flag in instruction.flags) or (
        word.raw.startswith('"')
        and instruction.body.text.startswith("[")
        and read_strings(instruction.body.text) is not None
    )
    return expansion(word.value if is_read else word.raw, scope.variables.get, escape, keeps_unset=True)
