"""DO6002: a comment that ignores a rule and does not say why."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.diagnostics.suppressions import SuppressionUse
from dockeropt.semantics.build import Build
from dockeropt.syntax.source import Span


def check(use: SuppressionUse, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a comment without words after its rules."""
    if use.suppression.reason:
        return
    start = use.suppression.comment.start
    text = build.dockerfile.text_of(use.suppression.comment).rstrip()
    yield Finding(
        Span(start, start + len(text)), "a finding is ignored without a reason; say why behind the rule"
    )


RULE = Rule("DO6002", "ignore-without-reason", Severity.IGNORE, SuppressionUse, check)
"""off until --require-reason or the key require-reason asks for it"""
