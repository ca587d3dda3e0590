"""An old single-stage Dockerfile as a list of steps, each RUN taken apart into its commands."""

import re
from collections.abc import Callable, Iterable
from posixpath import join, normpath

from dockeropt.records import NamedTuple
from dockeropt.rewrite.python.roles import Role, role_of
from dockeropt.semantics.build import Build, Scope
from dockeropt.semantics.images import ImageReference
from dockeropt.shell.reader import read
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Env, From, Run, View
from dockeropt.syntax.lines import LogicalText, Piece
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Word


class Part(NamedTuple):
    """What stands in a RUN between ``&&`` or ``;``: a command, a pipe, or a compound such as ``if … fi``."""

    text: str
    commands: tuple[Command, ...]
    roles: tuple[Role, ...]
    """of each command"""
    is_compound: bool
    folder: str
    """where an earlier ``cd`` of the RUN has led, empty for the working directory"""

    @property
    def role(self) -> Role:
        """What it is there for: the weightiest of its commands' roles."""
        return min(self.roles, key=_WEIGHTS.index, default=Role.NOTHING)


_WEIGHTS = (
    Role.UNKNOWN, Role.INSTALL, Role.TOOL, Role.VENV, Role.SYSTEM, Role.SETTING, Role.OTHER, Role.ACCOUNT,
    Role.OWNER, Role.FOLDER, Role.STATE, Role.INDEX, Role.CLEAN, Role.NOTHING,
)  # fmt: skip


class Step(NamedTuple):
    """An instruction of the old file and what holds before it; ``parts`` are those of a RUN."""

    view: View
    scope: Scope
    text: str
    """what follows the keyword, as BuildKit joins it"""
    parts: tuple[Part, ...]


class Recipe(NamedTuple):
    """A Dockerfile whose last stage does everything."""

    build: Build
    start: From
    """the FROM of the image everything rests on"""
    image: ImageReference
    steps: tuple[Step, ...]

    @property
    def end(self) -> Scope:
        """What the image runs with."""
        final = self.build.final_stage
        assert final is not None  # noqa: S101 - read_recipe has looked
        return final.end

    def expand(self, word: Word, view: View) -> str:
        """Return what a word of an instruction means there."""
        return self.build.expand(word, view).text

    def parts(self, *roles: Role) -> tuple[Part, ...]:
        """Return the parts that have one of these roles, in order."""
        return tuple(part for step in self.steps for part in step.parts if part.role in roles)


def read_recipe(
    build: Build, read_file: Callable[[str], str], classify: Callable[[Command], Role] = role_of
) -> Recipe | str:
    """Return the recipe of a Dockerfile, or why its last stage does not do everything.

    ``read_file`` gives the text of a file of the project by its path, empty where there is none; ``classify``
    tells what a command is there for.
    """
    final = build.final_stage
    if final is None:
        return "it has no FROM"
    lineage = tuple(reversed(build.lineage(final)))
    if build.needed_stages() != {stage.number for stage in lineage}:
        return "it has several stages already"
    if lineage[0].image is None:
        return "what it is FROM cannot be told"
    if any(stage.triggers for stage in lineage):
        return "it has ONBUILD triggers"
    steps: list[Step] = []
    for stage in lineage:
        for view, scope in zip(stage.views, stage.scopes, strict=True):
            steps.append(
                Step(view, scope, view.instruction.body.text, _parts(build, view, read_file, classify))
            )
            if isinstance(view, Run) and build.script_of(view) is None:
                return f"what `RUN {_short(view)}` does cannot be read"
    return Recipe(build, lineage[0].start, lineage[0].image, tuple(steps))


def _short(view: View) -> str:
    text = " ".join(view.instruction.body.text.split())
    return text if len(text) < 50 else text[:47] + "..."


def _parts(
    build: Build, view: View, read_file: Callable[[str], str], classify: Callable[[Command], Role]
) -> tuple[Part, ...]:
    if not isinstance(view, Run):
        return ()
    script = build.script_of(view)
    if script is None:
        return ()
    source, pieces = build.dockerfile.source.text, script.text.pieces
    if not pieces:
        return ()
    ends = [each.span for each in script.operators if each.depth == 0 and each.text in ("&&", ";", "newline")]
    bounds = [pieces[0].source, *(at for span in ends for at in span)]
    bounds.append(pieces[-1].source + pieces[-1].length)
    found: list[Part] = []
    folder = ""
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        commands = tuple(each for each in script.commands if start <= each.span.start < end)
        last = max((each.span.end for each in commands), default=start)
        rest = _slice(source, pieces, last, end)
        # a comment at the end would swallow what is joined to it
        text = _slice(source, pieces, start, last if rest.lstrip().startswith("#") else end).strip()
        if not text:
            continue
        is_compound = any(each.depth for each in commands) or text.endswith("&")
        roles = tuple(_role(each, read_file, classify) for each in commands)
        if len(commands) == 1 and commands[0].name == "cd" and commands[0].words and not is_compound:
            folder = join(folder or build.scope_of(view).workdir or "/", commands[0].words[0].value)
            continue
        found.append(Part(text, commands, roles, is_compound, normpath(folder) if folder else ""))
    makes = any(part.role is Role.OTHER for part in found)
    return tuple(_kept_removal(part) if makes and _removes_files(part) else part for part in found)


def _removes_files(part: Part) -> bool:
    """Tell whether a part removes files that are in no package manager's cache."""
    if part.role is not Role.CLEAN or part.is_compound or part.commands[0].base_name != "rm":
        return False
    return not all(_CACHES.search(word.value) for word in part.commands[0].operands())


def _kept_removal(part: Part) -> Part:
    """Return a part that stays with what its RUN makes; where a file is not there, nothing fails."""
    is_forced = any(word.value[:1] == "-" and "f" in word.value for word in part.commands[0].words)
    text = part.text if is_forced else re.sub(r"\brm\b", "rm -f", part.text, count=1)
    return part._replace(text=text, roles=(Role.OTHER,))


_CACHES = re.compile(r"^/var/(?:lib/apt|cache|log)\b|/\.cache\b")


def _role(command: Command, read_file: Callable[[str], str], classify: Callable[[Command], Role]) -> Role:
    """Return a command's role; that of the project's own shell script is what the script does."""
    role = classify(command)
    if role is not Role.UNKNOWN:
        return role
    name = _script_of(command)
    text = read_file(name) if name else ""
    if not text or name.endswith(".py"):
        return Role.OTHER if name.endswith(".py") and name != "setup.py" else role
    inner = read(LogicalText.join(text, [Span(0, len(text))]))
    roles = {classify(each) for each in inner.commands}
    return Role.UNKNOWN if roles & {Role.UNKNOWN, Role.INSTALL, Role.TOOL, Role.SYSTEM} else Role.OTHER


def _script_of(command: Command) -> str:
    """Return the name of the file a command runs as a script, empty for none."""
    name = command.name
    if command.base_name in ("sh", "bash", "source", "."):
        name = next((word.value for word in command.words if not word.value.startswith("-")), "")
    return name.rpartition("/")[2] if name.endswith((".sh", ".py")) or name.startswith("./") else ""


def _slice(source: str, pieces: tuple[Piece, ...], start: int, end: int) -> str:
    """Return what of a joined text stands between two offsets of the source."""
    return "".join(source[max(start, at) : min(end, at + length)] for _, at, length in pieces)


def environments(steps: Iterable[Step]) -> tuple[Env, ...]:
    """Return the ENV instructions."""
    return tuple(step.view for step in steps if isinstance(step.view, Env))
