"""Diagnostics for Codacy, one JSON object a line."""

import json
from collections.abc import Iterable

from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.report.characters import well_formed


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return hadolint's four keys for each diagnostic: ``filename``, ``line``, ``message``, ``patternId``."""
    return "".join(f"{json.dumps(_result(diagnostic))}\n" for diagnostic in diagnostics)


def _result(diagnostic: Diagnostic) -> dict[str, object]:
    source, finding = diagnostic.source, diagnostic.finding
    return {
        "filename": well_formed(source.path),
        "line": source.position(finding.span.start).line,
        "message": well_formed(finding.message),
        "patternId": diagnostic.code,
    }
