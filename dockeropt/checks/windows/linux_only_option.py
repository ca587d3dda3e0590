"""DO7008: what Windows containers do not have."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, fix_of
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.dialect import is_windows
from dockeropt.syntax.edits import remove_flag, remove_instruction
from dockeropt.syntax.instructions import Copy, Stopsignal

_OPTIONS = ("chown", "chmod")


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for each owner, mode and signal in a stage on Windows."""
    if not is_windows(build.root_stage(stage).base):
        return
    for view in stage.views:
        if isinstance(view, Stopsignal):
            yield Finding(
                view.instruction.keyword_span,
                "STOPSIGNAL does nothing here, since Windows has no signals; remove it",
                fix_of(
                    "remove it",
                    remove_instruction(view.instruction, build.dockerfile),
                    applicability=Applicability.UNSAFE,
                ),
            )
        elif isinstance(view, Copy):
            for flag in view.instruction.flags:
                if flag.name in _OPTIONS:
                    yield Finding(
                        flag.span,
                        f"`--{flag.name}` works for Linux alone; remove it, or use icacls in a RUN",
                        fix_of(
                            f"remove `--{flag.name}`",
                            remove_flag(flag, build.dockerfile.source.text),
                            applicability=Applicability.UNSAFE,
                        ),
                    )


RULE = Rule(
    "DO7008",
    "linux-only-option",
    Severity.WARNING,
    Stage,
    check,
    fixes=Applicability.UNSAFE,
    aliases=("no-chown-flag", "no-stopsignal"),
)
