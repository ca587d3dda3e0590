"""Diagnostics as a JSON list: hadolint's keys, and ours beside them."""

import json
from collections.abc import Iterable
from json.encoder import encode_basestring_ascii

from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.diagnostics.finding import Fix, Related
from dockeropt.report.characters import is_well_formed, well_formed
from dockeropt.report.documentation import url_of
from dockeropt.syntax.source import Source, Span

_OBJECT = """\
  {{
    "file": {},
    "line": {},
    "column": {},
    "end_line": {},
    "end_column": {},
    "level": {},
    "code": {},
    "slug": {},
    "aliases": {},
    "message": {},
    "related": {},
    "fix": {},
    "url": {}
  }}"""
"""as ``json.dumps`` would indent it, which for thousands of files takes longer than finding the faults"""


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a list of objects; lines and columns count from 1 in code points, ends are exclusive.

    Bytes that are not UTF-8 become ``\\ufffd``; a fix that would write such bytes is left out.
    """
    objects = ",\n".join([_object(diagnostic) for diagnostic in diagnostics])
    return f"[\n{objects}\n]\n" if objects else "[]\n"


def _object(diagnostic: Diagnostic) -> str:
    code, slug, aliases, severity, source, finding = diagnostic
    return _OBJECT.format(
        _quoted(source.path),
        *source.position(finding.span.start),
        *source.position(finding.span.end),
        _quoted(severity.value),
        _quoted(code),
        _quoted(slug),
        _indented(list(aliases)),
        _quoted(finding.message),
        _indented([_related(related, source) for related in finding.related]),
        "null" if finding.fix is None else _indented(_fix(finding.fix, source)),
        _quoted(url_of(code)),
    )


def _quoted(text: str) -> str:
    return encode_basestring_ascii(well_formed(text))


def _indented(value: object) -> str:
    return json.dumps(value, indent=2).replace("\n", "\n    ") if value else "null" if value is None else "[]"


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
