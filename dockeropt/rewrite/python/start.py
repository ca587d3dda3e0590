"""What the old image runs when it starts, as a program that gets the signals itself."""

import json
import re
from collections.abc import Collection, Iterable, Mapping

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.python.listening import listen_everywhere
from dockeropt.rewrite.python.ports import find_port
from dockeropt.rewrite.python.recipe import Recipe
from dockeropt.rewrite.python.roles import is_python
from dockeropt.shell.reader import read
from dockeropt.shell.script import Command, Operator
from dockeropt.syntax.instructions import Cmd, CommandLine, Entrypoint, Form
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span


class Start(NamedTuple):
    """ENTRYPOINT and CMD as they are written, both empty where the old file has none."""

    entrypoint: str
    command: str
    words: tuple[str, ...]
    """the server's program and arguments, as far as they can be told"""
    text: str
    """both as the old file has them"""
    port: int | None


_RUNNERS = {"uv": "run", "poetry": "run", "pipenv": "run"}
_RUNNER_VALUES = frozenset(
    ("--extra", "--group", "--env-file", "--with", "--python", "-p", "--directory", "--project", "--package")
)
_INITS = frozenset(("tini", "dumb-init", "catatonit"))
_SHELL_SYNTAX = re.compile(r"[|;&<>()`$*?{}~\n#!]")
_HANDLED = re.compile(
    r"SIGTERM|uvicorn|hypercorn|aiohttp|gunicorn|celery|run_polling|add_signal_handler|sanic|tornado"
)
_STAYS = frozenset(("exec", "wait", "cd", "tail"))


def read_start(
    recipe: Recipe, venv: str, old_venv: str, files: Collection[str], decisions: list[Decision]
) -> Start:
    """Return the start of the image, its program called directly and in the JSON form."""
    entrypoint: CommandLine | None = None
    command: CommandLine | None = None
    for step in recipe.steps:
        if isinstance(step.view, Entrypoint):
            entrypoint, command = step.view.command, None
        elif isinstance(step.view, Cmd):
            command = step.view.command
    text = " ".join(each.script.text for each in (entrypoint, command) if each is not None)
    if entrypoint is not None and entrypoint.form is Form.SHELL:
        command = None  # a shell ENTRYPOINT takes no arguments
    is_whole = entrypoint is None or command is None
    writer = _Writer(venv, old_venv, recipe.end.variables, files, is_whole, decisions)
    first, first_words = writer.write(entrypoint)
    second, second_words = writer.write(command)
    words = (*first_words, *second_words)
    while words and (words[0].rpartition("/")[2] in _INITS or words[0] in ("--", "-g", "-s")):
        words = words[1:]
    return Start(first, second, words, text, find_port(words, recipe))


def needs_interrupt(start: Start, sources: Iterable[str]) -> bool:
    """Tell whether the program ignores SIGTERM as PID 1 but ends in order on SIGINT.

    Python installs a handler of its own for SIGINT alone; the kernel drops other signals to PID 1 that have
    none.
    """
    words = start.words
    if not words:
        return False
    name = words[0].rpartition("/")[2]
    if name == "flask" or name == "waitress-serve":
        return True
    if not is_python(name) or len(words) < 2:
        return False
    if words[1] == "-m":
        return len(words) > 2 and words[2] in ("flask", "http.server", "waitress")
    if words[1].endswith("manage.py"):
        return "--noreload" in words
    return not any(_HANDLED.search(text) for text in sources)


