"""DL1001: a comment that switches findings off."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.syntax.references import without_line_end
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.diagnostics.suppressions import read
from dockeropt.semantics.build import Build
from dockeropt.syntax.tree import Dockerfile


def check(dockerfile: Dockerfile, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every comment that hides findings."""
    for entry in read(dockerfile).entries:
        names = ", ".join(sorted(entry.names)).upper()
        yield Finding(
            without_line_end(entry.comment, dockerfile.source.text),
            f"this comment hides {names}; mend what it hides, or allow it in the configuration",
        )


RULE = Rule("DL1001", "inline-ignore", Severity.IGNORE, Dockerfile, check)
