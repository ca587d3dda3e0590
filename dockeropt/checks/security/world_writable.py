"""DO4009: files that everyone in the container may change."""

import re
from collections.abc import Iterator

from dockeropt.checks.packages.invocations import invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Copy
from dockeropt.syntax.tree import Word

_OCTAL = r"0?[0246]?[0-7][0-7][2367]"
"""read, write and search for owner, group and others, without the sticky bit that protects /tmp"""
_SYMBOLIC = r"(?:[ugoa]*[oa][ugoa]*[+=][rwxXst]*w[rwxXst]*)"
_LONGEST = 20
"""characters of a mode such as ``ugo+rwxXst``; what is longer is none"""
_SHARED = ("/tmp", "/var/tmp", "/dev")  # noqa: S108 - names of folders


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each mode that lets everyone write to files of the image."""
    stages = shipped_stages(build)
    shipped = {stage.number for stage in stages}
    for invocation in invocations_of(("chmod", "mkdir", "install"), build):
        word = _mode(invocation.command) if invocation.stage.number in shipped else None
        if word is not None and opens(word.value) and not _is_shared(invocation.command):
            yield _finding(word, word.value)
    for stage in stages:
        for view in views_with_triggers(stage):
            if isinstance(view, Copy) and view.chmod is not None and opens(view.chmod.value):
                yield _finding(view.chmod, view.chmod.value)


def opens(mode: str) -> bool:
    """Tell whether a mode lets everyone write: ``777``, ``a+rwx``, ``u=rwX,o+w``."""
    if re.fullmatch(_OCTAL, mode):
        return True
    return any(re.fullmatch(_SYMBOLIC, part) for part in mode.split(",") if len(part) < _LONGEST)


def _mode(command: Command) -> Word | None:
    """Return the word with the mode: the first operand of chmod, the value of ``-m`` of the others."""
    if command.base_name == "chmod":
        return next(iter(command.operands()), None)
    value = command.option_value("-m", "--mode")
    return next((word for word in command.words if value and value in word.value), None)


def _is_shared(command: Command) -> bool:
    paths = command.operands(("-m", "--mode"))
    return any(path.value.rstrip("/*") in _SHARED for path in paths)


def _finding(word: Word, mode: str) -> Finding:
    return Finding(
        word.span,
        f"mode `{mode}` lets every user in the container replace these files; "
        "give them to the one that writes them, by `chown` or COPY --chown",
    )


RULE = Rule(
    "DO4009",
    "world-writable",
    Severity.WARNING,
    Build,
    check,
    aliases=("world-writable-state-path-workaround",),
)
