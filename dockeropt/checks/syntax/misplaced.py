"""DL3043, DL3061: instructions where BuildKit does not take them."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.tree import Dockerfile


def check_trigger(dockerfile: Dockerfile, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for FROM, MAINTAINER and ONBUILD behind ONBUILD."""
    for problem in dockerfile.problems:
        if problem.rule == "DL3043":
            yield Finding(problem.span, problem.message)


def check_order(dockerfile: Dockerfile, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every instruction before the first FROM that is no ARG."""
    for problem in build.problems:
        if problem.rule == "DL3061":
            yield Finding(problem.span, f"{problem.message}; move it below a FROM")


RULES = (
    Rule("DL3043", "refused-trigger", Severity.ERROR, Dockerfile, check_trigger),
    Rule("DL3061", "instruction-before-from", Severity.ERROR, Dockerfile, check_order),
)
