"""What starts a Node app: the old image's command, followed through package.json to the program itself."""

import re
from collections.abc import Mapping

from dockeropt.records import NamedTuple
from dockeropt.rewrite.intent import last_command
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.roles import script_called
from dockeropt.semantics.build import Build
from dockeropt.shell.reader import read
from dockeropt.syntax.instructions import CommandLine, Form
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span


class AppStart(NamedTuple):
    """A start command taken apart."""

    text: str
    """as the old Dockerfile or package.json has it"""
    words: tuple[str, ...] = ()
    """the program and its arguments; empty where only a shell or npm can run it"""
    shell: str = ""
    """a command line for a shell that does the same: ``npm run migrate && node server.js``"""
    environment: tuple[tuple[str, str], ...] = ()
    before: tuple[str, ...] = ()
    """commands that run before the program, builds left out"""
    is_development: bool = False
    """a development server: it watches the sources"""
    serves_files: bool = False
    """a server of static files, or the preview of a built app"""
    builds: bool = False
    """the app is built when the container starts"""
    folder: str = ""
    """the workspace member it runs in"""
    script: str = ""
    """the ENTRYPOINT script that runs first, as the image has it"""
    port: int | None = None
    """what its arguments say"""
    is_old: bool = True
    """the old Dockerfile says so, not package.json"""

    @property
    def program(self) -> str:
        """The last name of the program, empty for a shell."""
        return self.words[0].rpartition("/")[2] if self.words else ""


_USER_CHANGERS = frozenset(("su-exec", "gosu"))
_INITS = frozenset(("tini", "dumb-init", "catatonit")) | _USER_CHANGERS
_SHELLS = frozenset(("sh", "bash", "ash", "dash"))
_RUNNERS = frozenset(("npx", "bunx", "pnpx"))
_MANAGERS = frozenset(("npm", "yarn", "pnpm", "bun"))
_WATCHERS = frozenset(("nodemon", "ts-node-dev", "tsnd", "node-dev", "webpack-dev-server", "pm2-dev"))
_FILE_SERVERS = frozenset(
    ("serve", "http-server", "nginx", "httpd", "caddy", "sirv", "live-server", "lighttpd")
)
_DEVELOPMENT = {
    "next": ("dev",),
    "nuxt": ("dev",),
    "vite": ("", "dev", "serve"),
    "ng": ("serve",),
    "react-scripts": ("start",),
    "vue-cli-service": ("serve",),
    "astro": ("dev",),
    "nest": ("start",),
    "remix": ("dev",),
    "react-router": ("dev",),
    "webpack": ("serve",),
    "parcel": ("",),
    "svelte-kit": ("dev",),
    "craco": ("start",),
}
_PREVIEWS = {"vite": ("preview",), "astro": ("preview",)}
_QUIET = frozenset(("echo", "rm", "[", "test", "set", "true", "mkdir", "ls", "pwd"))
_PORT = re.compile(r"(?:--port|-p|-l|--listen)(?:=(?:tcp://\S*:)?(\d+))?$")
_DEPTH = 6


def read_app_start(build: Build | None, project: Project) -> AppStart | None:
    """Return how the app is started: by the old Dockerfile, else by package.json; None where neither says."""
    scripts = {**project.manifest.scripts, **project.app.manifest.scripts}
    members = {member.manifest.name: member.folder for member in project.members if member.manifest.name}
    reader = _Reader(scripts, members, {m.folder: m.manifest.scripts for m in project.members})
    entrypoint, command = (None, None) if build is None else last_command(build)
    if entrypoint is not None or command is not None:
        return reader.of_instructions(entrypoint, command)
    for name in ("start:prod", "start"):
        if name in project.app.manifest.scripts:
            text = f"npm run {name}"
            return reader.of_text(text, 0)._replace(text=text, is_old=False)
    for path in _ENTRIES:
        path = f"{project.app.folder}/{path}" if project.app.folder else path
        if project.has(path):
            return AppStart(f"node {path}", ("node", path), is_old=False)
    return None


_ENTRIES = ("server.js", "index.js", "app.js", "server.mjs", "index.mjs", "src/index.js", "src/server.js")


