"""The names and values of ARG, ENV and LABEL."""

from dockeropt.syntax.characters import BLANK
from dockeropt.syntax.instructions import Pair
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span
from dockeropt.syntax.words import quoted_words, remembered, word_at


@remembered
def declared_pairs(body: LogicalText, escape: str) -> tuple[Pair, ...]:
    """Return what ARG declares: ``name`` or ``name=value``, any number of them."""
    return tuple([_pair(body, span, escape) for span in quoted_words(body.text, escape)])


@remembered
def assigned_pairs(body: LogicalText, escape: str) -> tuple[Pair, ...]:
    """Return what ENV and LABEL assign: ``name=value``, any number of them, or one ``name value``."""
    text = body.text
    words = quoted_words(text, escape)
    if not words or "=" in text[words[0].start : words[0].end]:
        return tuple([_pair(body, span, escape) for span in words])
    # ENV name value: split at the first white space, whatever quotes say.
    end = next((at for at, character in enumerate(text) if character in BLANK), len(text))
    start = len(text) - len(text[end:].lstrip(BLANK))
    key = word_at(body, 0, end, escape)
    value = word_at(body, start, len(text), escape) if start < len(text) else None
    return (Pair(body.to_source(Span(0, len(text))), key, value, True),)


def _pair(body: LogicalText, span: Span, escape: str) -> Pair:
    start, end = span
    equals = body.text.find("=", start, end)
    if equals < 0:
        return Pair(body.to_source(span), word_at(body, start, end, escape), None, False)
    key = word_at(body, start, equals, escape)
    return Pair(body.to_source(span), key, word_at(body, equals + 1, end, escape), False)
