"""FromAsCasing, ConsistentInstructionCasing: keywords in another case than their neighbours."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, fix_of
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import replace_keyword, replace_word
from dockeropt.syntax.instructions import From, Unknown, View
from dockeropt.syntax.tree import Dockerfile, Instruction
from dockeropt.syntax.words import blank_separated


def check_as(start: From, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for an AS that is not in the case of its FROM."""
    if start.name is None:
        return
    spelling = build.dockerfile.text_of(start.instruction.keyword_span)
    word = blank_separated(start.instruction.body, build.dockerfile.escape)[1]
    wanted = "as" if spelling.islower() else "AS" if spelling.isupper() else word.raw
    if word.raw != wanted:
        yield Finding(
            word.span,
            f"`{word.raw}` is not in the case of `{spelling}`; write `{wanted}`",
            fix_of(f"write `{wanted}`", replace_word(word, wanted)),
        )


def check_keywords(dockerfile: Dockerfile, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every keyword that is not in the case that most of them are in."""
    spellings = [(dockerfile.text_of(each.keyword_span), each) for each in _instructions(build)]
    lower = sum([text.islower() for text, _ in spellings])
    upper = sum([text.isupper() for text, _ in spellings])
    if upper == len(spellings):
        return
    is_lower = lower > upper
    for text, instruction in spellings:
        wanted = text.lower() if is_lower else text.upper()
        if text != wanted:
            kind = "lower" if is_lower else "upper"
            yield Finding(
                instruction.keyword_span,
                f"`{text}` is not in {kind} case, as most keywords here are; write `{wanted}`",
                fix_of(f"write `{wanted}`", replace_keyword(instruction, wanted)),
            )


def _instructions(build: Build) -> Iterator[Instruction]:
    for stage in build.stages:
        views: tuple[View, ...] = (stage.start, *stage.views)
        for view in views:
            if not isinstance(view, Unknown):
                yield view.instruction


RULES = (
    Rule("FromAsCasing", "as-in-other-case", Severity.WARNING, From, check_as, fixes=Applicability.SAFE),
    Rule(
        "ConsistentInstructionCasing",
        "keyword-in-other-case",
        Severity.WARNING,
        Dockerfile,
        check_keywords,
        fixes=Applicability.SAFE,
    ),
)
