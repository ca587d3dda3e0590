"""Install commands of the old Dockerfile, turned into those that fill a virtual environment."""

import re

from dockeropt.records import NamedTuple
from dockeropt.rewrite.python.recipe import Part
from dockeropt.rewrite.python.roles import is_python, pip_arguments
from dockeropt.shell.script import Command

_LEFT_OUT = frozenset(
    (
        "--no-cache-dir", "--no-cache", "--user", "--break-system-packages", "--system", "--deploy",
        "--root-user-action=ignore", "--no-warn-script-location", "--disable-pip-version-check", "-n",
    )
)  # fmt: skip
"""what a cache mount or a virtual environment makes needless"""


class Environment(NamedTuple):
    """The virtual environment that is filled."""

    path: str
    has_pip: bool
    """pip is in it; else that of the image installs into it"""

    @property
    def pip(self) -> str:
        """The program that installs into it."""
        return f"{self.path}/bin/pip" if self.has_pip else f"pip --python={self.path}"


def is_simple(part: Part) -> bool:
    """Tell whether a part is one command, nothing around it."""
    return len(part.commands) == 1 and not part.is_compound and not part.commands[0].redirects


def pip_command(command: Command, environment: Environment, folder: str) -> str:
    """Return a ``pip install`` or ``uv pip install`` for the environment; empty where nothing is left.

    ``folder`` is where a ``cd`` led to: its files are named from the root.
    """
    arguments = pip_arguments(command)
    assert arguments is not None  # noqa: S101 - the caller has looked
    is_uv = command.base_name == "uv"
    words = [word.raw for word in command.words][len(command.words) - len(arguments) :]
    kept = [w for w in words if w not in _LEFT_OUT and not _is_needless_pip(w, environment)]
    if not any(_names_something(word) for word in kept):
        return ""
    if folder:
        kept = _absolute(kept, folder)
    before = [word.raw for word in command.assignments]
    program = f"uv pip install --python={environment.path}" if is_uv else f"{environment.pip} install"
    return " ".join([*before, program, *kept])


def other_command(part: Part, environment: Environment) -> str:
    """Return a part that is more than one command, each pip in it one of the environment."""
    return re.sub(
        r"(?<![\w/.-])(?:\S*/)?(?:python[23]?(?:\.\d+)? -m )?pip[23]?(?= install)", environment.pip, part.text
    )


def tool_command(command: Command) -> str:
    """Return the command that installs uv, Poetry, Pipenv or pip-tools into the image's own Python."""
    words = [word.raw for word in command.words if word.raw not in _LEFT_OUT]
    if is_python(command.base_name):
        words = words[2:]
    words = [word for word in words if not _is_pip_itself(word)]
    return " ".join([*(word.raw for word in command.assignments), "pip", *words])


def uv_sync(command: Command, has_lock: bool, is_package: bool, keeps_development: bool) -> str:
    """Return ``uv sync`` for the dependencies alone."""
    words = [word.raw for word in command.words if word.raw not in _LEFT_OUT]
    names = {word.partition("=")[0] for word in words}
    if has_lock and not names & {"--locked", "--frozen"}:
        words.append("--locked")
    if not keeps_development and not names & {
        "--no-dev", "--dev", "--group", "--only-group", "--all-groups", "--no-default-groups", "--only-dev",
    }:  # fmt: skip
        words.append("--no-dev")
    if is_package and not names & {"--no-install-project", "--no-install-workspace"}:
        words.append("--no-install-project")
    words = [word for word in words if word not in ("--no-editable", "--reinstall")]
    return " ".join([*(word.raw for word in command.assignments), "uv", *words])


def poetry_install(command: Command, keeps_development: bool) -> str:
    """Return ``poetry install`` for the dependencies alone."""
    words = [word.raw for word in command.words if word.raw not in _LEFT_OUT]
    names = {word.partition("=")[0] for word in words}
    if not keeps_development and not names & {
        "--no-dev", "--only", "--without", "--with", "--only-main", "--only-root", "--sync",
    }:  # fmt: skip
        words += ["--only", "main"]
    if "--no-root" not in names:
        words.append("--no-root")
    if not names & {"--no-interaction", "-n"}:
        words.append("--no-interaction")
    return " ".join([*(word.raw for word in command.assignments), "poetry", *words])


def pipenv_install(command: Command, has_lock: bool) -> str:
    """Return the Pipenv command that installs what the lock file names."""
    words = [
        word.raw for word in command.words if word.raw not in _LEFT_OUT and word.raw != "--ignore-pipfile"
    ]
    if has_lock:
        words = ["sync", *(word for word in words[1:] if word in ("--dev", "-d", "--verbose"))]
    return " ".join([*(word.raw for word in command.assignments), "pipenv", *words])


def _absolute(words: list[str], folder: str) -> list[str]:
    found: list[str] = []
    for word in words:
        is_file = bool(found) and found[-1] in ("-r", "-c", "--requirement", "--constraint", "-e")
        glued = re.match(r"(-[rc]|--(?:requirement|constraint)=)([^/$].*)", word)
        if glued is not None and word not in ("-r", "-c"):
            word = f"{glued[1]}{folder}/{glued[2]}"
        found.append(f"{folder}/{word}" if is_file and not word.startswith(("/", "$")) else word)
    return found


def _is_needless_pip(word: str, environment: Environment) -> bool:
    """Tell whether a word asks for another pip: one that a version names stays where pip is used."""
    return _is_pip_itself(word) and not (environment.has_pip and "==" in word)


def _is_pip_itself(word: str) -> bool:
    return re.fullmatch(r"[\"']?pip(?:[=<>~!].*)?[\"']?", word) is not None


def _names_something(word: str) -> bool:
    return not word.startswith("-") or word[:2] in ("-r", "-e", "-c") or word.startswith(("--req", "--edit"))