class _Writer:
    """Writes commands in the JSON form."""

    def __init__(
        self,
        venv: str,
        old_venv: str,
        variables: Mapping[str, str],
        files: Collection[str],
        is_whole: bool,
        decisions: list[Decision],
    ) -> None:
        self.venv = venv
        self.old_venv = old_venv
        self.variables = variables
        self.files = files
        self.is_whole = is_whole
        self.decisions = decisions

    def write(self, line: CommandLine | None) -> tuple[str, tuple[str, ...]]:
        """Return the JSON form of a command, and the words of its program."""
        if line is None:
            return "", ()
        if line.form is Form.SHELL:
            return self._text(line.script.text, ("sh", "-c"))
        words = tuple(word.value for word in line.arguments)
        if len(words) == 3 and words[0].rpartition("/")[2] in ("sh", "bash") and words[1] == "-c":
            return self._text(words[2], words[:2])
        words = self._direct(words)
        return _json(words), words

    def _text(self, text: str, shell: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """Return a shell command: its program alone where it is one, else with ``exec`` before the last."""
        script = read(LogicalText.join(text, [Span(0, len(text))]), unwrap=False)
        outer = [each for each in script.commands if each.depth == 0]
        if not outer:
            return _json((*shell, text)), ()
        last = outer[-1]
        words = self._direct(_words(last))
        if len(script.commands) == 1 and not _SHELL_SYNTAX.search(text) and not last.assignments:
            self._decide(_json(words), "without a shell in front it gets SIGTERM itself")
            return _json(words), words
        start, end = last.span
        if text[end:].strip() or last.program is None or _is_piped(script.operators):
            return _json((*shell, self._moved_in(text))), words
        inner = text[start:end]
        assigned = " ".join(word.raw for word in last.assignments)
        body = _with_words(inner.removeprefix(assigned).strip(), last, words)
        if last.name not in _STAYS:
            body = f"exec {body}"
            self._decide(f"exec in front of {words[0]}", "it then gets SIGTERM itself")
        text = text[:start] + (f"{assigned} " if assigned else "") + body
        return _json((*shell, self._moved_in(text))), words

    def _decide(self, choice: str, reason: str) -> None:
        self.decisions.append(Decision("start", choice, reason))

    def _moved_in(self, text: str) -> str:
        text = re.sub(r"(?<![\w/-])(?:poetry|pipenv|uv) run (?=[\w./])", "", text)
        if not re.search(r"[\"'\n]", text):
            text = re.sub(r"\s{2,}", " ", text)
        return text.replace(f"{self.old_venv}/bin/", f"{self.venv}/bin/") if self.old_venv else text

    def _direct(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return a command that calls the environment's own program."""
        words = tuple(self._moved(word) for word in words)
        name = words[0].rpartition("/")[2] if words else ""
        if _RUNNERS.get(name) in words[1:2]:
            rest = list(words[2:])
            while rest and rest[0].startswith("-"):
                option = rest.pop(0)
                if option in _RUNNER_VALUES and rest:
                    rest.pop(0)
            if rest:
                if rest[0].endswith(".py"):
                    rest.insert(0, "python")
                reason = f"{name} run would look at the environment again with every start"
                self._decide(f"{rest[0]} itself, without {name} run", reason)
                words = tuple(rest)
        if not self.is_whole:
            return words
        return listen_everywhere(words, self.variables, self.files, self.decisions)

    def _moved(self, word: str) -> str:
        """Return a program's path in the new environment."""
        if self.old_venv and word.startswith(f"{self.old_venv}/bin/"):
            return self.venv + word[len(self.old_venv) :]
        found = re.fullmatch(r"/usr/local/bin/([\w.-]+)", word)
        if found is None or word.endswith(".sh") or "entrypoint" in word or self._is_copied(found[1]):
            return word
        return f"{self.venv}/bin/{'python' if is_python(found[1]) else found[1]}"

    def _is_copied(self, name: str) -> bool:
        return any(path.rpartition("/")[2] == name for path in self.files)


def _json(words: tuple[str, ...]) -> str:
    return json.dumps(words, ensure_ascii=False)


def _is_piped(operators: tuple[Operator, ...]) -> bool:
    outer = [each for each in operators if each.depth == 0]
    return bool(outer) and outer[-1].text in ("|", "|&", "&", "||")


def _words(command: Command) -> tuple[str, ...]:
    return tuple(word for word in (command.name, *(word.value for word in command.words)) if word)


def _with_words(body: str, command: Command, words: tuple[str, ...]) -> str:
    """Return a command without its runner, ``uvicorn …`` of ``uv run uvicorn …``, and with added options."""
    old = _words(command)
    if old[0].rpartition("/")[2] in _RUNNERS and words[0] != old[0]:
        at = body.find(f" {words[0]}")
        body = body[at + 1 :] if at >= 0 else " ".join(words)
    added = len(words) - len(old)
    return body + "".join(f" {word}" for word in words[-added:]) if added > 0 else body
