"""DO7008: what Windows containers do not have."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.dialect import is_windows
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
            )
        elif isinstance(view, Copy):
            for flag in view.instruction.flags:
                if flag.name in _OPTIONS:
                    yield Finding(
                        flag.span,
                        f"`--{flag.name}` works for Linux alone; remove it, or use icacls in a RUN",
                    )


RULE = Rule(
    "DO7008", "linux-only-option", Severity.WARNING, Stage, check, aliases=("no-chown-flag", "no-stopsignal")
)
