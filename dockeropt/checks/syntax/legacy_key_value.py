"""LegacyKeyValueFormat: ENV and LABEL with a blank instead of ``=``."""

import re
from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.semantics.build import Build, Stage
from dockeropt.semantics.variables import expansion
from dockeropt.syntax.edits import Edit, insert
from dockeropt.syntax.instructions import Env, Label, Pair
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span
from dockeropt.syntax.words import quoted_words

_LONGEST = 60
_KEY = r"[A-Za-z_][\w./-]*"
_WANTS_QUOTES = frozenset(" \t'")


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every ``ENV name value`` and ``LABEL name value``."""
    for view in views_with_triggers(stage):
        if isinstance(view, Env | Label) and view.pairs and view.pairs[0].is_legacy:
            pair = view.pairs[0]
            keyword = view.instruction.keyword
            yield Finding(
                pair.span,
                f"`{keyword} name value` is the old form; write `{keyword} {_modern(pair)}`",
                _fix(pair, view.instruction.body, build.dockerfile.escape),
            )


def _fix(pair: Pair, body: LogicalText, escape: str) -> Fix | None:
    """Return the fix that writes ``=``, with quotes or escapes where the value has blanks."""
    if pair.value is None or not pair.key.is_contiguous or not re.fullmatch(_KEY, pair.key.raw):
        return None
    raw = pair.value.raw
    first, start = len(pair.key.raw), len(body.text) - len(raw)
    for before, added, after in (("", (), ""), ('"', (), '"'), ("", _open_blanks(raw, escape), "")):
        written = before + "".join(escape * (at in added) + sign for at, sign in enumerate(raw)) + after
        if not _means_the_same(pair.key.raw, written, raw, escape):
            continue
        edits = [insert(body.offset(start + at), escape) for at in added]
        if after:
            edits.append(insert(body.offset(len(body.text) - 1) + 1, after))
        gap = body.slice(Span(first, start)).pieces
        edits += [
            Edit(Span(piece.source, piece.source + piece.length), "" if number else "=")
            for number, piece in enumerate(gap)
        ]
        if before:
            last = edits.pop()
            edits.append(last._replace(replacement=last.replacement + before))
        return fix_of("write it with `=`", *edits)
    return None


def _means_the_same(key: str, written: str, raw: str, escape: str) -> bool:
    """Tell whether the written value is one word and means what the old form meant."""
    text = f"{key}={written}"
    if quoted_words(text, escape) != [Span(0, len(text))]:
        return False
    return all(
        expansion(written, lookup, escape, keeps_unset=True)
        == expansion(raw, lookup, escape, keeps_unset=True)
        for lookup in (lambda _: None, lambda name: f"<{name} '>")
    )


def _open_blanks(raw: str, escape: str) -> tuple[int, ...]:
    """Return where the blanks outside quotes stand, none where escapes make that hard to tell."""
    if escape in raw:
        return ()
    found: list[int] = []
    quote = ""
    for at, sign in enumerate(raw):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in " \t":
            found.append(at)
    return tuple(found)


def _modern(pair: Pair) -> str:
    """Return a pair in the form with ``=``."""
    if pair.value is None:
        return f"{pair.key.raw}="
    raw = " ".join(pair.value.raw.split())
    is_quoted = raw[:1] in ("'", '"') and raw.find(raw[0], 1) == len(raw) - 1
    value = raw if is_quoted or _WANTS_QUOTES.isdisjoint(raw) else '"' + raw.replace('"', '\\"') + '"'
    return f"{pair.key.raw}={value}" if len(value) <= _LONGEST else f'{pair.key.raw}="…"'


RULE = Rule(
    "LegacyKeyValueFormat", "legacy-key-value", Severity.WARNING, Stage, check, fixes=Applicability.SAFE
)
