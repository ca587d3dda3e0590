"""Diagnostics as Checkstyle's XML, with hadolint's attributes."""

from collections.abc import Iterable

from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.report.grouping import by_path
from dockeropt.report.markup import DECLARATION, element, nested


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a ``file`` per path that has findings, with an ``error`` for each; ``source`` is the code."""
    files = [
        element("file", (("name", path),), nested(map(_error, found)))
        for path, found in by_path(diagnostics).items()
    ]
    return DECLARATION + element("checkstyle", (("version", "4.3"),), nested(files)) + "\n"


def _error(diagnostic: Diagnostic) -> str:
    source, finding = diagnostic.source, diagnostic.finding
    line, column = source.position(finding.span.start)
    attributes = (
        ("line", line),
        ("column", column),
        ("severity", diagnostic.severity.value),
        ("message", finding.message),
        ("source", diagnostic.code),
    )
    return element("error", attributes)
