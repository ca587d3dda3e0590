"""DL1000: what BuildKit refuses to read or to build."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.tree import Dockerfile


def check(dockerfile: Dockerfile, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every place BuildKit would stop at, unless a rule of its own tells it."""
    for problem in sorted({*dockerfile.problems, *build.problems}):
        if not problem.rule:
            yield Finding(problem.span, problem.message)


RULE = Rule("DL1000", "refused-by-buildkit", Severity.ERROR, Dockerfile, check)
"""hadolint's code for a file it cannot parse"""
