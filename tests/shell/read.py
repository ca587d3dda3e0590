"""Scripts read, and what was read in few words."""

from dockeropt.shell.reader import read
from dockeropt.shell.script import Command, Script
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source
from dockeropt.syntax.tree import Dockerfile
from dockeropt.syntax.views import view
from tests.shell.oracle import text_of


def script_of(text: str) -> Script:
    """Return a script that stands in its source as it is."""
    return read(text_of(text))


def only_command(text: str) -> Command:
    """Return the one command of a script."""
    (command,) = script_of(text).commands
    return command


def summary(text: str) -> list[str]:
    """Return a script's commands as ``sudo > apt-get update``, those inside others indented."""
    return ["  " * c.depth + " > ".join([*c.wrappers, _line(c)]) for c in script_of(text).commands]


def run_of(dockerfile_text: str) -> tuple[Dockerfile, Script]:
    """Return a Dockerfile and the script of its first RUN."""
    dockerfile = parse(Source(dockerfile_text))
    for instruction in dockerfile.instructions:
        run = view(instruction, dockerfile.escape)
        if isinstance(run, Run):
            return dockerfile, read(run.command.script)
    raise LookupError("no RUN")


def _line(command: Command) -> str:
    assignments = [word.value for word in command.assignments]
    redirects = [
        f"{'' if each.file_descriptor is None else each.file_descriptor}{each.operator}"
        f"{each.target.value if each.target else ''}"
        for each in command.redirects
    ]
    return " ".join([*assignments, command.name, *[word.value for word in command.words], *redirects]).strip()
