"""NoEmptyContinuation: a blank line inside an instruction."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, fix_of
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Dockerfile, Instruction


def check(dockerfile: Dockerfile, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the first blank line of every instruction that goes on after one."""
    for instruction in dockerfile.instructions:
        lines = _blank_lines(instruction, dockerfile.source.text)
        if lines:
            at = lines[0].start
            yield Finding(
                Span(at, at),
                f"the {instruction.keyword} above goes on after this blank line, and a future BuildKit will "
                "refuse that; delete the line, or end the one before it without a continuation",
                fix_of("delete what is blank", *(Edit(line, "") for line in lines)),
            )


def _blank_lines(instruction: Instruction, text: str) -> list[Span]:
    """Return the blank lines of an instruction, its heredocs left out; neighbours are one stretch."""
    start, end = instruction.span
    if instruction.heredocs:
        end = instruction.heredocs[0].span.start
    found: list[Span] = []
    at = text.find("\n", start, end) + 1
    while 0 < at < end:
        following = text.find("\n", at, end)
        stop = end if following < 0 else following
        if not text[at:stop].strip():
            last = stop if following < 0 else stop + 1
            first = found.pop().start if found and found[-1].end == at else at
            found.append(Span(first, last))
        at = following + 1
    return found


RULE = Rule(
    "NoEmptyContinuation", "empty-continuation", Severity.WARNING, Dockerfile, check, fixes=Applicability.SAFE
)
