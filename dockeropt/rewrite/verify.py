"""Proving a rewritten Dockerfile before anybody sees it."""

from collections.abc import Iterable

from dockeropt.config.settings import Settings
from dockeropt.errors import InternalError
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
) -> tuple[Decision, ...]:
    """Raise InternalError unless the Dockerfile parses, resolves, has no finding and reads the same twice.

    ``kept`` are texts of the old Dockerfile: what the linter finds in an instruction that holds one of them
    is the user's, and returned as a notice.
    """
    source = Source(rewritten.dockerfile, "Dockerfile")
    dockerfile = check_reading(source, context)
    notices: list[Decision] = []
    for diagnostic in lint_source(source, _OF_THE_PROJECT, context):
        at = diagnostic.finding.span.start
        instruction = next(
            (each for each in dockerfile.instructions if each.span.start <= at < each.span.end), None
        )
        if instruction is not None and any(text in dockerfile.text_of(instruction.span) for text in kept):
            choice = f"our linter finds {diagnostic.code} in what is kept of the old Dockerfile"
            notices.append(Decision("finding", choice, diagnostic.finding.message, is_notice=True))
            continue
        message = f"our own linter finds {diagnostic.code}: {diagnostic.finding.message}"
        raise _error(message, source, diagnostic.finding.span.start)
    return tuple(notices)


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
