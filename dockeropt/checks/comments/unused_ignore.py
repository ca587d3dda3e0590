"""DO6001: a comment that ignores a rule which finds nothing there."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.diagnostics.suppressions import SuppressionUse
from dockeropt.semantics.build import Build
from dockeropt.syntax.source import Span


def check(use: SuppressionUse, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every name in a comment that hides nothing, or that no rule has."""
    comment = use.suppression.comment
    text = build.dockerfile.text_of(comment)
    # From the sign on: a reason may name the rule again, and the words before it are none of ours.
    names = use.unused | use.unknown
    places = sorted((text.lower().find(name, text.find("=")), name) for name in names)
    for at, name in places:
        span = Span(comment.start + at, comment.start + at + len(name))
        written = build.dockerfile.text_of(span)
        if name in use.unknown:
            yield Finding(span, f"there is no rule `{written}`, so nothing is ignored; mend the name")
            continue
        where = "in this file" if use.suppression.target is None else "in the instruction"
        yield Finding(span, f"`{written}` is ignored, yet {where} nothing is found; remove it")


RULE = Rule("DO6001", "unused-ignore", Severity.INFO, SuppressionUse, check)
