"""DL4006: a pipe whose first command may fail unseen."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command, Operator, Script
from dockeropt.syntax.edits import in_case_of, insert_line, start_with_comments
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.source import Span

_MOST = 20
"""RUNs with a pipe in a stage that get a fix; all but the first wait for it, and go with it"""
_PIPES = ("|", "|&")


def check(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the first pipe of a RUN that runs without pipefail."""
    script = build.script_of(run)
    if script is None or not any(operator.text in _PIPES for operator in script.operators):
        return
    if _has_pipefail(build.scope_of(run).shell):
        return
    for operator in script.operators:
        if operator.text in _PIPES and not _is_safe(operator, script):
            yield Finding(
                operator.span,
                "only the last command of a pipe decides whether this RUN fails; "
                'set `SHELL ["/bin/bash", "-o", "pipefail", "-c"]` before it',
                _fix(run, operator, script, build),
            )
            return


def _fix(run: Run, pipe: Operator, script: Script, build: Build) -> Fix | None:
    """Return the fix that sets SHELL before a RUN, where it is known which shell there is."""
    if any(inner.span.start <= pipe.span.start < inner.span.end for inner in script.inner):
        return None
    before = build.scope_of(run).shell
    shell = (before[0], "-o", "pipefail", *before[1:]) if before else _shell_of(run, build)
    if not shell or shell[0].rpartition("/")[2] not in ("ash", "bash", "zsh"):
        return None
    listed = ", ".join(f'"{word}"' for word in shell)
    keyword = in_case_of("SHELL", build.dockerfile.text_of(run.instruction.keyword_span))
    piped = _piped(build).get(build.stage_of(run).number, ())
    at = bisect_left(piped, run.instruction.span.start, key=lambda each: each.instruction.span.start)
    if at >= _MOST:
        return None
    places = [start_with_comments(each.instruction, build.dockerfile) for each in piped[at + 1 : _MOST]]
    edit = insert_line(run.instruction, f"{keyword} [{listed}]", build.dockerfile)
    claims = tuple(Span(place, place) for place in places)
    return Fix(f"set SHELL [{listed}]", (edit,), Applicability.UNSAFE, claims)


@lru_cache(1)
def _piped(build: Build) -> dict[int, list[Run]]:
    """Return for each stage the RUNs with a pipe: one SHELL is enough for all of them."""
    found: dict[int, list[Run]] = {}
    for stage in build.stages:
        for view in stage.views:
            if isinstance(view, Run) and "|" in build.dockerfile.text_of(view.instruction.span):
                found.setdefault(stage.number, []).append(view)
    return found


def _shell_of(run: Run, build: Build) -> tuple[str, ...]:
    """Return a shell of the image that knows pipefail, nothing where the image is not known."""
    from dockeropt.knowledge.shells import BASH_IMAGES, is_busybox

    image = build.root_image(build.stage_of(run))
    if image is None:
        return ()
    if is_busybox(image.familiar_name, image.tag):
        return ("/bin/ash", "-o", "pipefail", "-c")
    return ("/bin/bash", "-o", "pipefail", "-c") if image.familiar_name in BASH_IMAGES else ()


def _has_pipefail(shell: tuple[str, ...] | None) -> bool:
    return shell is not None and "pipefail" in shell


def _is_safe(pipe: Operator, script: Script) -> bool:
    """Tell whether pipefail is on where a pipe runs, or would break it."""
    for inner in script.inner:
        if inner.has_pipefail and inner.span.start <= pipe.span.start < inner.span.end:
            return True
    is_on: bool | None = None
    left: Command | None = None
    for command in script.commands:
        if command.span.start > pipe.span.start:
            break
        left = command
        if command.base_name == "set":
            is_on = _pipefail_after(command, is_on)
    # A script that switches it off has a reason. `yes` ends by SIGPIPE when its reader has read enough,
    # which pipefail would take for a failure.
    return is_on is not None or (left is not None and left.base_name == "yes")


def _pipefail_after(command: Command, is_on: bool | None) -> bool | None:
    """Return whether pipefail is on after a ``set``, None where nothing was said of it."""
    values = [word.value for word in command.words]
    for option, name in pairwise(values):
        if name == "pipefail" and option[:1] in ("-", "+") and option.endswith("o"):
            is_on = option[0] == "-"
    return is_on


RULE = Rule("DL4006", "pipe-without-pipefail", Severity.WARNING, Run, check, fixes=Applicability.UNSAFE)
