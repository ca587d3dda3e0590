"""Proving a rewritten Dockerfile before anybody sees it."""

from collections.abc import Iterable

from dockeropt.config.settings import Settings
from dockeropt.errors import InternalError
from dockeropt.lint.fixer import Fixed, fix_source
from dockeropt.lint.linter import lint_source
from dockeropt.lint.second_reader import disagreement
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.render import Rewritten
from dockeropt.semantics.context import Context
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source
from dockeropt.syntax.tree import Dockerfile

_OF_THE_PROJECT = Settings(ignore=frozenset(("do1007", "do5002")))
"""what is no matter of the Dockerfile: a lock file that there is not, and files that the plan of the
.dockerignore lets in because the project's own text names them"""
_HINT = "please report it with the project's package.json, lock file name and old Dockerfile"


def verify(
    rewritten: Rewritten, context: Context | None = None, kept: Iterable[str] = ()
) -> tuple[str, tuple[Decision, ...]]:
    """Return the Dockerfile with the safe fixes of what is kept, and what was fixed or has no safe fix.

    Raises InternalError unless it parses, resolves, has no finding and reads the same twice. ``kept`` are
    texts of the old Dockerfile: what the linter finds in an instruction that holds one of them is the user's.
    """
    source = Source(rewritten.dockerfile, "Dockerfile")
    dockerfile = check_reading(source, context)
    found = lint_source(source, _OF_THE_PROJECT, context)
    for diagnostic in found:
        at = diagnostic.finding.span.start
        instruction = next(
            (each for each in dockerfile.instructions if each.span.start <= at < each.span.end), None
        )
        is_kept = instruction is not None and any(
            text in dockerfile.text_of(instruction.span) for text in kept
        )
        if not is_kept:
            message = f"our own linter finds {diagnostic.code}: {diagnostic.finding.message}"
            raise _error(message, source, at)
    fixed = fix_source(source, _OF_THE_PROJECT, context)
    known = {each.code for each in found}
    decisions = list(fix_decisions(fixed))
    for diagnostic in fixed.remaining:
        if diagnostic.code not in known:
            message = f"a fix of what is kept leads to {diagnostic.code}: {diagnostic.finding.message}"
            raise _error(message, fixed.source, diagnostic.finding.span.start)
        choice = f"our linter finds {diagnostic.code} in what is kept of the old Dockerfile"
        decisions.append(Decision("finding", choice, diagnostic.finding.message, is_notice=True))
    if fixed.fixed:
        check_reading(fixed.source, context)
    return fixed.source.text, tuple(decisions)


def fix_decisions(fixed: Fixed) -> tuple[Decision, ...]:
    """Return what was fixed, each with its reason."""
    return tuple(
        Decision("fix", f"{each.code}: {each.finding.fix.title}", each.finding.message)
        for each in fixed.fixed
        if each.finding.fix is not None
    )


def check_reading(source: Source, context: Context | None = None) -> Dockerfile:
    """Return the Dockerfile of a text; raise InternalError unless it resolves and reads the same twice."""
    dockerfile = parse(source)
    for problem in (*dockerfile.problems, *resolve(dockerfile, {}, context).problems):
        raise _error(f"BuildKit would refuse it: {problem.message}", source, problem.span.start)
    difference = disagreement(source.text)
    if difference is not None:
        raise InternalError(f"the rewritten Dockerfile is read in two ways: {difference}", _HINT)
    return dockerfile


def _error(message: str, source: Source, offset: int) -> InternalError:
    position = source.position(offset)
    line = source.line(position.line)
    return InternalError(
        f"the rewritten Dockerfile is wrong: {message} (line {position.line}: {line})", _HINT
    )
