"""Diagnostics as plain lists, as they are kept in a file and sent from process to process."""

from collections.abc import Iterable
from typing import Any

from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, Related
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.source import Source, Span

Packed = list[Any]
"""what JSON can hold; each diagnostic is a list of its fields without the source"""

_SEVERITIES = {severity.value: severity for severity in Severity}


def pack(diagnostics: Iterable[Diagnostic]) -> Packed:
    """Return diagnostics as lists; a record is a tuple, and JSON writes that as a list by itself."""
    return [
        (code, slug, aliases, severity.value, finding)
        for code, slug, aliases, severity, _, finding in diagnostics
    ]


def unpack(packed: Packed, source: Source) -> tuple[Diagnostic, ...]:
    """Return the diagnostics again; raises ValueError, TypeError or KeyError for what ``pack`` never made."""
    return tuple(
        [
            Diagnostic(code, slug, tuple(aliases), _SEVERITIES[severity], source, _finding(*finding))
            for code, slug, aliases, severity, finding in packed
        ]
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
        Applicability(applicability),
        tuple([Span(*span) for span in claims]),
    )
