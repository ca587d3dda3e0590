"""The fix of DL4005: SHELL in place of a RUN that does nothing but put bash where sh was."""

from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.finding import Applicability, Fix, fix_of
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.edits import Edit, in_case_of, line_end
from dockeropt.syntax.instructions import Run

_BASH = ("bash", "/bin/bash", "/usr/bin/bash")
_SH = ("/bin/sh", "/usr/bin/sh")


def shell_fix(run: Run, build: Build) -> Fix | None:
    """Return the fix, None where the RUN does more or has comments and options."""
    instruction = run.instruction
    commands = commands_of(run, build)
    if instruction.comments or instruction.heredocs or instruction.flags:
        return None
    if not all(_links(each) or _removes(each) for each in commands) or sum(map(_links, commands)) != 1:
        return None
    text = build.dockerfile.source.text
    keyword = build.dockerfile.text_of(instruction.keyword_span)
    line = f'{in_case_of("SHELL", keyword)} ["/bin/bash", "-c"]'
    if text[instruction.span.end - 1] == "\n":
        line += line_end(text, instruction.span.start)
    return fix_of(
        'write SHELL ["/bin/bash", "-c"]', Edit(instruction.span, line), applicability=Applicability.UNSAFE
    )


def _links(command: Command) -> bool:
    values = [word.value for word in command.arguments]
    return command.name == "ln" and len(values) == 2 and values[0] in _BASH and values[1] in _SH


def _removes(command: Command) -> bool:
    return command.name in ("rm", "mv") and command.arguments[:1] != () and command.arguments[0].value in _SH
