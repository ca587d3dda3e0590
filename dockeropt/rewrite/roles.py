"""What each command of an old Dockerfile's RUN is there for."""

import re
from collections.abc import Mapping
from enum import Enum

from dockeropt.knowledge.build_tools import BY_PROGRAM as BUILD_TOOLS
from dockeropt.knowledge.package_manager import PackageManager, Reads
from dockeropt.knowledge.package_managers import BY_PROGRAM
from dockeropt.knowledge.system_managers import APK, APT
from dockeropt.records import NamedTuple
from dockeropt.rewrite.scripts import is_git_hook, nuxt_verbs
from dockeropt.shell.script import Command


class Role(Enum):
    """The purpose of a command, as far as a rewrite treats it."""

    INSTALL = "install the project's dependencies"
    BUILD = "build the app"
    GENERATE = "generate static files"
    PREPARE = "make Nuxt's types, which the build does by itself"
    SYSTEM = "install system packages"
    TOOL = "install a global npm package"
    CLEAN = "remove what the last stage never gets"
    ACCOUNT = "make a user"
    FOLDER = "make a folder or change its owner"
    CHECK = "lint or test"
    NOTHING = "leave nothing behind"
    OTHER = "do something of its own"


_NODE_PROGRAMS = frozenset(("npm", "yarn", "yarnpkg", "pnpm", "bun"))
_RUNNERS = frozenset(("npx", "bunx", "pnpx"))
_PLAIN = {
    "rm": Role.CLEAN,
    "adduser": Role.ACCOUNT,
    "addgroup": Role.ACCOUNT,
    "useradd": Role.ACCOUNT,
    "groupadd": Role.ACCOUNT,
    "usermod": Role.ACCOUNT,
    "groupmod": Role.ACCOUNT,
    "deluser": Role.ACCOUNT,
    "delgroup": Role.ACCOUNT,
    "userdel": Role.ACCOUNT,
    "mkdir": Role.FOLDER,
    "chown": Role.FOLDER,
    "chmod": Role.FOLDER,
    "install": Role.FOLDER,
}
_NOTHING = frozenset(
    ("echo", "true", "set", "ls", "pwd", "cat", "printenv", "env", "date", "which", "node", ":", "whoami", "")
)
_CLEANING = frozenset(("prune", "cache", "uninstall", "dedupe", "store", "clean"))
_SETTING = frozenset(("config", "set", "--version", "-v", "version", "audit", "fund"))
_TOOL_SETUP = frozenset(("corepack", "n", "nvm"))
_CHECK = re.compile(r"(?:^|:)(?:lint|test|typecheck|type-check|eslint|check|coverage|audit)(?:$|[:\w-])")


class Classified(NamedTuple):
    """A command, its role, and its text as the shell would read it."""

    command: Command
    role: Role
    text: str


def classify(command: Command, scripts: Mapping[str, str] | None) -> Classified:
    """Return the role of a command; ``scripts`` are those of package.json.

    None is for a project that has none: there the installs and builds of other package managers count too.
    In a Node project they are something of its own, for the Node plan has no other place for them.
    """
    role = _role(command, scripts or {})
    if scripts is None and role is Role.OTHER:
        role = _toolchain_role(command)
    return Classified(command, role, text_of(command))


def text_of(command: Command) -> str:
    """Return a command as one line, its assignments included, wrappers such as sudo left off."""
    words = [word.raw for word in command.assignments]
    words += [command.program.raw] if command.program else []
    words += [word.raw for word in command.words]
    for redirect in command.redirects:
        number = "" if redirect.file_descriptor is None else str(redirect.file_descriptor)
        words.append(number + redirect.operator + (redirect.target.raw if redirect.target else ""))
    return " ".join(words)


def system_manager(command: Command) -> PackageManager | None:
    """Return apt or apk where the command installs packages with it."""
    manager = BY_PROGRAM.get(_program(command))
    return manager if manager in (APT, APK) else None


