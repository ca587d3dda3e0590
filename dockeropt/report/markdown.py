"""Diagnostics as a table for a comment on a pull request."""

from collections.abc import Iterable

from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.report.characters import printable
from dockeropt.report.documentation import url_of
from dockeropt.report.text import summarize

LONGEST = 60_000
"""characters; GitHub takes comments of up to 65,536"""

_HEAD = "| Place | Level | Rule | Finding |\n|---|---|---|---|\n"
# In prose, all that could start markup; ``@`` gets a space of no width, so that nobody is called.
_IN_PROSE = str.maketrans(
    {char: f"\\{char}" for char in "\\`*_[]~#!|"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "@\u200b"}
)
# In a code element of HTML markup is read too, yet never made from references.
_IN_CODE_ELEMENT = str.maketrans({char: f"&#{ord(char)};" for char in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"})


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a count and a table, cut to what a comment can hold; one sentence when there is nothing."""
    found = tuple(diagnostics)
    if not found:
        return "dockeropt found nothing.\n"
    parts = [f"{summarize(found)}\n\n", _HEAD]
    length = sum(map(len, parts))
    for number, diagnostic in enumerate(found):
        row = _row(diagnostic)
        length += len(row)
        if length > LONGEST:
            parts.append(f"\nand {len(found) - number} more\n")
            break
        parts.append(row)
    return "".join(parts)


def _row(diagnostic: Diagnostic) -> str:
    source, finding = diagnostic.source, diagnostic.finding
    line, column = source.position(finding.span.start)
    place = _code(f"{printable(source.path)}:{line}:{column}")
    rule = f"[{diagnostic.code}]({url_of(diagnostic.code)}) {sentence(diagnostic.slug)}"
    message = sentence(finding.message)
    if finding.fix is not None:
        message += f"<br>fix: {sentence(finding.fix.title)}"
    return f"| {place} | {diagnostic.severity.value} | {rule} | {message} |\n"


def sentence(text: str) -> str:
    """Return a sentence whose parts between backquotes are code, and nothing else markup.

    What users wrote stands in it, and must not draw images or call people in the comment.
    """
    parts = printable(text.replace("\t", " ").replace("\n", " ")).split("`")
    last = len(parts) - 1
    written = []
    for number, part in enumerate(parts):
        if number % 2 == 0:
            written.append(part.translate(_IN_PROSE))
        elif number == last:
            written.append("\\`" + part.translate(_IN_PROSE))
        else:
            written.append(
                _code(
                    part,
                    alone=bool(parts[number - 1] or number == 1)
                    and bool(parts[number + 1] or number + 1 == last),
                )
            )
    return "".join(written)


def _code(text: str, alone: bool = True) -> str:
    """Return text as code; as an element where backquotes would run together with others or lose a bar."""
    if alone and text.strip() == text != "" and "|" not in text and "`" not in text:
        return f"`{text}`"
    return f"<code>{text.translate(_IN_CODE_ELEMENT)}</code>"
