"""Diagnostics as SonarQube's generic issues, with hadolint's keys and severities."""

import json
from collections.abc import Iterable

from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.report.characters import well_formed
from dockeropt.report.place import place_of
from dockeropt.syntax.source import Source, Span

_SEVERITIES = {
    Severity.ERROR: "CRITICAL",
    Severity.WARNING: "MAJOR",
    Severity.INFO: "MINOR",
    Severity.STYLE: "INFO",
    Severity.IGNORE: "INFO",
}
_UNREADABLE = "DL1000"


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return an object whose ``issues`` are the diagnostics."""
    return json.dumps({"issues": [_issue(diagnostic) for diagnostic in diagnostics]}, indent=2) + "\n"


def _issue(diagnostic: Diagnostic) -> dict[str, object]:
    source, finding = diagnostic.source, diagnostic.finding
    severity = "BLOCKER" if diagnostic.code == _UNREADABLE else _SEVERITIES[diagnostic.severity]
    issue: dict[str, object] = {
        "engineId": "dockeropt",
        "ruleId": diagnostic.code,
        "severity": severity,
        "type": "BUG" if diagnostic.severity is Severity.ERROR else "CODE_SMELL",
        "primaryLocation": _location(source, finding.span, finding.message),
    }
    if finding.related:
        issue["secondaryLocations"] = [
            _location(source, related.span, related.message) for related in finding.related
        ]
    return issue


def _location(source: Source, span: Span, message: str) -> dict[str, object]:
    return {
        "message": well_formed(message),
        "filePath": well_formed(source.path),
        "textRange": _text_range(source, span),
    }


def _text_range(source: Source, span: Span) -> dict[str, int]:
    """Return lines from 1 and columns from 0 in UTF-16 units, as SonarQube counts them.

    It refuses a whole report for one empty range, so an empty one is given as its line.
    """
    place = place_of(source, span)
    lines = {"startLine": place.line, "endLine": place.end_line}
    start = _offset(source, place.line, place.column)
    end = _offset(source, place.end_line, place.end_column)
    if (place.line, start) == (place.end_line, end):
        return lines
    return {**lines, "startColumn": start, "endColumn": end}


def _offset(source: Source, line: int, column: int) -> int:
    before = source.line(line)[: column - 1]
    if line == 1:
        before = before.removeprefix("\ufeff")  # SonarQube drops the byte order mark when it reads
    return len(before) + sum(char > "\uffff" for char in before)
