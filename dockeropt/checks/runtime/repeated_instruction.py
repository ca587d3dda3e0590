"""DL3012, DL4003, DL4004: instructions of which only the last one counts."""

from collections.abc import Callable, Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding, Related
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.instructions import Cmd, Entrypoint, Healthcheck

_ALIASES = ("MultipleInstructionsDisallowed",)


def _check(kind: type) -> Callable[[Stage, Build, Options], Iterator[Finding]]:
    """Return a check for a second instruction of this kind in a stage."""

    def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
        first = None
        for view in stage.views:
            if not isinstance(view, kind):
                continue
            span, keyword = view.instruction.keyword_span, view.instruction.keyword
            if first is not None:
                line = build.dockerfile.source.position(first.start).line
                yield Finding(
                    span,
                    f"this {keyword} replaces the one in line {line}, which does nothing; delete one of them",
                    related=(Related(first, "the one that does nothing"),),
                )
            first = span

    return check


RULES = (
    Rule("DL3012", "several-healthchecks", Severity.ERROR, Stage, _check(Healthcheck), aliases=_ALIASES),
    Rule("DL4003", "several-cmds", Severity.WARNING, Stage, _check(Cmd), aliases=_ALIASES),
    Rule("DL4004", "several-entrypoints", Severity.ERROR, Stage, _check(Entrypoint), aliases=_ALIASES),
)
