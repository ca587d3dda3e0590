"""NoEmptyContinuation: a blank line inside an instruction."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Dockerfile, Instruction


def check(dockerfile: Dockerfile, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the first blank line of every instruction that goes on after one."""
    for instruction in dockerfile.instructions:
        at = _blank_line(instruction, dockerfile.source.text)
        if at is not None:
            yield Finding(
                Span(at, at),
                f"the {instruction.keyword} above goes on after this blank line, and a future BuildKit will "
                "refuse that; delete the line, or end the one before it without a continuation",
            )


def _blank_line(instruction: Instruction, text: str) -> int | None:
    """Return where the first blank line of an instruction begins, its heredocs left out."""
    start, end = instruction.span
    if instruction.heredocs:
        end = instruction.heredocs[0].span.start
    at = text.find("\n", start, end) + 1
    while 0 < at < end:
        following = text.find("\n", at, end)
        stop = end if following < 0 else following
        if not text[at:stop].strip():
            return at
        at = following + 1
    return None


RULE = Rule("NoEmptyContinuation", "empty-continuation", Severity.WARNING, Dockerfile, check)
