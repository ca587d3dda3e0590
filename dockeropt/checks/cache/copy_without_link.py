"""DO1009: a COPY whose layer is made anew with every change above it, though it could stand on its own."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding
from dockeropt.semantics.build import Build


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each COPY behind the last RUN of the image that may be linked."""
    # what looks at folders is loaded only where the rule is on
    from dockeropt.checks.cache.linked_copies import findings

    yield from findings(build)


RULE = Rule("DO1009", "copy-without-link", Severity.IGNORE, Build, check, fixes=Applicability.SAFE)
