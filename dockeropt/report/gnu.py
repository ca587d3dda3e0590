"""One line per diagnostic in the form the GNU coding standards give for error messages."""

from collections.abc import Iterable

from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.report.characters import printable


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return ``dockeropt:FILE:LINE:COLUMN: CODE LEVEL: MESSAGE`` lines.

    https://www.gnu.org/prep/standards/html_node/Errors.html; hadolint gives a column with parse errors only.
    """
    return "".join(map(_line, diagnostics))


def _line(diagnostic: Diagnostic) -> str:
    source, finding = diagnostic.source, diagnostic.finding
    line, column = source.position(finding.span.start)
    place = f"dockeropt:{printable(source.path)}:{line}:{column}:"
    return f"{place} {diagnostic.code} {diagnostic.severity.value}: {printable(finding.message)}\n"
