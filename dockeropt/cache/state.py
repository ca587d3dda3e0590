"""What is in force where a step runs, as BuildKit's converter keeps it while it walks a stage.

ARG and ENV share one ordered list (client/llb/meta.go): setting a name again moves it to the end. A stage
goes on with the list of the stage it is FROM, ARGs included, and then sets that stage's ENV again, in the
order of first definition (dockerfile2llb/convert.go).
"""

from collections.abc import Iterable, Mapping

from dockeropt.cache.selection import normalized
from dockeropt.cache.steps import Value
from dockeropt.semantics.platforms import platform_arguments
from dockeropt.semantics.variables import expansion
from dockeropt.semantics.versions import Versions
from dockeropt.syntax.instructions import Arg, Env, Pair, Workdir
from dockeropt.syntax.json_form import read_strings
from dockeropt.syntax.tree import Instruction, Word

NOTHING: frozenset[str] = frozenset()


class State:
    """What a step inherits from the instructions before it. The base image's own settings are unknown."""

    __slots__ = (
        "_image_environment",
        "_is_ordered",
        "arguments",
        "environment",
        "escape",
        "shell",
        "user",
        "workdir",
    )

    def __init__(self, escape: str) -> None:
        self.escape = escape
        self.environment: Versions[Value] = Versions()
        """ARG and ENV in the order RUN is keyed on"""
        self.arguments = NOTHING
        """all ARGs that the environment rests on"""
        self._image_environment: dict[str, Value | None] = {"PATH": None}
        self._is_ordered = True
        """whether setting ENV again in the order of the image's configuration would change nothing"""
        self.workdir = Value("/", NOTHING)
        """the working directory of an image is taken to be the root"""
        self.user = Value("", NOTHING)
        self.shell: tuple[str, ...] = ("/bin/sh", "-c")
        """the shell of an image is taken to be this one"""

    def child(self) -> "State":
        """Return the state at the start of a stage that is FROM the one that ended in this state."""
        child = State(self.escape)
        child.workdir, child.user, child.shell = self.workdir, self.user, self.shell
        child._image_environment = dict(self._image_environment)
        child.environment, child.arguments = self.environment, self.arguments
        if self._is_ordered:
            return child
        for name, value in self._image_environment.items():
            if value is not None:
                child.put(name, value)
        return child

    def expand(self, text: str, reads_quotes: bool = True) -> Value:
        """Return a text with its variables replaced, and the ARGs the result rests on.

        A variable without a value stays as written: the base image may set it, to something constant.
        """
        if text.isalnum():
            return Value(text, NOTHING)
        environment = self.environment

        def value_of(name: str) -> str | None:
            value = environment.get(name)
            return None if value is None else value.text

        found = expansion(text, value_of, self.escape, keeps_unset=True, reads_quotes=reads_quotes)
        if not found.used:
            return Value(found.text, NOTHING)
        return Value(
            found.text, arguments_of(environment[name] for name in found.used if name in environment)
        )

    def read(self, word: Word | None, instruction: Instruction) -> Value:
        """Return what a word means: of flags and JSON strings the value, else what is written, replaced."""
        if word is None:
            return Value("", NOTHING)
        return self.expand(word.value if _is_read(word, instruction) else word.raw)

    def declare(self, argument: Arg, given: Mapping[str, str], outer: Mapping[str, Value]) -> None:
        """Go past an ARG; ``outer`` holds the ARGs before the first FROM, ``given`` the build arguments."""
        for pair in argument.pairs:
            name = self.expand(pair.key.raw).text or ""
            value = self._argument(name, pair, given, outer)
            if value.text is not None or name not in self.environment:
                self.put(name, value)
                self._is_ordered = False

    def set(self, env: Env) -> None:
        """Go past an ENV; its values see what held before it."""
        pairs = [
            (self.expand(p.key.raw).text or "", self.expand(p.value.raw if p.value else ""))
            for p in env.pairs
        ]
        for name, value in pairs:
            self.put(name, value)
            self._is_ordered = self._is_ordered and name not in self._image_environment
            self._image_environment[name] = value

    def enter(self, workdir: Workdir) -> None:
        """Go past a WORKDIR; an absolute path stays as written: ``/app/`` is not ``/app`` to a RUN."""
        value = self.expand(workdir.path.raw if workdir.path else "")
        text = value.text or ""
        if not text.startswith("/"):
            value = Value(self.absolute(text), value.arguments | self.workdir.arguments)
        self.workdir = value

    def absolute(self, path: str) -> str:
        """Return a path as from the root of the image, cleaned."""
        clean = normalized(path if path.startswith("/") else f"{self.workdir.text}/{path}")
        return "/" if clean == "." else f"/{clean}"

    def put(self, name: str, value: Value) -> None:
        """Set a variable, as the last of all."""
        before = self.environment.get(name)
        self.environment = self.environment.with_(name, value)
        if before is not None and not before.arguments <= value.arguments:
            self.arguments = arguments_of(self.environment.values())
        elif not value.arguments <= self.arguments:
            self.arguments |= value.arguments

    def _argument(self, name: str, pair: Pair, given: Mapping[str, str], outer: Mapping[str, Value]) -> Value:
        if name in given:
            return Value(given[name], frozenset((name,)))
        if pair.value is not None:
            default = self.expand(pair.value.raw)
        else:
            default = outer.get(name, Value(None, NOTHING))
        return Value(default.text, default.arguments | {name})


def arguments_of(values: Iterable[Value]) -> frozenset[str]:
    """Return all ARGs that these values rest on."""
    return NOTHING.union(*[value.arguments for value in values])


def outer_state(
    arguments: Iterable[Arg], given: Mapping[str, str], final_stage: str | None, escape: str
) -> State:
    """Return what FROM sees: the ARGs before the first one, and those that tell the platforms."""
    state = State(escape)
    for name, text in platform_arguments(given, final_stage):
        state.put(name, Value(text, frozenset((name,))))
    for argument in arguments:
        state.declare(argument, given, {})
    return state


def _is_read(word: Word, instruction: Instruction) -> bool:
    if any(flag.value is word for flag in instruction.flags):
        return True
    text = instruction.body.text
    return word.raw.startswith('"') and text.startswith("[") and read_strings(text) is not None
