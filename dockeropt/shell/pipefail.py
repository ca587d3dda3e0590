"""Whether a pipe fails when a program in it fails: the shell option ``pipefail``."""

from collections.abc import Sequence
from itertools import pairwise

from dockeropt.records import NamedTuple
from dockeropt.shell.script import Command, InnerScript, Operator, Script


def shell_has_pipefail(shell: Sequence[str] | None) -> bool:
    """Tell whether SHELL's arguments switch it on: ``["/bin/bash", "-eo", "pipefail", "-c"]``."""
    return shell is not None and _switched(shell[1:]) is True


def sets_pipefail(script: Script) -> bool:
    """Tell whether a script switches it on anywhere."""
    return any(_switch(command) for command in script.named("set", "shopt"))


def uncovered_pipes(script: Script, shell: Sequence[str] | None = None) -> tuple[Operator, ...]:
    """Return the pipes that hide a failure: neither SHELL nor the script switched the option on before.

    The script of ``sh -c "…"`` starts anew, and has it from ``bash -o pipefail -c`` or from its own ``set``.
    """
    pipes = [operator for operator in script.operators if operator.text in ("|", "|&")]
    switches = [c for c in script.named("set", "shopt") if _switch(c) is not None] if pipes else []
    events: list[InnerScript | Command | Operator] = [*script.inner, *switches, *pipes]
    if switches or script.inner:
        events.sort(key=_place)
    open_shells = [_Shell(None, shell_has_pipefail(shell), [])]
    found: list[Operator] = []
    for event in events:
        start, end = event.span
        while (last := open_shells[-1].end) is not None and last <= start:
            open_shells.pop()
        here = open_shells[-1]
        if isinstance(event, InnerScript):
            open_shells.append(_Shell(end, event.has_pipefail, []))
            continue
        # What was set in a compound command that has ended by now holds no more: it may be a subshell.
        while here.switches and here.switches[-1][0] > event.depth:
            here.switches.pop()
        if isinstance(event, Command):
            here.switches.append((event.depth, _switch(event) is True))
        elif not (here.switches[-1][1] if here.switches else here.has_pipefail):
            found.append(event)
    return tuple(found)


class _Shell(NamedTuple):
    """A shell whose script is being walked through."""

    end: int | None
    has_pipefail: bool
    """from its own start"""
    switches: list[tuple[int, bool]]
    """depth, and whether it was switched on"""


def _place(event: InnerScript | Command | Operator) -> tuple[int, bool]:
    return event.span.start, not isinstance(event, InnerScript)


def _switch(command: Command) -> bool | None:
    arguments = [word.value for word in command.words]
    if command.name == "shopt":
        if "pipefail" not in arguments or not command.has_flag("-o"):
            return None
        return True if command.has_flag("-s") else False if command.has_flag("-u") else None
    return _switched(arguments)


def _switched(arguments: Sequence[str]) -> bool | None:
    """Return whether ``-o pipefail`` (True) or ``+o pipefail`` (False) comes last, None for neither."""
    found: bool | None = None
    for option, value in pairwise(arguments):
        if value == "pipefail" and option[:1] in ("-", "+") and option.endswith("o"):
            found = option[0] == "-"
    return found
