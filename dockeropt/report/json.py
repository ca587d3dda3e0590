"""Diagnostics as a JSON list: hadolint's keys, and ours beside them."""

import json
from collections.abc import Iterable

from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.diagnostics.finding import Fix
from dockeropt.report.characters import is_well_formed, well_formed
from dockeropt.report.documentation import url_of
from dockeropt.syntax.source import Source


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a list of objects; lines and columns count from 1 in code points, ends are exclusive.

    Bytes that are not UTF-8 become ``\\ufffd``; a fix that would write such bytes is left out.
    """
    return json.dumps([_object(diagnostic) for diagnostic in diagnostics], indent=2) + "\n"


def _object(diagnostic: Diagnostic) -> dict[str, object]:
    source, finding = diagnostic.source, diagnostic.finding
    start, end = source.position(finding.span.start), source.position(finding.span.end)
    return {
        "file": well_formed(source.path),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "level": diagnostic.severity.value,
        "code": diagnostic.code,
        "slug": diagnostic.slug,
        "aliases": list(diagnostic.aliases),
        "message": well_formed(finding.message),
        "fix": None if finding.fix is None else _fix(finding.fix, source),
        "url": url_of(diagnostic.code),
    }


def _fix(fix: Fix, source: Source) -> dict[str, object] | None:
    edits = []
    for span, replacement in fix.edits:
        if not is_well_formed(replacement):
            return None
        start, end = source.position(span.start), source.position(span.end)
        edits.append(
            {
                "line": start.line,
                "column": start.column,
                "end_line": end.line,
                "end_column": end.column,
                "replacement": replacement,
            }
        )
    return {
        "title": well_formed(fix.title),
        "applicability": fix.applicability.name.lower(),
        "edits": edits,
    }
