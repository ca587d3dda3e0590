"""DL3012, DL4003, DL4004: instructions of which only the last one counts."""

from collections.abc import Callable, Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Related, fix_of
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.edits import remove_instruction
from dockeropt.syntax.instructions import Cmd, Entrypoint, Healthcheck
from dockeropt.syntax.tree import Instruction

_ALIASES = ("MultipleInstructionsDisallowed",)


def _check(kind: type) -> Callable[[Stage, Build, Options], Iterator[Finding]]:
    """Return a check for a second instruction of this kind in a stage."""

    def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
        first: Instruction | None = None
        for view in stage.views:
            if not isinstance(view, kind):
                continue
            if first is not None:
                keyword, place = first.keyword, first.keyword_span
                line = build.dockerfile.source.position(place.start).line
                yield Finding(
                    view.instruction.keyword_span,
                    f"this {keyword} replaces the one in line {line}, which does nothing; delete one of them",
                    fix_of(f"delete the {keyword} above", remove_instruction(first, build.dockerfile)),
                    related=(Related(place, "the one that does nothing"),),
                )
            first = view.instruction

    return check


def _rule(code: str, slug: str, severity: Severity, kind: type) -> Rule:
    return Rule(code, slug, severity, Stage, _check(kind), fixes=Applicability.SAFE, aliases=_ALIASES)


RULES = (
    _rule("DL3012", "several-healthchecks", Severity.ERROR, Healthcheck),
    _rule("DL4003", "several-cmds", Severity.WARNING, Cmd),
    _rule("DL4004", "several-entrypoints", Severity.ERROR, Entrypoint),
)
