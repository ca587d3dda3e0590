"""What a RUN runs: the text of its script and the language it is in."""

import re

from dockeropt.shell import dialect
from dockeropt.shell.script import Dialect
from dockeropt.syntax.instructions import Form, Run
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.tree import Heredoc

_ONLY_HEREDOC = r"[0-9]*<<-?[\"']?[^\s<\"']+[\"']?"


def script_text(run: Run) -> LogicalText | None:
    """Return the text of a RUN's script, None for the exec form."""
    if run.command.form is Form.EXEC:
        return None
    heredoc = script_heredoc(run)
    return run.command.script if heredoc is None else heredoc.body


def script_heredoc(run: Run) -> Heredoc | None:
    """Return the here-document that is the script: the only one, with nothing else on the line."""
    heredocs = run.instruction.heredocs
    if len(heredocs) == 1 and re.fullmatch(_ONLY_HEREDOC, run.command.script.text):
        return heredocs[0]
    return None


def dialect_of(run: Run, shell: tuple[str, ...] | None, image: str, platform: str | None) -> Dialect:
    """Return the language of a RUN from SHELL, the base image as written, its platform, and a ``#!`` line."""
    heredoc = script_heredoc(run)
    if shell is None and platform is not None and platform.lower().startswith("windows"):
        return Dialect.CMD
    return dialect.dialect_of(shell, image, heredoc.body.text if heredoc else "")
