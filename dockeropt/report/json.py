"""Diagnostics as a JSON list: hadolint's keys, and ours beside them."""

from collections.abc import Iterable
from functools import lru_cache
from json.encoder import encode_basestring_ascii

from dockeropt.diagnostics.diagnostic import Diagnostic, Entry, Reruns
from dockeropt.diagnostics.finding import Fix
from dockeropt.report.characters import is_well_formed, well_formed
from dockeropt.report.documentation import url_of
from dockeropt.syntax.source import Source, Span

# Written by hand, as ``json.dumps`` would indent it: for thousands of files that takes longer than finding
# the faults.


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
    (start, end), message, fix, related = finding
    rule, url = _of_rule(code, slug, aliases, severity.value)
    related_list = _list(
        [_placed(each.span, "message", each.message, source, " " * 6) for each in related], 4
    )
    text = f"""\
{_range(start, end, source, "    ")},
{rule}
    "message": {_quoted(message)},
    "related": {related_list},
    "fix": {"null" if fix is None else _fix(fix, source)},
    "url": {url}{"" if reruns is None else _reruns(reruns)}
  }}"""
    return Entry(severity, source.path, text)


@lru_cache(1024)
def _of_rule(code: str, slug: str, aliases: tuple[str, ...], level: str) -> tuple[str, str]:
    """Return what is alike in all findings of a rule: the keys from level to aliases, and the address."""
    names = _list([f"{' ' * 6}{_quoted(alias)}" for alias in aliases], 4)
    rule = f"""\
    "level": {_quoted(level)},
    "code": {_quoted(code)},
    "slug": {_quoted(slug)},
    "aliases": {names},"""
    return rule, _quoted(url_of(code))


def _reruns(reruns: Reruns) -> str:
    return f""",
    "reruns": {{
      "commits": {reruns.commits},
      "reran_least": {reruns.reran_least},
      "reran_most": {reruns.reran_most},
      "needed": {reruns.needed}
    }}"""


def _quoted(text: str) -> str:
    return encode_basestring_ascii(well_formed(text))


def _list(items: list[str], indent: int) -> str:
    return "[\n" + ",\n".join(items) + f"\n{' ' * indent}]" if items else "[]"


def _range(start: int, end: int, source: Source, indent: str) -> str:
    line, column = source.position(start)
    end_line, end_column = source.position(end)
    return f"""\
{indent}"line": {line},
{indent}"column": {column},
{indent}"end_line": {end_line},
{indent}"end_column": {end_column}"""


def _placed(span: Span, name: str, text: str, source: Source, indent: str) -> str:
    inner = indent + "  "
    return f"""\
{indent}{{
{_range(*span, source, inner)},
{inner}"{name}": {_quoted(text)}
{indent}}}"""


def _fix(fix: Fix, source: Source) -> str:
    if not all(is_well_formed(replacement) for _, replacement in fix.edits):
        return "null"
    edits = [_placed(span, "replacement", replacement, source, " " * 8) for span, replacement in fix.edits]
    return f"""\
{{
      "title": {_quoted(fix.title)},
      "applicability": {_quoted(fix.applicability.name.lower())},
      "edits": {_list(edits, 6)}
    }}"""
