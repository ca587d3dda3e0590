"""Diagnostics for people: place, sentence, the source line with a caret."""

from collections import Counter
from collections.abc import Iterable, Iterator

from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.diagnostics.finding import Applicability
from dockeropt.report.characters import printable
from dockeropt.syntax.source import Source, Span

_COLOURS = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.INFO: "\x1b[1;36m",
    Severity.STYLE: "\x1b[1;35m",
    Severity.IGNORE: "\x1b[2m",
}
_FIXES = {
    Applicability.SAFE: "fix",
    Applicability.UNSAFE: "unsafe fix",
    Applicability.DISPLAY: "possible fix",
}
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_WIDEST = 160


def render(diagnostics: Iterable[Diagnostic], colour: bool = False) -> str:
    """Return one block per diagnostic and a closing count; the empty string when there is none."""
    found = tuple(diagnostics)
    if not found:
        return ""
    blocks = ["\n".join(_block(diagnostic, colour)) for diagnostic in found]
    closing = f"{summarize(found)}; `dockeropt rule CODE` explains one{_fixable(found)}"
    return "\n\n".join([*blocks, closing]) + "\n"


def summarize(found: tuple[Diagnostic, ...]) -> str:
    """Return how many findings there are, of which severities and in how many files."""
    counts = Counter(diagnostic.severity for diagnostic in found)
    parts = [f"{counts[level]} {level.value}" for level in Severity if counts[level]]
    files = len({diagnostic.source.path for diagnostic in found})
    noun = "finding" if len(found) == 1 else "findings"
    where = f" in {files} files" if files > 1 else ""
    return f"{len(found)} {noun}{where} ({', '.join(parts)})"


def _fixable(found: tuple[Diagnostic, ...]) -> str:
    """Return how many findings have a fix to apply, as a second closing line; empty where none has."""
    fixes = [each.finding.fix for each in found if each.finding.fix is not None]
    safe = sum(fix.applicability is Applicability.SAFE for fix in fixes)
    unsafe = sum(fix.applicability is Applicability.UNSAFE for fix in fixes)
    if not safe and not unsafe:
        return ""
    more = f"{'another ' if safe else ''}{unsafe} with --fix --unsafe-fixes" if unsafe else ""
    return "\nto be fixed: " + ", ".join(filter(None, (f"{safe} with --fix" if safe else "", more)))


def _block(diagnostic: Diagnostic, colour: bool) -> Iterator[str]:
    source, finding = diagnostic.source, diagnostic.finding
    line, column = source.position(finding.span.start)
    level = diagnostic.severity.value
    place = f"{printable(source.path)}:{line}:{column}:"
    if colour:
        place = f"{_BOLD}{place}{_PLAIN}"
        level = f"{_COLOURS[diagnostic.severity]}{level}{_PLAIN}"
    yield f"{place} {level} {diagnostic.code} {diagnostic.slug}: {printable(finding.message)}"
    yield from _excerpt(source, finding.span, _COLOURS[diagnostic.severity] if colour else "")
    for related in finding.related:
        at = source.position(related.span.start)
        yield f"  {printable(source.path)}:{at.line}:{at.column}: {printable(related.message)}"
    if finding.fix is not None:
        kind = _FIXES[finding.fix.applicability]
        yield f"  {kind}: {printable(finding.fix.title)}"


def _excerpt(source: Source, span: Span, colour: str) -> Iterator[str]:
    """Yield the line a span starts in, and carets below as far as the span reaches in it."""
    number, column = source.position(span.start)
    line = source.line(number)
    length = max(1, min(span.end - span.start, len(line) - column + 1))
    if len(line) > _WIDEST:
        start = max(0, min(column - 1 - _WIDEST // 4, len(line) - _WIDEST))
        line = line[start : start + _WIDEST]
        column -= start
        length = min(length, _WIDEST - column + 1)
    before, marked = line[: column - 1], line[column - 1 : column - 1 + length]
    indent = "".join("\t" if char == "\t" else " " * _width(char) for char in before)
    carets = "^" * max(1, sum(_width(char) for char in marked))
    margin = " " * len(str(number))
    if colour:
        carets = f"{colour}{carets}{_PLAIN}"
    yield f"  {number} | {printable(line)}"
    yield f"  {margin} | {indent}{carets}"


def _width(char: str) -> int:
    if char < "\u1100":
        return 1
    from unicodedata import east_asian_width

    return 2 if east_asian_width(char) in "WF" else 1
