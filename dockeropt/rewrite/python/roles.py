"""What each command of a Python project's RUN is there for."""

import re
from enum import Enum

from dockeropt.knowledge.python_packages import COMPILERS
from dockeropt.knowledge.words import words as table
from dockeropt.records import NamedTuple
from dockeropt.shell.script import Command


class Role(Enum):
    """The purpose of a command, as far as a rewrite treats it."""

    INSTALL = "install Python packages"
    TOOL = "install the tool that installs"
    VENV = "make a virtual environment"
    SYSTEM = "install system packages"
    INDEX = "fetch the list of system packages"
    CLEAN = "remove what the last stage never gets"
    ACCOUNT = "make a user"
    OWNER = "give files to a user"
    FOLDER = "make a folder"
    SETTING = "set up an installer"
    STATE = "set something for the commands after it"
    NOTHING = "leave nothing behind"
    OTHER = "do something of its own"
    UNKNOWN = "build or install what cannot be seen"


_TOOLS = frozenset(("poetry", "pipenv", "uv", "pip-tools", "poetry-core", "pdm", "hatch", "virtualenv"))
_OWN = frozenset(("pip",))
_PLAIN = {
    "adduser": Role.ACCOUNT,
    "addgroup": Role.ACCOUNT,
    "useradd": Role.ACCOUNT,
    "groupadd": Role.ACCOUNT,
    "usermod": Role.ACCOUNT,
    "chown": Role.OWNER,
    "mkdir": Role.FOLDER,
}
_NOTHING = frozenset(
    ("echo", "true", "set", "ls", "pwd", "cat", "printenv", "env", "date", "which", ":", "whoami", "", "exit")
)
_INSTALLERS = frozenset(
    ("conda", "mamba", "micromamba", "pipx", "pdm", "hatch", "easy_install", "rye", "pixi")
)


class Pip(NamedTuple):
    """A ``pip install`` taken apart."""

    files: tuple[str, ...]
    """requirement and constraint files"""
    names: tuple[str, ...]
    local: tuple[str, ...]
    """folders and archives"""
    is_editable: bool


_VALUED = table(
    "--cache-dir --config-settings --default-index --default-timeout --extra --extra-index-url "
    "--find-links --global-option --group --index --index-strategy --index-url --install-option "
    "--no-binary --no-group --only-binary --only-group --platform --prefix --progress-bar --proxy "
    "--python --python-version --report --retries --root --src --target --timeout --trusted-host "
    "--upgrade-strategy -C -f -i -p -t"
)


def role_of(command: Command) -> Role:
    """Return the role of a command."""
    name = command.base_name
    words = [word.value for word in command.words]
    if name in _PLAIN:
        return _PLAIN[name]
    if name in ("export", "umask") or (not name and command.assignments and not command.redirects):
        return Role.STATE
    if name in ("apt-get", "apt", "aptitude", "apk"):
        return _system_role(words)
    if pip_arguments(command) is not None or name in ("poetry", "pipenv", "uv", "pip-sync"):
        return _python_role(command)
    if is_python(name) and words[:2] in (["-m", "venv"], ["-m", "virtualenv"]):
        return Role.VENV
    if name == "virtualenv" or (name in (".", "source") and words and words[0].endswith("/activate")):
        return Role.VENV
    if name in ("apt-key", "dpkg", "add-apt-repository"):
        return Role.UNKNOWN
    if any("/etc/apt/" in text for text in (*words, *_targets(command))) or "/etc/pip.conf" in _targets(
        command
    ):
        is_mirror = name in ("sed", "rm", "echo", "printf") and not any("keyring" in word for word in words)
        return Role.SETTING if is_mirror else Role.UNKNOWN
    if name == "rm":
        return Role.CLEAN
    if re.fullmatch(r"pip[23]?", name) and words[:1] == ["config"]:
        return Role.SETTING
    if name in _INSTALLERS or name in COMPILERS or name == "configure":
        return Role.UNKNOWN
    if name in ("sh", "bash", "source", ".") or command.name.startswith("./") or name.endswith(".sh"):
        return Role.UNKNOWN
    if is_python(name) and words[:1] and words[0].endswith("setup.py"):
        return Role.UNKNOWN
    if name in _NOTHING:
        is_kept = any(r.operator.startswith(">") and not _is_sink(r.target) for r in command.redirects)
        return Role.OTHER if is_kept else Role.NOTHING
    if name in ("pytest", "ruff", "flake8", "mypy", "black", "tox"):
        return Role.NOTHING
    return Role.OTHER


