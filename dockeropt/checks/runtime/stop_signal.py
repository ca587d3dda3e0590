"""DO3003, DO3004: how a container is told to end."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, fix_of
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import in_case_of, insert_line, remove_instruction
from dockeropt.syntax.instructions import Cmd, Entrypoint, Form, Stopsignal
from dockeropt.syntax.tree import Word

_UNCAUGHT = ("KILL", "9", "STOP", "19")
"""signals that no program can act on (signal(7)), by name and by number"""
_SYSTEMD = ("RTMIN+3", "37")
_OTHER_INITS = ("alpine", "busybox", "openwrt")
"""images whose /sbin/init is another one"""


def check_uncaught(signal: Stopsignal, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a STOPSIGNAL that gives the program no time to end."""
    if signal.signal is not None and _name(signal, build) in _UNCAUGHT:
        yield Finding(
            signal.signal.span,
            f"no program can act on `{signal.signal.value}`, so it loses what it has not yet written; "
            "remove this line for SIGTERM",
            fix_of(
                "remove this line",
                remove_instruction(signal.instruction, build.dockerfile),
                applicability=Applicability.UNSAFE,
            ),
        )


def check_systemd(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the command that starts systemd where nothing sets the signal it ends on."""
    stages = shipped_stages(build)
    views = [view for stage in reversed(stages) for view in stage.views]
    signals = [view for view in views if isinstance(view, Stopsignal)]
    if not stages or (signals and _name(signals[-1], build) in _SYSTEMD):
        return
    starts: list[Cmd | Entrypoint] = [view for view in views if isinstance(view, Entrypoint)]
    starts = starts or [view for view in views if isinstance(view, Cmd)]
    if not starts or starts[-1].command.form is not Form.EXEC or not starts[-1].command.arguments:
        return
    image = stages[-1].image
    program = starts[-1].command.arguments[0]
    if _is_systemd(program, image is not None and image.last_name in _OTHER_INITS):
        written = build.dockerfile.text_of(starts[-1].instruction.keyword_span)
        keyword = in_case_of("STOPSIGNAL", written)
        yield Finding(
            program.span,
            "systemd takes SIGTERM for an order to start anew, so the container is killed after ten seconds; "
            "add STOPSIGNAL SIGRTMIN+3",
            fix_of(
                "add STOPSIGNAL SIGRTMIN+3",
                None
                if signals
                else insert_line(starts[-1].instruction, f"{keyword} SIGRTMIN+3", build.dockerfile),
                applicability=Applicability.UNSAFE,
            ),
        )


def _is_systemd(program: Word, has_other_init: bool) -> bool:
    folder, _, name = program.value.rpartition("/")
    return name == "systemd" or (name == "init" and folder.endswith("sbin") and not has_other_init)


def _name(signal: Stopsignal, build: Build) -> str:
    if signal.signal is None:
        return ""
    return build.expand(signal.signal, signal).text.strip("\"'").upper().removeprefix("SIG")


RULES = (
    Rule(
        "DO3003",
        "ungraceful-stop-signal",
        Severity.WARNING,
        Stopsignal,
        check_uncaught,
        fixes=Applicability.UNSAFE,
        aliases=("no-ungraceful-stopsignal",),
    ),
    Rule(
        "DO3004",
        "systemd-without-stop-signal",
        Severity.WARNING,
        Build,
        check_systemd,
        fixes=Applicability.UNSAFE,
        aliases=("prefer-systemd-sigrtmin-plus-3",),
    ),
)
