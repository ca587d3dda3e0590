"""The formats of one line per diagnostic, to the character."""

import json
import re

import pytest

from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.report import codacy, github, gnu, tty
from dockeropt.syntax.source import Source, Span
from tests.report.samples import ALL, NAMED, NASTY, NASTY_MESSAGE, NASTY_PATH, QUOTED


def test_tty_is_what_hadolint_prints() -> None:
    assert tty.render(ALL) == (
        "app/Dockerfile:1 DL0000 warning: `node` is wrong\n"
        "app/Dockerfile:2 SC2086 style: quote it, at 100%\n"
        "app/Dockerfile:2 DL1000 error: it reaches over two lines\n"
    )


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.ERROR, "\x1b[1m\x1b[91merror\x1b[0m"),
        (Severity.WARNING, "\x1b[1m\x1b[93mwarning\x1b[0m"),
        (Severity.INFO, "\x1b[92minfo\x1b[0m"),
        (Severity.STYLE, "\x1b[96mstyle\x1b[0m"),
    ],
)
def test_tty_has_the_colours_of_hadolint(severity: Severity, level: str) -> None:
    line = tty.render([NAMED._replace(severity=severity)], colour=True)
    assert f"app/Dockerfile:1 DL0000 {level}: `node` is wrong\n" == line


def test_gnu_names_program_file_line_and_column() -> None:
    assert gnu.render(ALL) == (
        "dockeropt:app/Dockerfile:1:6: DL0000 warning: `node` is wrong\n"
        "dockeropt:app/Dockerfile:2:12: SC2086 style: quote it, at 100%\n"
        "dockeropt:app/Dockerfile:2:5: DL1000 error: it reaches over two lines\n"
    )


def test_codacy_has_the_keys_of_hadolint() -> None:
    assert codacy.render([NAMED, QUOTED]) == (
        '{"filename": "app/Dockerfile", "line": 1, "message": "`node` is wrong", "patternId": "DL0000"}\n'
        '{"filename": "app/Dockerfile", "line": 2, "message": "quote it, at 100%", "patternId": "SC2086"}\n'
    )


def test_codacy_keeps_nasty_text() -> None:
    assert {
        "filename": NASTY_PATH.replace("\udcff", "\ufffd"),
        "line": 1,
        "message": NASTY_MESSAGE.replace("\udcff", "\ufffd"),
        "patternId": "DL0000",
    } == json.loads(codacy.render([NASTY]))


def test_github_gives_columns_only_within_a_line() -> None:
    assert github.render(ALL) == (
        "::warning file=app/Dockerfile,line=1,col=6,endLine=1,endColumn=9,title=DL0000 named-wrongly"
        "::`node` is wrong%0Afix: write `deno`\n"
        "::notice file=app/Dockerfile,line=2,col=12,endLine=2,endColumn=13,title=SC2086 shellcheck"
        "::quote it, at 100%25\n"
        "::error file=app/Dockerfile,line=2,endLine=3,title=DL1000 spread::it reaches over two lines\n"
    )


def test_github_runs_no_command_out_of_a_message_or_path() -> None:
    (line,) = github.render([NASTY]).splitlines()
    match = re.fullmatch(r"::notice ([^:]*)::(.*)", line)
    assert match is not None
    properties = dict(entry.split("=", 1) for entry in match[1].split(","))
    assert list(properties) == ["file", "line", "col", "endLine", "endColumn", "title"]
    assert NASTY_PATH.replace("\udcff\x01", "\ufffd\ufffd") == _unescape(properties["file"])
    assert "100%0A, é 💥" in _unescape(match[2])
    assert "\r\n::error::no" in _unescape(match[2])


def _unescape(text: str) -> str:
    """Return what GitHub's runner makes of an escaped text, the per cent sign last."""
    for escape, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, char)
    return text


def test_github_marks_an_empty_span_as_one_column() -> None:
    empty = NAMED._replace(
        source=Source("", "Dockerfile"), finding=NAMED.finding._replace(span=Span(0, 0), fix=None, related=())
    )
    assert github.render([empty]) == (
        "::warning file=Dockerfile,line=1,col=1,endLine=1,endColumn=1,title=DL0000 named-wrongly"
        "::`node` is wrong\n"
    )
