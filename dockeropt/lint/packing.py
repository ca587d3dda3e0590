"""Diagnostics as plain tuples, as they are kept in a file and sent from process to process."""

from collections.abc import Iterable
from typing import Any

from dockeropt.diagnostics.diagnostic import Diagnostic, Entry, Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, Related
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.source import Source, Span

Packed = tuple[Any, ...]
"""tuples, texts and numbers only; each diagnostic is the tuple of its fields without the source"""

_SEVERITIES = {severity.value: severity for severity in Severity}
_APPLICABILITIES = {int(each): each for each in Applicability}


def pack(diagnostics: Iterable[Diagnostic]) -> Packed:
    """Return diagnostics as tuples that nothing but Python itself is needed for."""
    return tuple(
        [
            (code, slug, aliases, severity.value, _plain(finding))
            for code, slug, aliases, severity, _, finding, _ in diagnostics
        ]
    )


def unpack(packed: Packed, source: Source) -> tuple[Diagnostic, ...]:
    """Return the diagnostics again; raises ValueError, TypeError or KeyError for what ``pack`` never made."""
    return tuple(
        [
            Diagnostic(code, slug, aliases, _SEVERITIES[severity], source, _finding(*finding))
            for code, slug, aliases, severity, finding in packed
        ]
    )


def pack_entries(entries: Iterable[Entry]) -> Packed:
    """Return the entries of one file as tuples, without its path."""
    return tuple([(severity.value, text) for severity, _, text in entries])


def unpack_entries(packed: Packed, path: str) -> tuple[Entry, ...]:
    """Return the entries again; raises what ``unpack`` raises."""
    return tuple([Entry(_SEVERITIES[severity], path, text) for severity, text in packed])


def _plain(finding: Finding) -> Packed:
    span, message, fix, related = finding
    return (
        (*span,),
        message,
        None
        if fix is None
        else (
            fix.title,
            tuple([((*at,), replacement) for at, replacement in fix.edits]),
            int(fix.applicability),
            tuple([(*at,) for at in fix.claims]),
        ),
        tuple([((*at,), text) for at, text in related]),
    )


def _finding(span: Packed, message: str, fix: Packed | None, related: Packed) -> Finding:
    return Finding(
        Span(*span),
        message,
        None if fix is None else _fix(*fix),
        tuple([Related(Span(*at), text) for at, text in related]),
    )


def _fix(title: str, edits: Packed, applicability: int, claims: Packed) -> Fix:
    return Fix(
        title,
        tuple([Edit(Span(*span), replacement) for span, replacement in edits]),
        _APPLICABILITIES[applicability],
        tuple([Span(*span) for span in claims]),
    )
