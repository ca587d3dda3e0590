"""What a check yields: a place, a sentence, and perhaps a fix."""

from enum import IntEnum

from dockeropt.records import NamedTuple
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.source import Span


class Applicability(IntEnum):
    """How far a fix may be trusted."""

    DISPLAY = 1
    """shown only: it needs a decision or a value that only a person has"""
    UNSAFE = 2
    """applied on request: the build still works, yet what it does may change"""
    SAFE = 3
    """applied by --fix: the image is the same but for what the rule's page names"""


class Fix(NamedTuple):
    """A titled set of edits that removes the finding."""

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability
    claims: tuple[Span, ...] = ()
    """stretches that no other fix may change in the same round: it would work against this one"""


class Related(NamedTuple):
    """Another place that explains a finding."""

    span: Span
    message: str


class Finding(NamedTuple):
    """A fault at a place. The message is one sentence in lower case without a full stop."""

    span: Span
    message: str
    fix: Fix | None = None
    related: tuple[Related, ...] = ()


def fix_of(title: str, *edits: Edit | None, applicability: Applicability = Applicability.SAFE) -> Fix | None:
    """Return the fix of these edits, None where one of them cannot be made."""
    made = [edit for edit in edits if edit is not None]
    return Fix(title, tuple(made), applicability) if made and len(made) == len(edits) else None