class _Reader:
    def __init__(
        self,
        scripts: Mapping[str, str],
        members: Mapping[str, str],
        member_scripts: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._scripts = scripts
        self._members = members
        self._member_scripts = member_scripts

    def of_instructions(self, entrypoint: CommandLine | None, command: CommandLine | None) -> AppStart:
        first = () if entrypoint is None else _words_of(entrypoint)
        if first and first[0].rpartition("/")[2] == "docker-entrypoint.sh" and "/" not in first[0].strip("/"):
            first = first[1:]
        if first and (first[0].endswith(".sh") or (first[0] in _SHELLS and first[1:2] and ".sh" in first[1])):
            path = first[0] if first[0].endswith(".sh") else first[1]
            rest = self._of_command(command) if command is not None else AppStart("")
            return rest._replace(script=path, text=" ".join((*first, rest.text)).strip())
        if entrypoint is not None and entrypoint.form is Form.SHELL:
            return self.of_text(entrypoint.script.text, 0)
        if command is None:
            return self._of_words(first, 0)
        if first and command.form is Form.EXEC:
            return self._of_words((*first, *_words_of(command)), 0)
        if first and first[0].rpartition("/")[2] not in _INITS:
            return self._of_words((*first, *command.script.text.split()), 0)
        return self._of_command(command)

    def _of_command(self, command: CommandLine) -> AppStart:
        if command.form is Form.EXEC:
            return self._of_words(_words_of(command), 0)
        return self.of_text(command.script.text, 0)

    def of_text(self, text: str, depth: int, folder: str = "") -> AppStart:
        """Return what a shell command runs: its last command is the server, the others come before it."""
        script = read(LogicalText.join(text, [Span(0, len(text))]))
        plain = all(each.text in ("&&", ";", "newline") for each in script.operators)
        if not plain or not script.commands or any(each.redirects for each in script.commands):
            return AppStart(text, shell=text, folder=folder)
        environment: list[tuple[str, str]] = []
        before: list[str] = []
        builds = False
        for each in script.commands[:-1]:
            part = text[each.span.start : each.span.end]
            if each.name == "export":
                environment += [_pair(word.value) for word in each.words if "=" in word.value]
            elif each.name == "cd":
                return AppStart(text, shell=text, folder=folder)
            elif self._builds(each.name, [word.value for word in each.words]):
                builds = True
            elif each.name not in _QUIET:
                before.append(part)
        last = script.commands[-1]
        environment += [_pair(word.value) for word in last.assignments]
        words = (last.name, *(word.value for word in last.words))
        is_expanded = any("$" in word.raw or "*" in word.raw for word in last.words)
        if is_expanded or any("$" in value for _, value in environment):
            return AppStart(text, shell=text, folder=folder, before=tuple(before), builds=builds)
        start = self._of_words(words, depth, folder)
        return start._replace(
            text=text,
            environment=(*environment, *start.environment),
            before=(*before, *start.before),
            builds=builds or start.builds,
        )

    def _builds(self, program: str, arguments: list[str]) -> bool:
        name = script_called(program, arguments, self._scripts)
        text = " ".join((program, *arguments)) if name is None else f"{name} {self._scripts[name]}"
        return re.search(r"(?:^|[\s:])(?:build|generate|install|ci)\b|\btsc\b", text) is not None

    def _of_words(self, words: tuple[str, ...], depth: int, folder: str = "") -> AppStart:
        text = " ".join(words)
        program = words[0].rpartition("/")[2] if words else ""
        if depth > _DEPTH or not words:
            return AppStart(text, folder=folder)
        if program in _INITS:
            left = list(words[2:] if program in _USER_CHANGERS else words[1:])
            while left and left[0].startswith("-"):
                left.pop(0)
            return self._of_words(tuple(left), depth + 1, folder)._replace(text=text)
        if program in _SHELLS and len(words) > 2 and words[1].startswith("-") and "c" in words[1]:
            return self.of_text(words[2], depth + 1, folder)._replace(text=text)
        if program in _SHELLS and len(words) == 2 and ".sh" in words[1]:
            return AppStart(text, script=words[1])
        if program.endswith(".sh"):
            return AppStart(text, script=words[0])
        if program in ("env", "cross-env", "cross-env-shell"):
            pairs = [_pair(word) for word in words[1:] if re.match(r"\w+=", word)]
            rest = tuple(word for word in words[1:] if not re.match(r"\w+=", word))
            start = self._of_words(rest, depth + 1, folder)
            return start._replace(text=text, environment=(*pairs, *start.environment))
        if program == "exec":
            return self._of_words(words[1:], depth + 1, folder)
        if program in _RUNNERS or (program in _MANAGERS and words[1:2] in (("exec",), ("x",), ("dlx",))):
            rest = tuple(word for word in words[1:] if word not in ("exec", "x", "dlx", "--", "-y", "--yes"))
            return self._of_words(rest, depth + 1, folder)._replace(text=text)
        if program in _MANAGERS:
            called = self._of_script(words, depth, folder)
            if called is not None:
                return called._replace(text=text)
            if program == "yarn" and len(words) > 1 and not words[1].startswith("-"):
                rest = words[2:] if words[1] == "run" else words[1:]
                return self._of_words(rest, depth + 1, folder)._replace(text=text)
            if program == "bun" and len(words) > 1:
                return AppStart(text, words, folder=folder, port=_port_of(words))
            return AppStart(text, shell=text, folder=folder)
        verb = next((word for word in words[1:] if not word.startswith("-")), "")
        watches = program == "node" and "--watch" in words
        return AppStart(
            text,
            words,
            is_development=program in _WATCHERS or watches or verb in _DEVELOPMENT.get(program, ("-",)),
            serves_files=program in _FILE_SERVERS or verb in _PREVIEWS.get(program, ("-",)),
            folder=folder,
            port=_port_of(words),
        )

    def _of_script(self, words: tuple[str, ...], depth: int, folder: str) -> AppStart | None:
        program, arguments = words[0].rpartition("/")[2], list(words[1:])
        place = self._member(arguments) or folder
        scripts = self._member_scripts.get(place, self._scripts) if place else self._scripts
        name = script_called(program, _without_member(arguments), scripts)
        if name is None:
            return None
        extra = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
        start = self.of_text(" ".join((scripts[name], *extra)), depth + 1, place)
        first = scripts.get(f"pre{name}", "")
        if first and self._builds("", first.split()):
            return start._replace(builds=True)
        return start._replace(before=(f"npm run pre{name}", *start.before)) if first else start

    def _member(self, arguments: list[str]) -> str:
        """Return the folder of the workspace member that a manager's arguments name, empty for none."""
        for at, word in enumerate(arguments):
            found = re.fullmatch(r"(?:--workspace|-w|--filter|-F|--cwd|--dir|-C|--prefix)(?:=(.+))?", word)
            if found is None and not (at == 0 and word == "workspace"):
                continue
            value = (found[1] if found is not None else None) or [*arguments, ""][at + 1]
            value = value.removeprefix("./").rstrip("/").strip("{}").removesuffix("...")
            return self._members.get(value, value if value in self._member_scripts else "")
        return ""


def _without_member(arguments: list[str]) -> list[str]:
    found: list[str] = []
    skip = False
    for at, word in enumerate(arguments):
        if skip:
            skip = False
        elif re.fullmatch(r"--workspace|-w|--filter|-F|--cwd|--dir|-C|--prefix", word) or (
            at == 0 and word == "workspace"
        ):
            skip = True
        else:
            found.append(word)
    return found


def _words_of(command: CommandLine) -> tuple[str, ...]:
    if command.form is Form.EXEC:
        return tuple(word.value for word in command.arguments)
    return tuple(command.script.text.split())


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _port_of(words: tuple[str, ...]) -> int | None:
    for at, word in enumerate(words):
        found = _PORT.match(word)
        if found is not None:
            value = found[1] or (words[at + 1] if at + 1 < len(words) else "").rpartition(":")[2]
            if value.isdigit():
                return int(value)
    return None
