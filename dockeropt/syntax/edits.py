"""Changes to a text as a set of span replacements."""

from collections.abc import Iterable

from dockeropt.records import NamedTuple
from dockeropt.syntax.source import Span


class Edit(NamedTuple):
    """Replace a span of the source by a text; an empty span inserts."""

    span: Span
    replacement: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits made; equal edits count once.

    Raises ValueError when two edits overlap or one lies outside the text.
    """
    parts: list[str] = []
    at = 0
    for span, replacement in sorted(set(edits)):
        if span.start < at or span.end < span.start or span.end > len(text):
            raise ValueError(f"edit {span.start}:{span.end} overlaps another or leaves the text")
        parts.append(text[at : span.start])
        parts.append(replacement)
        at = span.end
    parts.append(text[at:])
    return "".join(parts)
