"""Diagnostics the tests of the formats print."""

from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, Related
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.source import Source, Span

TEXT = "FROM node\nRUN echo 💥 $x && \\\n    npm ci\n"
SOURCE = Source(TEXT, "app/Dockerfile")

NAMED = Diagnostic(
    "DL0000",
    "named-wrongly",
    ("Alias",),
    Severity.WARNING,
    SOURCE,
    Finding(
        Span(5, 9),
        "`node` is wrong",
        Fix("write `deno`", (Edit(Span(5, 8), ""), Edit(Span(9, 9), "deno")), Applicability.UNSAFE),
        (Related(Span(10, 13), "it is used here"),),
    ),
)
"""one word, with a fix and a related place"""

QUOTED = Diagnostic(
    "SC2086", "shellcheck", (), Severity.STYLE, SOURCE, Finding(Span(21, 23), "quote it, at 100%")
)
"""ShellCheck's, behind a character of two UTF-16 units"""

SPREAD = Diagnostic(
    "DL1000", "spread", (), Severity.ERROR, SOURCE, Finding(Span(14, len(TEXT)), "it reaches over two lines")
)
"""over two lines and the line end"""

ALL = (NAMED, QUOTED, SPREAD)

NASTY_PATH = "we ird:,%\"<é>\udcff\x01\n]]>|`&'/Dockerfile"
NASTY_MESSAGE = (
    "a \"b\" 'c' <d> &amp; ]]> --> 100%0A, é 💥 \udcff \x00\x1b[2J \ufffe | \\| `x|y` `` @team ![i](http://x)"
    "\r\n::error::no\ttab"
)
NASTY = Diagnostic(
    "DL0000",
    "nasty",
    (),
    Severity.INFO,
    Source("FROM \udcff\x01\r\n", NASTY_PATH),
    Finding(
        Span(5, 9),
        NASTY_MESSAGE,
        Fix(NASTY_MESSAGE, (Edit(Span(5, 6), NASTY_MESSAGE),), Applicability.SAFE),
        (Related(Span(0, 4), NASTY_MESSAGE),),
    ),
)
"""all that has ever broken a report"""