def system_packages(command: Command) -> tuple[str, ...]:
    """Return the packages an ``apt-get install`` or ``apk add`` names, pins included; else nothing."""
    manager = system_manager(command)
    values = [word.value for word in command.words]
    verb = next((value for value in values if not value.startswith("-")), "")
    if manager is None or verb not in ("install", "add"):
        return ()
    found: list[str] = []
    skip = False
    for value in values[values.index(verb) + 1 :]:
        if skip:
            skip = False
        elif value.startswith("-"):
            skip = value in manager.valued_options
        else:
            found.append(value)
    return tuple(found)


def global_packages(command: Command) -> tuple[str, ...]:
    """Return the npm packages a command installs for the whole image: ``pnpm@9`` of ``npm i -g pnpm@9``."""
    values = [word.value for word in command.words]
    plain = [value for value in values if not value.startswith("-")]
    program = _program(command)
    if program == "corepack":
        return tuple(plain[1:]) if plain[:1] in (["prepare"], ["use"], ["install"]) else ()
    if program == "yarn" and plain[:2] == ["global", "add"]:
        return tuple(plain[2:])
    if program == "yarn" and plain[:2] == ["set", "version"]:
        return tuple(f"yarn@{version}" for version in plain[2:3])
    if {"-g", "--global"} & set(values) and plain[:1] and plain[0] in ("install", "i", "add"):
        return tuple(plain[1:])
    return ()


def _program(command: Command) -> str:
    return command.name.rpartition("/")[2]


def _role(command: Command, scripts: Mapping[str, str]) -> Role:
    program = _program(command)
    values = [word.value for word in command.words]
    if program in _PLAIN:
        return _PLAIN[program]
    if program == "cd":
        return Role.NOTHING
    if program in _TOOL_SETUP:
        return Role.TOOL
    if program in _NOTHING:
        return _node_role(values) if program == "node" else _quiet_role(command)
    if system_manager(command) is not None:
        return Role.SYSTEM
    verbs = _verbs(program, values, scripts)
    if "generate" in verbs or ("build" in verbs and "--prerender" in values):
        return Role.GENERATE
    if "build" in verbs:
        return Role.BUILD
    called = script_called(program, values, scripts)
    if called is not None and re.match(r"build(?:$|:)", called):
        return Role.BUILD  # through a tool such as turbo, whose own configuration says what is built
    if verbs == {"prepare"}:
        return Role.PREPARE
    if _calls_builder(program, values):
        return Role.BUILD
    if is_git_hook(text_of(command)):
        return Role.NOTHING
    if program in _NODE_PROGRAMS:
        return _manager_role(program, values)
    return Role.OTHER


_BUILDERS = {
    "next": ("build",),
    "vite": ("build",),
    "ng": ("build",),
    "vue-cli-service": ("build",),
    "react-scripts": ("build",),
    "astro": ("build",),
    "nest": ("build",),
    "remix": ("build", "vite:build"),
    "react-router": ("build",),
    "tsc": (),
    "tsup": (),
}
"""programs of node_modules that build an app, and the words that make them"""


def _calls_builder(program: str, values: list[str]) -> bool:
    """Tell whether a command builds through ``npx``, ``pnpm exec`` or by the program's own name."""
    words = [program, *values]
    if program in _RUNNERS or program in _NODE_PROGRAMS:
        words = [
            word for word in values if not word.startswith("-") and word not in ("exec", "x", "dlx", "run")
        ]
    name = words[0].rpartition("/")[2] if words else ""
    wanted = _BUILDERS.get(name)
    return wanted is not None and (not wanted or (words[1:2] != [] and words[1] in wanted))