def pip_arguments(command: Command) -> list[str] | None:
    """Return the words after ``install`` of a pip, ``uv pip`` or ``python -m pip``; None for no install."""
    name = command.base_name
    words = [word.value for word in command.words]
    if is_python(name) and words[:2] == ["-m", "pip"]:
        words = words[2:]
    elif name == "uv" and words[:1] == ["pip"]:
        words = words[1:]
    elif not re.fullmatch(r"pip(?:[23](?:\.\d+)?)?", name):
        return None
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] in _VALUED else words[1:]
    return words[1:] if words[:1] == ["install"] else None


def read_pip(arguments: list[str]) -> Pip:
    """Return what the arguments of a ``pip install`` name."""
    files: list[str] = []
    names: list[str] = []
    local: list[str] = []
    is_editable = False
    words = iter(arguments)
    for word in words:
        option, equals, value = word.partition("=")
        if option in ("-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints"):
            files.append(value if equals else next(words, ""))
        elif word[:2] in ("-r", "-c") and len(word) > 2 and word[1] != "-":
            files.append(word[2:])
        elif option in ("-e", "--editable"):
            local.append(value if equals else next(words, ""))
            is_editable = True
        elif word in _VALUED:
            next(words, "")
        elif not word.startswith("-"):
            is_path = re.match(r"\.{0,2}/|\.{1,2}(?:\[|$)", word) or word.endswith((".whl", ".tar.gz"))
            (local if is_path and "://" not in word else names).append(word)
    return Pip(tuple(files), tuple(names), tuple(local), is_editable)


def is_python(name: str) -> bool:
    """Tell whether a program is Python itself."""
    return re.fullmatch(r"python(?:[23](?:\.\d+)?)?", name) is not None


def _python_role(command: Command) -> Role:
    name = command.base_name
    arguments = pip_arguments(command)
    words = [word.value for word in command.words]
    verb = next((word for word in words if not word.startswith("-")), "")
    if arguments is not None:
        pip = read_pip(arguments)
        plain = {re.split(r"[=<>~!\[@ ]", each)[0].lower() for each in pip.names}
        if pip.files or pip.local or not plain:
            return Role.INSTALL
        if plain <= _OWN and not any("=" in each for each in pip.names):
            return Role.NOTHING
        return (
            Role.TOOL if plain - _OWN <= _TOOLS | {"setuptools", "wheel"} and plain & _TOOLS else Role.INSTALL
        )
    if name == "uv" and verb == "venv":
        return Role.VENV
    if name == "poetry" and verb in ("config", "self", "--version", "check", "cache"):
        return Role.SETTING if verb in ("config", "self") else Role.NOTHING
    if (name, verb) in (("poetry", "install"), ("uv", "sync"), ("pipenv", "install"), ("pipenv", "sync")):
        return Role.INSTALL
    if (name, verb) == ("uv", "pip") and "sync" in words:
        return Role.INSTALL
    return Role.INSTALL if name == "pip-sync" else Role.UNKNOWN


def _system_role(words: list[str]) -> Role:
    verb = next((word for word in words if not word.startswith("-")), "")
    if verb in ("install", "add"):
        return Role.SYSTEM
    if verb in ("update", "upgrade", "dist-upgrade", "full-upgrade"):
        return Role.INDEX
    return (
        Role.CLEAN
        if verb in ("clean", "autoclean", "autoremove", "remove", "purge", "del", "distclean")
        else Role.OTHER
    )


def _targets(command: Command) -> tuple[str, ...]:
    return tuple(getattr(redirect.target, "value", "") for redirect in command.redirects)


def _is_sink(target: object) -> bool:
    value = getattr(target, "value", "")
    return value.startswith("/dev/") or value.isdigit()
