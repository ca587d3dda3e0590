"""DO3007: a label that is set twice."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, Related, fix_of
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.edits import Edit, remove_instruction
from dockeropt.syntax.instructions import Label, Pair
from dockeropt.syntax.source import Span


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each label whose value a later line of the stage replaces."""
    last: dict[str, tuple[Label, Pair]] = {}
    for view in stage.views:
        if not isinstance(view, Label):
            continue
        for pair in view.pairs:
            key = build.expand(pair.key, view).text
            if key in last:
                line = build.dockerfile.source.position(pair.key.span.start).line
                yield Finding(
                    last[key][1].key.span,
                    f"line {line} sets the label `{key}` again, so this value is lost; delete one of them",
                    _fix(*last[key], build),
                    related=(Related(pair.key.span, "the one that counts"),),
                )
            last[key] = view, pair


def _fix(label: Label, pair: Pair, build: Build) -> Fix | None:
    """Return the fix that takes out what is lost: the instruction, or a pair on a line with another."""
    if len(label.pairs) == 1:
        return fix_of("delete this one", remove_instruction(label.instruction, build.dockerfile))
    number = next(at for at, each in enumerate(label.pairs) if each is pair)
    if pair.is_legacy:
        return None
    if number:
        span = Span(label.pairs[number - 1].span.end, pair.span.end)
    else:
        span = Span(pair.span.start, label.pairs[1].span.start)
    is_on_one_line = "\n" not in build.dockerfile.text_of(span)
    return fix_of("delete this one", Edit(span, "") if is_on_one_line else None)


RULE = Rule(
    "DO3007",
    "duplicate-label",
    Severity.WARNING,
    Stage,
    check,
    fixes=Applicability.SAFE,
    aliases=("no-duplicate-keys",),
)
