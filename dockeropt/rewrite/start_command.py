"""What the old image runs when it starts."""

import re
from collections.abc import Mapping
from enum import Enum

from dockeropt.knowledge.nuxt import SERVER_ENTRY
from dockeropt.records import NamedTuple
from dockeropt.rewrite.roles import script_called
from dockeropt.rewrite.scripts import nuxt_verbs
from dockeropt.shell.reader import read
from dockeropt.shell.script import Command, Script
from dockeropt.syntax.instructions import CommandLine, Form
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span


class Runner(Enum):
    """The program that serves the app in the old image."""

    NODE = "node"
    BUN = "bun"
    STATIC = "a server of static files"
    DEVELOPMENT = "Nuxt's development server"
    SCRIPT = "a script"
    OTHER = "another program"


class Start(NamedTuple):
    """A start command taken apart."""

    runner: Runner
    text: str
    """as written"""
    options: tuple[str, ...] = ()
    """node's own options: ``--import ./sentry.mjs``"""
    environment: tuple[tuple[str, str], ...] = ()
    """variables the command sets for the server"""
    before: tuple[str, ...] = ()
    """commands that run before the server: ``prisma migrate deploy``"""
    builds: bool = False
    """the app is built when the container starts"""
    init: str = ""
    """``tini`` or ``dumb-init`` in front"""
    script: str = ""
    """the path of the script that is run, as the image has it"""


_INITS = frozenset(("tini", "dumb-init", "catatonit"))
_STATIC = frozenset(("nginx", "serve", "http-server", "httpd", "caddy", "lighttpd"))
_WITH_VALUE = frozenset(
    ("--import", "-r", "--require", "--loader", "--env-file", "--max-old-space-size", "-C")
)
_SERVER = re.compile(r"(?:^|/)" + re.escape(SERVER_ENTRY) + r"$|\.output(?:/server)?/?(?:index\.mjs)?$")
_SHELLS = frozenset(("sh", "bash", "ash", "dash"))


def read_start(
    entrypoint: CommandLine | None, command: CommandLine | None, scripts: Mapping[str, str]
) -> Start | None:
    """Return what ENTRYPOINT and CMD run together, None where the Dockerfile has neither."""
    if entrypoint is None and command is None:
        return None
    if entrypoint is not None and entrypoint.form is Form.SHELL:
        return _start_of_text(entrypoint.script.text, scripts)
    first = () if entrypoint is None else tuple(word.value for word in entrypoint.arguments)
    if first and first[0].rpartition("/")[2] == "docker-entrypoint.sh" and "/" not in first[0].strip("/"):
        first = first[1:]  # the Node image's own, which only runs what follows
    if command is None:
        return _start_of_words(first, scripts)
    if command.form is Form.EXEC:
        return _start_of_words((*first, *(word.value for word in command.arguments)), scripts)
    if not first:
        return _start_of_text(command.script.text, scripts)
    start = _start_of_words((*first, "sh", "-c", command.script.text), scripts)
    return start if start.runner is not Runner.SCRIPT else start._replace(text=" ".join(first))


def _start_of_words(words: tuple[str, ...], scripts: Mapping[str, str]) -> Start:
    text = " ".join(words)
    init = ""
    if words and words[0].rpartition("/")[2] in _INITS:
        init = words[0].rpartition("/")[2]
        words = words[1:]
        while words and words[0].startswith("-"):
            words = words[1:]
    if (
        len(words) > 2
        and words[0].rpartition("/")[2] in _SHELLS
        and words[1].startswith("-")
        and "c" in words[1]
    ):
        return _start_of_text(words[2], scripts)._replace(text=text, init=init)
    if not words:
        return Start(Runner.OTHER, text, init=init)
    return _start_of_program(words, scripts, 0)._replace(text=text, init=init)


