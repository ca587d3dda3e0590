"""DO3007: a label that is set twice."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding, Related
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.instructions import Label
from dockeropt.syntax.source import Span


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each label whose value a later line of the stage replaces."""
    last: dict[str, Span] = {}
    for view in stage.views:
        if not isinstance(view, Label):
            continue
        for pair in view.pairs:
            key = build.expand(pair.key, view).text
            if key in last:
                line = build.dockerfile.source.position(pair.key.span.start).line
                yield Finding(
                    last[key],
                    f"line {line} sets the label `{key}` again, so this value is lost; delete one of them",
                    related=(Related(pair.key.span, "the one that counts"),),
                )
            last[key] = pair.key.span


RULE = Rule("DO3007", "duplicate-label", Severity.WARNING, Stage, check, aliases=("no-duplicate-keys",))
