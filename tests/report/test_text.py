"""The text people read in a terminal, to the character."""

import json

from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, Related
from dockeropt.report.json import render as render_json
from dockeropt.report.text import render
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.source import Source, Span


def diagnostic(text: str, marked: str, severity: Severity = Severity.WARNING) -> Diagnostic:
    start = text.index(marked)
    finding = Finding(Span(start, start + len(marked)), f"`{marked}` is wrong")
    return Diagnostic("DL0000", "wrong-thing", ("Alias",), severity, Source(text, "app/Dockerfile"), finding)


def test_nothing_found_prints_nothing() -> None:
    assert render([]) == ""


def test_one_finding_shows_its_line_and_a_caret_per_character() -> None:
    assert render([diagnostic("FROM a\nRUN apt-get install curl\n", "curl")]) == (
        "app/Dockerfile:2:21: warning DL0000 wrong-thing: `curl` is wrong\n"
        "  2 | RUN apt-get install curl\n"
        "    |                     ^^^^\n"
        "\n"
        "1 finding (1 warning); `dockeropt rule CODE` explains one\n"
    )


def test_carets_stand_below_the_text_behind_tabs_and_wide_characters() -> None:
    lines = render([diagnostic("RUN\techo 日本 curl\n", "curl")]).splitlines()
    assert lines[1] == "  1 | RUN\techo 日本 curl"
    assert lines[2] == "    |    \t          ^^^^"


def test_a_span_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    lines = render([diagnostic("FROM a\nRUN a \\\n  && b\n", "a \\\n  && b")]).splitlines()
    assert lines[1:3] == ["  2 | RUN a \\", "    |     ^^^"]


def test_a_long_line_is_cut_around_the_finding() -> None:
    lines = render([diagnostic("RUN " + "x" * 5000 + " curl " + "y" * 5000, "curl")]).splitlines()
    assert len(lines[1]) < 180
    start = lines[2].index("^^^^")
    assert lines[1][start : start + 4] == "curl"


def test_control_characters_do_not_reach_the_terminal() -> None:
    text = render([diagnostic("RUN echo \x1b[2J\x07 \udcff curl\n", "curl")])
    assert "\x1b" not in text
    assert "\udcff" not in text


def test_colour_marks_place_level_and_caret() -> None:
    text = render([diagnostic("RUN curl\n", "curl", Severity.ERROR)], colour=True)
    assert "\x1b[1;31merror\x1b[0m DL0000" in text
    assert "\x1b[1;31m^^^^\x1b[0m" in text


def test_the_last_line_counts_what_can_be_fixed() -> None:
    plain = diagnostic("FROM a\nRUN curl\n", "curl")

    def fixed(applicability: Applicability) -> Diagnostic:
        fix = Fix("write wget", (Edit(plain.finding.span, "wget"),), applicability)
        return plain._replace(finding=plain.finding._replace(fix=fix))

    safe, unsafe, shown = (fixed(each) for each in reversed(Applicability))
    counted = "; `dockeropt rule CODE` explains one\nto be fixed: "
    assert render([safe, safe, plain]).endswith(f"{counted}2 with --fix\n")
    assert render([safe, unsafe]).endswith(f"{counted}1 with --fix, another 1 with --fix --unsafe-fixes\n")
    assert render([unsafe, shown]).endswith(f"{counted}1 with --fix --unsafe-fixes\n")
    assert render([shown]).endswith("explains one\n")


def test_related_places_and_the_fix_follow_the_excerpt() -> None:
    plain = diagnostic("FROM a\nRUN curl\n", "curl")
    fix = Fix("write wget", (Edit(plain.finding.span, "wget"),), Applicability.UNSAFE)
    full = plain._replace(
        finding=plain.finding._replace(fix=fix, related=(Related(Span(0, 4), "the stage starts here"),))
    )
    assert render([full]).splitlines()[3:5] == [
        "  app/Dockerfile:1:1: the stage starts here",
        "  unsafe fix: write wget",
    ]
    (entry,) = json.loads(render_json([full]))
    assert entry == {
        "file": "app/Dockerfile",
        "line": 2,
        "column": 5,
        "end_line": 2,
        "end_column": 9,
        "level": "warning",
        "code": "DL0000",
        "slug": "wrong-thing",
        "aliases": ["Alias"],
        "message": "`curl` is wrong",
        "related": [
            {"line": 1, "column": 1, "end_line": 1, "end_column": 5, "message": "the stage starts here"}
        ],
        "fix": {
            "title": "write wget",
            "applicability": "unsafe",
            "edits": [{"line": 2, "column": 5, "end_line": 2, "end_column": 9, "replacement": "wget"}],
        },
        "url": "https://github.com/dockeropt/dockeropt/blob/main/rules/DL0000.md",
    }


def test_counts_are_by_level_and_file() -> None:
    one, two = diagnostic("RUN curl\n", "curl"), diagnostic("RUN curl\n", "curl", Severity.ERROR)
    elsewhere = one._replace(source=Source("RUN curl\n", "Dockerfile"))
    assert render([one, two, elsewhere]).splitlines()[-1] == (
        "3 findings in 2 files (1 error, 2 warning); `dockeropt rule CODE` explains one"
    )
