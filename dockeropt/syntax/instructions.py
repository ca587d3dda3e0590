"""Typed views of instructions: what each argument means. ``view`` makes them, never raising."""

from enum import Enum

from dockeropt.records import NamedTuple
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Instruction, Word


class Pair(NamedTuple):
    """``key=value`` of ARG, ENV or LABEL; ``value`` is None where ARG declares without a default."""

    span: Span
    key: Word
    value: Word | None
    is_legacy: bool
    """``ENV key value`` with a blank instead of ``=``"""


class Form(Enum):
    """How a command is written."""

    SHELL = "shell"
    EXEC = "exec"


class CommandLine(NamedTuple):
    """The command of RUN, CMD, ENTRYPOINT, HEALTHCHECK CMD: a shell script or a list of arguments."""

    form: Form
    script: LogicalText
    """the text as written, of either form"""
    arguments: tuple[Word, ...]
    """the JSON strings of the exec form, else empty"""


class Mount(NamedTuple):
    """One ``RUN --mount``: its type (``bind`` when not given) and its options by name, in lower case.

    Names are the long ones (``target`` for ``dst``, ``source`` for ``src``, ``readonly`` for ``ro``);
    an option without a value is ``true``.
    """

    span: Span
    type: str
    options: dict[str, str]


class From(NamedTuple):
    instruction: Instruction
    image: Word | None
    name: Word | None
    """the stage's name after AS"""
    platform: Word | None


class Arg(NamedTuple):
    instruction: Instruction
    pairs: tuple[Pair, ...]


class Env(NamedTuple):
    instruction: Instruction
    pairs: tuple[Pair, ...]


class Label(NamedTuple):
    instruction: Instruction
    pairs: tuple[Pair, ...]


class Run(NamedTuple):
    instruction: Instruction
    command: CommandLine
    mounts: tuple[Mount, ...]
    network: str | None
    security: str | None


class Copy(NamedTuple):
    """COPY or ADD (``is_add``): where from, what and where to."""

    instruction: Instruction
    is_add: bool
    sources: tuple[Word, ...]
    """paths, patterns, and for ADD URLs; heredocs are in ``instruction.heredocs``, not here"""
    target: Word | None
    source_stage: Word | None
    """the value of ``--from``"""
    chown: Word | None
    chmod: Word | None
    link: bool
    parents: bool
    exclude: tuple[Word, ...]


class Cmd(NamedTuple):
    instruction: Instruction
    command: CommandLine


class Entrypoint(NamedTuple):
    instruction: Instruction
    command: CommandLine


class Healthcheck(NamedTuple):
    instruction: Instruction
    command: CommandLine | None
    """None for HEALTHCHECK NONE"""


class Shell(NamedTuple):
    instruction: Instruction
    arguments: tuple[Word, ...]


class Workdir(NamedTuple):
    instruction: Instruction
    path: Word | None


class User(NamedTuple):
    instruction: Instruction
    name: Word | None


class Expose(NamedTuple):
    instruction: Instruction
    ports: tuple[Word, ...]


class Volume(NamedTuple):
    instruction: Instruction
    paths: tuple[Word, ...]


class Stopsignal(NamedTuple):
    instruction: Instruction
    signal: Word | None


class Maintainer(NamedTuple):
    instruction: Instruction
    name: LogicalText


class Onbuild(NamedTuple):
    """ONBUILD and the instruction it triggers, spans in the same source."""

    instruction: Instruction
    trigger: "View | None"


class Unknown(NamedTuple):
    """An instruction BuildKit does not know."""

    instruction: Instruction


View = (
    From
    | Arg
    | Env
    | Label
    | Run
    | Copy
    | Cmd
    | Entrypoint
    | Healthcheck
    | Shell
    | Workdir
    | User
    | Expose
    | Volume
    | Stopsignal
    | Maintainer
    | Onbuild
    | Unknown
)
