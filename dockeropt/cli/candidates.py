"""Which Dockerfiles ``measure`` and ``predict`` compare."""

import os

from dockeropt.errors import UsageError
from dockeropt.files import read_source, read_text
from dockeropt.measure.model import Candidate
from dockeropt.records import NamedTuple


class Choice(NamedTuple):
    """The Dockerfiles to compare, the one to start from first, and what to tell beside the result."""

    candidates: list[Candidate]
    note: str = ""


def choose_candidates(
    context: str, before: str | None, after: tuple[str, ...], adds_rewritten: bool = False
) -> Choice:
    """Return the Dockerfile to start from and those to compare it with.

    The one that ``rewrite`` writes comes last when asked for, and when no other is named; where it cannot
    write one the first stands alone, and the note says why. Raises UsageError when a file cannot be read.
    """
    first = before or _dockerfile_in(context)
    found = [_read(context, file) for file in (first, *after)]
    if adds_rewritten or not after:
        try:
            found.append(rewritten(context, first))
        except UsageError as error:
            if adds_rewritten:
                raise
            return Choice(found, f"nothing to compare with: {error.message}; name a Dockerfile with --after")
    if len(found) == 2:
        found = [found[0]._replace(name="before"), found[1]._replace(name="after")]
    return Choice(found)


def _read(context: str, file: str) -> Candidate:
    text = read_source(file).text
    # FILE.dockerignore beside the Dockerfile goes before the context's own (Docker reference, build context).
    ignore = read_text(f"{file}.dockerignore")
    if ignore is None:
        ignore = read_text(os.path.join(context, ".dockerignore"))
    return Candidate(os.path.basename(file), text, ignore, file)


def rewritten(context: str, old: str) -> Candidate:
    """Return what ``rewrite`` makes of a Dockerfile; raises UsageError where it cannot."""
    from dockeropt.rewrite.options import Options
    from dockeropt.rewrite.rewriter import rewrite

    made = rewrite(context, old, Options()).rewritten
    return Candidate("rewritten", made.dockerfile, made.ignore, "the rewritten Dockerfile")


def _dockerfile_in(context: str) -> str:
    if not os.path.isdir(context):
        raise UsageError(
            f"{context} is no folder", "give the build context, or the Dockerfile with --before FILE"
        )
    for name in ("Dockerfile", "dockerfile"):
        path = os.path.join(context, name)
        if os.path.isfile(path):
            return path
    raise UsageError(f"there is no Dockerfile in {context}", "name it with --before FILE")
