"""Diagnostics as a JSON list: hadolint's keys, and ours beside them."""

from collections.abc import Iterable
from json.encoder import encode_basestring_ascii

from dockeropt.diagnostics.diagnostic import Diagnostic, Entry
from dockeropt.diagnostics.finding import Fix
from dockeropt.report.characters import is_well_formed, well_formed
from dockeropt.report.documentation import url_of
from dockeropt.syntax.source import Source, Span

# As ``json.dumps`` would indent them, which for thousands of files takes longer than finding the faults.
_AFTER_PATH = """\
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
    "url": {}{}
  }}"""
_RERUNS = """,
    "reruns": {{
      "commits": {},
      "reran_least": {},
      "reran_most": {},
      "needed": {}
    }}"""
_FIX = """\
{{
      "title": {},
      "applicability": {},
      "edits": {}
    }}"""
_PLACED = """\
{indent}{{
{indent}  "line": {},
{indent}  "column": {},
{indent}  "end_line": {},
{indent}  "end_column": {},
{indent}  "{name}": {}
{indent}}}"""


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a list of objects; lines and columns count from 1 in code points, ends are exclusive.

    Bytes that are not UTF-8 become ``\\ufffd``; a fix that would write such bytes is left out.
    """
    return render_entries(map(entry, diagnostics))


def render_entries(entries: Iterable[Entry]) -> str:
    """Return what ``render`` returns of the diagnostics these entries are of."""
    objects = ",\n".join([f'  {{\n    "file": {_quoted(path)},\n{text}' for _, path, text in entries])
    return f"[\n{objects}\n]\n" if objects else "[]\n"


def entry(diagnostic: Diagnostic) -> Entry:
    """Return the object of one diagnostic, but for the path, which it begins with."""
    code, slug, aliases, severity, source, finding, reruns = diagnostic
    text = _AFTER_PATH.format(
        *source.position(finding.span.start),
        *source.position(finding.span.end),
        _quoted(severity.value),
        _quoted(code),
        _quoted(slug),
        _list([f"{' ' * 6}{_quoted(alias)}" for alias in aliases], 4),
        _quoted(finding.message),
        _list([_placed(each.span, "message", each.message, source, 6) for each in finding.related], 4),
        "null" if finding.fix is None else _fix(finding.fix, source),
        _quoted(url_of(code)),
        "" if reruns is None else _RERUNS.format(*reruns),
    )
    return Entry(severity, source.path, text)


def _quoted(text: str) -> str:
    return encode_basestring_ascii(well_formed(text))


def _list(items: list[str], indent: int) -> str:
    return "[\n" + ",\n".join(items) + f"\n{' ' * indent}]" if items else "[]"


def _placed(span: Span, name: str, text: str, source: Source, indent: int) -> str:
    start, end = source.position(span.start), source.position(span.end)
    return _PLACED.format(*start, *end, _quoted(text), name=name, indent=" " * indent)


def _fix(fix: Fix, source: Source) -> str:
    if not all(is_well_formed(replacement) for _, replacement in fix.edits):
        return "null"
    edits = [_placed(span, "replacement", replacement, source, 8) for span, replacement in fix.edits]
    return _FIX.format(_quoted(fix.title), _quoted(fix.applicability.name.lower()), _list(edits, 6))