def _toolchain_role(command: Command) -> Role:
    """Return what a command of pip, uv, go, cargo, mvn, gradle, dotnet, bundle or composer does."""
    program = _program(command)
    manager = BY_PROGRAM.get(program)
    values = [word.value for word in command.words]
    tool = BUILD_TOOLS.get(program)
    if tool is not None and (not tool.words or not set(tool.words).isdisjoint(values)):
        return Role.BUILD
    if manager is None:
        return Role.OTHER
    operands = [word.value for word in command.operands(manager.valued_options)]
    for subcommand in manager.subcommands:
        words = list(subcommand.words)
        is_called = (
            not set(words).isdisjoint(operands) if manager.takes_goals else operands[: len(words)] == words
        )
        names_file = any(value.partition("=")[0] in manager.manifest_options for value in values)
        if is_called and (words or not operands) and (subcommand.reads is Reads.MANIFESTS or names_file):
            return Role.INSTALL
    return Role.OTHER


def _node_role(values: list[str]) -> Role:
    return Role.NOTHING if values[:1] in (["-v"], ["--version"]) else Role.OTHER


def _quiet_role(command: Command) -> Role:
    """Return what ``echo`` and its like do: nothing, unless their output is kept in a file."""
    kept = any(r.operator.startswith(">") and not _is_sink(r.target) for r in command.redirects)
    return Role.OTHER if kept else Role.NOTHING


def _is_sink(target: object) -> bool:
    value = getattr(target, "value", "")
    return value.startswith("/dev/") or value.isdigit()


def _verbs(program: str, values: list[str], scripts: Mapping[str, str]) -> frozenset[str]:
    """Return what a command asks Nuxt to do, through npx, exec, a package.json script or by itself."""
    if program in ("nuxt", "nuxi"):
        return frozenset(value for value in values[:1] if not value.startswith("-")) or frozenset(("build",))
    name = script_called(program, values, scripts)
    if name is not None:
        return nuxt_verbs(scripts[name], scripts)
    if program in _RUNNERS or program in _NODE_PROGRAMS:
        return nuxt_verbs(" ".join([program, *values]), {})
    return frozenset()


def script_called(program: str, values: list[str], scripts: Mapping[str, str]) -> str | None:
    """Return the package.json script a command runs: ``build`` of ``pnpm --filter web build``."""
    if program not in _NODE_PROGRAMS:
        return None
    manager = BY_PROGRAM[program]
    plain: list[str] = []
    skip = False
    for value in values:
        if value == "--":
            break
        if skip:
            skip = False
        elif value.startswith("-"):
            skip = value in manager.valued_options
        else:
            plain.append(value)
    if program == "yarn" and plain[:1] == ["workspace"]:
        plain = plain[2:]
    if plain[:1] in (["run"], ["run-script"]):
        plain = plain[1:]
        return plain[0] if plain and plain[0] in scripts else None
    if plain and plain[0] in ("start", "test") and plain[0] in scripts:
        return plain[0]
    return plain[0] if program != "npm" and plain and plain[0] in scripts else None


def _manager_role(program: str, values: list[str]) -> Role:
    plain = [value for value in values if not value.startswith("-")]
    first = plain[0] if plain else ""
    if {"-g", "--global"} & set(values) or plain[:2] == ["global", "add"] or plain[:2] == ["set", "version"]:
        return Role.TOOL
    installs = any(
        sub.reads is Reads.MANIFESTS and " ".join(sub.words) == first
        for sub in BY_PROGRAM[program].subcommands
    )
    if installs and not (len(plain) > 1 and first in ("install", "i", "add") and program != "pnpm"):
        return Role.INSTALL
    if first in _CLEANING:
        return Role.CLEAN
    if first in _SETTING or not values:
        return Role.NOTHING if first != "config" and first != "set" else Role.OTHER
    if "pkg" in plain and "delete" in plain:
        return Role.NOTHING
    if first == "rebuild" or (program == "yarn" and not first):
        return Role.INSTALL
    name = plain[1] if first in ("run", "run-script") and len(plain) > 1 else first
    return Role.CHECK if _CHECK.search(name) else Role.OTHER
