"""Diagnostics as a JSON list: hadolint's keys, and ours beside them."""

import json
from collections.abc import Iterable

from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.diagnostics.finding import Fix, Related
from dockeropt.report.characters import is_well_formed, well_formed
from dockeropt.report.documentation import url_of
from dockeropt.syntax.source import Source, Span


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a list of objects; lines and columns count from 1 in code points, ends are exclusive.

    Bytes that are not UTF-8 become ``\\ufffd``; a fix that would write such bytes is left out.
    """
    return json.dumps([_object(diagnostic) for diagnostic in diagnostics], indent=2) + "\n"


def _object(diagnostic: Diagnostic) -> dict[str, object]:
    source, finding = diagnostic.source, diagnostic.finding
    return {
        "file": well_formed(source.path),
        **_place(finding.span, source),
        "level": diagnostic.severity.value,
        "code": diagnostic.code,
        "slug": diagnostic.slug,
        "aliases": list(diagnostic.aliases),
        "message": well_formed(finding.message),
        "related": [_related(related, source) for related in finding.related],
        "fix": None if finding.fix is None else _fix(finding.fix, source),
        "url": url_of(diagnostic.code),
    }


def _place(span: Span, source: Source) -> dict[str, object]:
    start, end = source.position(span.start), source.position(span.end)
    return {
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }


def _related(related: Related, source: Source) -> dict[str, object]:
    return {**_place(related.span, source), "message": well_formed(related.message)}


def _fix(fix: Fix, source: Source) -> dict[str, object] | None:
    edits: list[dict[str, object]] = []
    for span, replacement in fix.edits:
        if not is_well_formed(replacement):
            return None
        edits.append({**_place(span, source), "replacement": replacement})
    return {
        "title": well_formed(fix.title),
        "applicability": fix.applicability.name.lower(),
        "edits": edits,
    }
