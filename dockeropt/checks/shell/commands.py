"""The commands of a RUN, whichever way it is written."""

from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Form, Run
from dockeropt.syntax.source import Span


def commands_of(run: Run, build: Build) -> tuple[Command, ...]:
    """Return a script's commands, or the one of the exec form; none for a shell that is not POSIX."""
    if run.command.form is Form.EXEC:
        return _exec_command(run)
    script = build.script_of(run)
    return () if script is None else script.commands


def _exec_command(run: Run) -> tuple[Command, ...]:
    arguments = run.command.arguments
    if not arguments:
        return ()
    program, words = arguments[0], arguments[1:]
    span = Span(program.span.start, arguments[-1].span.end)
    return (Command(span, program.value, program, words, (), (), (), 0),)
