"""The fix of DL3003: WORKDIR before the RUN, and back again after it."""

import re
from bisect import bisect_left

from dockeropt.checks.shell.chains import remove_command
from dockeropt.diagnostics.finding import Applicability, Fix
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.edits import append_line, in_case_of, insert_line
from dockeropt.syntax.instructions import Run, Workdir

_PLAIN = r"/[\w./+-]*"


def workdir_fix(command: Command, run: Run, build: Build) -> Fix | None:
    """Return the fix for a ``cd`` that a script begins with; None where nobody knows where to go back to."""
    script = build.script_of(run)
    if script is None or not script.commands or script.commands[0].span != command.span:
        return None
    if len(command.words) != 1 or not re.fullmatch(_PLAIN, command.words[0].raw):
        return None
    if not script.operators or script.operators[0].text != "&&":
        return None
    if any(each.name == "cd" for each in script.commands[1:]):
        return None  # the next one would be found in its place
    views = build.stage_of(run).views
    at = bisect_left(views, run.instruction.span.start, key=lambda view: view.instruction.span.start)
    if at == len(views) or views[at] is not run:
        return None  # a trigger of ONBUILD
    edits = [remove_command(command, run, build)]
    keyword = in_case_of("WORKDIR", build.dockerfile.text_of(run.instruction.keyword_span))
    edits.append(insert_line(run.instruction, f"{keyword} {command.words[0].raw}", build.dockerfile))
    if not (at + 1 < len(views) and _goes_elsewhere(views[at + 1])):
        old = build.scope_of(run).workdir
        if old is None or not re.fullmatch(_PLAIN, old):
            return None
        edits.append(append_line(run.instruction, f"{keyword} {old}", build.dockerfile))
    made = tuple(edit for edit in edits if edit is not None)
    if len(made) < len(edits):
        return None
    return Fix(f"set WORKDIR {command.words[0].raw} for this RUN", made, Applicability.UNSAFE)


def _goes_elsewhere(view: object) -> bool:
    return isinstance(view, Workdir) and view.path is not None and view.path.raw.startswith("/")
