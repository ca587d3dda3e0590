"""Diagnostics as workflow commands, which GitHub shows as annotations on the changed lines."""

from collections.abc import Iterable

from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.report.characters import printable
from dockeropt.report.place import place_of

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
    Severity.STYLE: "notice",
    Severity.IGNORE: "notice",
}
# The runner takes the escapes back in this form: actions/toolkit, packages/core/src/command.ts.
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a line per diagnostic; ``endColumn`` is that of the last character."""
    return "".join(map(_command, diagnostics))


def _command(diagnostic: Diagnostic) -> str:
    source, finding = diagnostic.source, diagnostic.finding
    place = place_of(source, finding.span)
    properties: list[tuple[str, str | int]] = [("file", source.path), ("line", place.line)]
    # The runner drops columns that are not both in one line.
    if place.line == place.end_line:
        properties.append(("col", place.column))
    properties.append(("endLine", place.end_line))
    if place.line == place.end_line:
        properties.append(("endColumn", max(place.column, place.end_column - 1)))
    properties.append(("title", f"{diagnostic.code} {diagnostic.slug}"))
    written = ",".join(f"{key}={_escape(str(value), _IN_PROPERTY)}" for key, value in properties)
    message = finding.message if finding.fix is None else f"{finding.message}\nfix: {finding.fix.title}"
    return f"::{_COMMANDS[diagnostic.severity]} {written}::{_escape(message, _IN_MESSAGE)}\n"


def _escape(text: str, escapes: dict[int, str]) -> str:
    return printable(text.translate(escapes))
