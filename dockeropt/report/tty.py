"""One line per diagnostic, to the character as hadolint's ``tty``."""

from collections.abc import Iterable

from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.report.characters import printable

_COLOURS = {
    Severity.ERROR: "\x1b[1m\x1b[91m",
    Severity.WARNING: "\x1b[1m\x1b[93m",
    Severity.INFO: "\x1b[92m",
    Severity.STYLE: "\x1b[96m",
    Severity.IGNORE: "\x1b[2m",
}
_PLAIN = "\x1b[0m"


def render(diagnostics: Iterable[Diagnostic], colour: bool = False) -> str:
    """Return ``FILE:LINE CODE LEVEL: MESSAGE`` lines; no column, for readers of hadolint's expect none."""
    return "".join(_line(diagnostic, colour) for diagnostic in diagnostics)


def _line(diagnostic: Diagnostic, colour: bool) -> str:
    source, finding = diagnostic.source, diagnostic.finding
    level = diagnostic.severity.value
    if colour:
        level = f"{_COLOURS[diagnostic.severity]}{level}{_PLAIN}"
    line = source.position(finding.span.start).line
    return f"{printable(source.path)}:{line} {diagnostic.code} {level}: {printable(finding.message)}\n"
