"""DL4000: the instruction MAINTAINER."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Maintainer

_LONGEST = 60


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every MAINTAINER, one before the first FROM included."""
    views = [*build.global_views]
    for stage in build.stages:
        views += stage.views
    for view in views:
        if isinstance(view, Maintainer):
            name = view.name.text.strip("\"'").replace('"', '\\"')
            shown = name if len(name) <= _LONGEST else "…"
            yield Finding(
                view.instruction.keyword_span,
                f'MAINTAINER is deprecated; write LABEL org.opencontainers.image.authors="{shown}"',
            )


RULE = Rule("DL4000", "maintainer", Severity.ERROR, Build, check, aliases=("MaintainerDeprecated",))
