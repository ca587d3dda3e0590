"""Which fixes of a round may be made together: no two that change the same place."""

from bisect import bisect_left
from collections.abc import Iterable

from dockeropt.diagnostics.finding import Fix
from dockeropt.syntax.source import Span


class Taken:
    """What the fixes of a round change and what they claim, and what nobody may change."""

    def __init__(self, refused: Iterable[Span]) -> None:
        self._changed = _Stretches()
        self._claimed = _Stretches(refused)

    def take(self, fix: Fix) -> bool:
        """Take what a fix changes and claims, unless another one has it; tell which."""
        if any(self._changed.meet(edit.span) or self._claimed.meet(edit.span) for edit in fix.edits):
            return False
        if any(self._changed.meet(span) for span in fix.claims):
            return False
        for edit in fix.edits:
            self._changed.add(edit.span)
        for span in fix.claims:
            self._claimed.add(span)
        return True


class _Stretches:
    """Stretches of a text, those that meet as one, in order."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._spans: list[Span] = []
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        spans = self._spans
        at = low = bisect_left(spans, span)
        while low and _overlaps(spans[low - 1], span):
            low -= 1
        while at < len(spans) and _overlaps(spans[at], span):
            at += 1
        met = (*spans[low:at], span)
        spans[low:at] = [Span(min(each.start for each in met), max(each.end for each in met))]

    def meet(self, span: Span) -> bool:
        """Tell whether one of them shares a place with a stretch."""
        at = bisect_left(self._spans, span)
        return any(_overlaps(span, other) for other in self._spans[max(0, at - 1) : at + 1])


def _overlaps(one: Span, other: Span) -> bool:
    """Tell whether two stretches share a character, or one is a place at the edge of the other."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end
