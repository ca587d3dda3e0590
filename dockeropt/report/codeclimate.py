"""Diagnostics as Code Climate issues, each closed by a NUL as its specification asks."""

import json
from collections.abc import Iterable

from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.report.characters import well_formed
from dockeropt.report.place import place_of
from dockeropt.syntax.source import Source, Span

_SEVERITIES = {
    Severity.ERROR: "blocker",
    Severity.WARNING: "major",
    Severity.STYLE: "minor",
    Severity.INFO: "info",
    Severity.IGNORE: "info",
}


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the issues; https://github.com/codeclimate/platform/blob/master/spec/analyzers/SPEC.md."""
    return "".join(f"{json.dumps(issue_of(diagnostic))}\0" for diagnostic in diagnostics)


def issue_of(diagnostic: Diagnostic) -> dict[str, object]:
    """Return a diagnostic as an issue: hadolint's keys, and ``other_locations`` where others explain it."""
    source, finding = diagnostic.source, diagnostic.finding
    issue: dict[str, object] = {
        "type": "issue",
        "check_name": diagnostic.code,
        "description": well_formed(finding.message),
        "categories": ["Bug Risk"],
        "severity": _SEVERITIES[diagnostic.severity],
        "location": _location(source, finding.span),
    }
    if finding.related:
        issue["other_locations"] = [_location(source, related.span) for related in finding.related]
    return issue


def _location(source: Source, span: Span) -> dict[str, object]:
    """Return whole lines: readers that know hadolint's output look for ``lines``, not ``positions``."""
    place = place_of(source, span)
    return {"path": well_formed(source.path), "lines": {"begin": place.line, "end": place.end_line}}
