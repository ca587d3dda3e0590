"""Which of the shells that ShellCheck knows runs the script of a RUN."""

import re

from dockeropt.knowledge.default_shells import Sh, default_shell
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build
from dockeropt.semantics.scripts import script_heredoc
from dockeropt.shell.script import Dialect
from dockeropt.syntax.instructions import Run

_PROGRAMS = {
    "bash": Sh.BASH,
    "rbash": Sh.BASH,
    "dash": Sh.DASH,
    "ash": Sh.BUSYBOX,
    "ksh": Sh.KSH,
    "mksh": Sh.KSH,
}
_UNKNOWN = "zsh"
"""a POSIX shell to us, yet one whose scripts ShellCheck refuses"""

_ERREXIT = re.compile(r"-[a-zA-Z]*e[a-zA-Z]*|errexit")


class Shell(NamedTuple):
    """A shell and whether it is started with ``-e``, with which a script ends at the first failure."""

    kind: Sh
    has_errexit: bool


def shell_of(run: Run, build: Build) -> Shell | None:
    """Return the shell of a RUN: by SHELL, the script's ``#!`` line or the base image.

    None where ShellCheck has nothing to say: the exec form, PowerShell, cmd, zsh and all that is no shell.
    """
    if build.script_of(run) is None or build.dialect_of(run) is not Dialect.POSIX:
        return None
    arguments = _arguments(run, build)
    has_errexit = any(_ERREXIT.fullmatch(argument) for argument in arguments[1:])
    for argument in arguments:
        name = argument.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
        if name == _UNKNOWN:
            return None
        if name in _PROGRAMS:
            return Shell(_PROGRAMS[name], has_errexit)
        if name == "sh":
            break
    return Shell(_default(run, build), has_errexit)


def _arguments(run: Run, build: Build) -> tuple[str, ...]:
    heredoc = script_heredoc(run)
    if heredoc is not None and heredoc.body.text.startswith("#!"):
        return tuple(heredoc.body.text.partition("\n")[0][2:].split())
    return build.scope_of(run).shell or ()


def _default(run: Run, build: Build) -> Sh:
    image = build.root_image(build.stage_of(run))
    return Sh.SH if image is None else default_shell(image.familiar_name, image.tag)