def _start_of_text(text: str, scripts: Mapping[str, str], depth: int = 0) -> Start:
    """Return what a shell command runs: its last command is the server, the others come before it."""
    script: Script = read(LogicalText.join(text, [Span(0, len(text))]))
    environment: list[tuple[str, str]] = []
    before: list[str] = []
    start: Start | None = None
    for command in script.commands:
        if command.name == "export":
            environment += [_pair(word.value) for word in command.words if "=" in word.value]
            continue
        if start is not None and start.runner is not Runner.DEVELOPMENT:
            before += [*start.before, start.text]
        words = (command.name, *(word.value for word in command.words))
        start = _start_of_program(words, scripts, depth)
        own = tuple(_pair(word.value) for word in command.assignments)
        start = start._replace(text=_text(text, command), environment=(*own, *start.environment))
    if start is None:
        return Start(Runner.OTHER, text)
    before += start.before
    loud = [part for part in before if part and not _is_quiet(part)]
    kept = tuple(part for part in loud if not _is_build(part, scripts))
    return start._replace(
        text=text,
        environment=(*environment, *start.environment),
        before=kept,
        builds=start.builds or len(kept) < len(loud),
    )


def _text(text: str, command: Command) -> str:
    return text[command.span.start : command.span.end]


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _is_build(text: str, scripts: Mapping[str, str]) -> bool:
    words = text.split()
    if not words:
        return False
    name = script_called(words[0], words[1:], scripts)
    verbs = nuxt_verbs(text if name is None else scripts[name], scripts)
    return not verbs.isdisjoint(("build", "generate", "prepare"))


def _is_quiet(text: str) -> bool:
    return text.split()[:1] in (["cd"], ["echo"], ["rm"], ["["], ["test"], ["set"], ["sleep"], ["true"])


def _start_of_program(words: tuple[str, ...], scripts: Mapping[str, str], depth: int) -> Start:
    program, *arguments = words
    name = program.rpartition("/")[2]
    text = " ".join(words)
    if name in ("node", "nodejs"):
        return _node(text, arguments)
    if name in ("npx", "bunx", "pnpx") or (arguments[:1] == ["exec"] and name in ("npm", "pnpm", "yarn")):
        rest = [word for word in arguments if word not in ("exec", "--", "-y", "--yes")]
        return (
            _start_of_program(tuple(rest), scripts, depth + 1)
            if rest and depth < 6
            else Start(Runner.OTHER, text)
        )
    if name in ("nuxt", "nuxi", "nuxt-cli"):
        verb = next((word for word in arguments if not word.startswith("-")), "dev")
        return Start(
            Runner.DEVELOPMENT if verb == "dev" else Runner.NODE, text, environment=_port_option(arguments)
        )
    called = script_called(name, arguments, scripts)
    if called is not None and depth < 6:
        inner = _start_of_text(scripts[called], scripts, depth + 1)
        return inner._replace(environment=(*inner.environment, *_port_option(arguments)))
    if name == "bun":
        return (
            Start(Runner.BUN, text)
            if any(_SERVER.search(word) for word in arguments)
            else Start(Runner.OTHER, text)
        )
    if name in _STATIC:
        return Start(Runner.STATIC, text)
    if name.endswith(".sh") or (name in _SHELLS and arguments[:1] and arguments[0].endswith(".sh")):
        path = program if name.endswith(".sh") else arguments[0]
        return Start(Runner.SCRIPT, text, script=path)
    return Start(Runner.OTHER, text)


def _node(text: str, arguments: list[str]) -> Start:
    options: list[str] = []
    rest = list(arguments)
    while rest and rest[0].startswith("-"):
        options.append(rest.pop(0))
        if options[-1] in _WITH_VALUE and rest:
            options.append(rest.pop(0))
    if rest and _SERVER.search(rest[0]):
        return Start(Runner.NODE, text, tuple(options))
    return Start(Runner.OTHER, text, tuple(options))


def _port_option(arguments: list[str]) -> tuple[tuple[str, str], ...]:
    for at, word in enumerate(arguments):
        found = re.fullmatch(r"(?:--port|-p)=?(\d+)?", word)
        if found is not None:
            value = found[1] or (arguments[at + 1] if at + 1 < len(arguments) else "")
            return (("PORT", value),) if value.isdigit() else ()
    return ()
