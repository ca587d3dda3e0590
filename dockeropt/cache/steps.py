"""What BuildKit will run, and what makes each step run again."""

from collections.abc import Mapping
from enum import Enum

from dockeropt.records import NamedTuple
from dockeropt.semantics.scripts import script_heredoc
from dockeropt.semantics.variables import expansion
from dockeropt.syntax.instructions import Copy, From, Run, Workdir
from dockeropt.syntax.source import Span


class Mode(Enum):
    """What to assume of the output of a stage that reran, for steps keyed on its content.

    COPY --from and bind mounts from a stage are keyed on the files, not on how these came about: what
    really reruns lies between the two.
    """

    CHANGES = "changes"
    SAME = "same"


class Origin(Enum):
    """Where files come from."""

    CONTEXT = "context"
    STAGE = "stage"
    IMAGE = "image"
    REMOTE = "remote"
    """a URL or a git repository given to ADD"""


class Source(NamedTuple):
    """Files a step is keyed on: where they come from, and which."""

    origin: Origin
    stage: int | None
    """number of the stage, for STAGE"""
    image: str | None
    """the reference, for IMAGE"""
    patterns: tuple[str, ...]
    """relative to the root of the context or file system, variables replaced, ``.`` is everything;
    for REMOTE the addresses"""
    exclude: tuple[str, ...]
    """patterns of ``--exclude``"""
    is_mount: bool
    """a bind mount: the path is literal, and its own name does not count"""
    keeps_parents: bool
    """``COPY --parents``: the whole path counts, and ``**`` is a wildcard"""


class Value(NamedTuple):
    """What a variable holds, and the ARGs that value comes from."""

    text: str | None
    """None for an ARG that is declared and has no value"""
    arguments: frozenset[str]


class Step(NamedTuple):
    """One thing BuildKit does: FROM an image, RUN, COPY, ADD or WORKDIR. Metadata is no step.

    It is keyed on ``text`` and ``sources``, a RUN on ``environment`` too, and on the parent unless linked.
    """

    number: int
    """place in ``StepGraph.steps``"""
    stage: int
    """number of the stage it runs in"""
    view: From | Run | Copy | Workdir
    """an instruction of that stage, or the trigger of an ONBUILD in the stage it is FROM"""
    position: str
    """stage and number as BuildKit prints them: ``build 3/7``"""
    parent: int | None
    """number of the step whose file system this one starts from; None for an image and on scratch"""
    text: str
    """all that it is keyed on besides its parent and its files, in one form for one meaning"""
    environment: Mapping[str, Value]
    """ARG and ENV in scope, in BuildKit's order; the base image's own are unknown"""
    arguments: frozenset[str]
    """names of the ARGs whose values it is keyed on, its parents' left out: of a RUN all in scope"""
    sources: tuple[Source, ...]
    is_linked: bool
    """COPY --link: keyed on itself alone"""

    @property
    def span(self) -> Span:
        """The instruction in the source."""
        return self.view.instruction.span

    @property
    def name(self) -> str:
        """The step as BuildKit prints it: ``[build 3/7] RUN npm ci``, variables replaced where known.

        Of an image the digest is not known; blanks between flags are one.
        """
        if isinstance(self.view, From):
            return f"[{self.position}] FROM {self.sources[0].image}"
        instruction = self.view.instruction
        flags = [
            f"--{flag.name}" + ("" if flag.value is None else f"={flag.value.raw}")
            for flag in instruction.flags
        ]
        document = script_heredoc(self.view) if isinstance(self.view, Run) else None
        lines = document.body.text.strip().splitlines() if document is not None else []
        summary = [f"({lines[0]}{'...' if len(lines) > 1 else ''})"] if lines else []
        text = " ".join([*flags, instruction.body.text, *summary])
        expanded = expansion(
            text, self.lookup, keeps_unset=True, reads_quotes=not isinstance(self.view, Run)
        ).text
        return f"[{self.position}] {instruction.keyword} {expanded}"

    def lookup(self, name: str) -> str | None:
        """Return the value of a variable in scope, None where it has none or the base image's is unknown."""
        value = self.environment.get(name)
        return None if value is None else value.text


class Surface(NamedTuple):
    """Everything that makes a step run again: its own inputs and those of all it starts from."""

    steps: tuple[Step, ...]
    """the step and what it starts from, nearest first"""
    sources: tuple[Source, ...]
    arguments: frozenset[str]
