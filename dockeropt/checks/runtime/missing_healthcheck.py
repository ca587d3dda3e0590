"""DL3057: an image without HEALTHCHECK."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Healthcheck


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the last FROM when no stage that ends up in the image has a HEALTHCHECK."""
    final = build.final_stage
    if final is None:
        return
    for stage in shipped_stages(build):
        if any(isinstance(view, Healthcheck) for view in stage.views):
            return
    yield Finding(
        final.start.instruction.keyword_span,
        "nothing tells whether the program works; add HEALTHCHECK CMD with a command that asks it",
    )


RULE = Rule("DL3057", "missing-healthcheck", Severity.IGNORE, Build, check)
