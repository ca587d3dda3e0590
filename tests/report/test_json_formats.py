"""Code Climate, GitLab and SonarQube: their objects in full, and read back with nasty text."""

import json

import pytest

from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.diagnostics.finding import Applicability, Fix
from dockeropt.report import codeclimate, gitlab_codeclimate, sonarqube
from dockeropt.report import json as json_format
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.source import Source, Span
from tests.report.samples import ALL, NAMED, NASTY, NASTY_MESSAGE, NASTY_PATH, QUOTED, SPREAD

PATH = NASTY_PATH.replace("\udcff", "\ufffd")
MESSAGE = NASTY_MESSAGE.replace("\udcff", "\ufffd")


def test_codeclimate_closes_every_issue_with_a_nul() -> None:
    assert codeclimate.render([QUOTED, SPREAD]) == (
        '{"type": "issue", "check_name": "SC2086", "description": "quote it, at 100%",'
        ' "categories": ["Bug Risk"], "severity": "minor",'
        ' "location": {"path": "app/Dockerfile", "lines": {"begin": 2, "end": 2}}}\0'
        '{"type": "issue", "check_name": "DL1000", "description": "it reaches over two lines",'
        ' "categories": ["Bug Risk"], "severity": "blocker",'
        ' "location": {"path": "app/Dockerfile", "lines": {"begin": 2, "end": 3}}}\0'
    )


def test_codeclimate_names_related_places() -> None:
    issue = codeclimate.issue_of(NAMED)
    assert issue["other_locations"] == [{"path": "app/Dockerfile", "lines": {"begin": 2, "end": 2}}]


@pytest.mark.parametrize(
    ("severity", "climate", "sonar", "kind"),
    [
        (Severity.ERROR, "blocker", "CRITICAL", "BUG"),
        (Severity.WARNING, "major", "MAJOR", "CODE_SMELL"),
        (Severity.INFO, "info", "MINOR", "CODE_SMELL"),
        (Severity.STYLE, "minor", "INFO", "CODE_SMELL"),
    ],
)
def test_severities_are_those_hadolint_gives(severity: Severity, climate: str, sonar: str, kind: str) -> None:
    diagnostic = NAMED._replace(severity=severity)
    (issue,) = json.loads(sonarqube.render([diagnostic]))["issues"]
    assert climate == codeclimate.issue_of(diagnostic)["severity"]
    assert (sonar, kind) == (issue["severity"], issue["type"])


def test_gitlab_adds_a_fingerprint_to_each_issue() -> None:
    issues = json.loads(gitlab_codeclimate.render(ALL))
    for diagnostic, issue in zip(ALL, issues, strict=True):
        fingerprint = issue.pop("fingerprint")
        assert len(fingerprint) == 64
        assert codeclimate.issue_of(diagnostic) == issue


def _fingerprints(*found: Diagnostic) -> list[str]:
    return [issue["fingerprint"] for issue in json.loads(gitlab_codeclimate.render(found))]


def test_a_fingerprint_stays_when_lines_move() -> None:
    span = NAMED.finding.span
    moved = NAMED._replace(
        source=Source(f"# why\n  {NAMED.source.text}", NAMED.source.path),
        finding=NAMED.finding._replace(span=Span(span.start + 8, span.end + 8), related=(), fix=None),
    )
    assert _fingerprints(NAMED) == _fingerprints(moved)


def test_equal_findings_have_fingerprints_of_their_own() -> None:
    assert len(set(_fingerprints(NAMED, NAMED, QUOTED))) == 3


def test_sonarqube_has_the_keys_of_hadolint_and_columns_in_utf_16() -> None:
    assert json.loads(sonarqube.render([QUOTED, SPREAD])) == {
        "issues": [
            {
                "engineId": "dockeropt",
                "ruleId": "SC2086",
                "severity": "INFO",
                "type": "CODE_SMELL",
                "primaryLocation": {
                    "message": "quote it, at 100%",
                    "filePath": "app/Dockerfile",
                    "textRange": {"startLine": 2, "endLine": 2, "startColumn": 12, "endColumn": 14},
                },
            },
            {
                "engineId": "dockeropt",
                "ruleId": "DL1000",
                "severity": "BLOCKER",
                "type": "BUG",
                "primaryLocation": {
                    "message": "it reaches over two lines",
                    "filePath": "app/Dockerfile",
                    "textRange": {"startLine": 2, "endLine": 3, "startColumn": 4, "endColumn": 10},
                },
            },
        ]
    }


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        pytest.param("", Span(0, 0), {"startLine": 1, "endLine": 1}, id="an empty file"),
        pytest.param("FROM a\r\n", Span(6, 8), {"startLine": 1, "endLine": 1}, id="a line end alone"),
        pytest.param(
            "\ufeffFROM a\n",
            Span(6, 7),
            {"startLine": 1, "endLine": 1, "startColumn": 5, "endColumn": 6},
            id="behind a byte order mark",
        ),
        pytest.param(
            "FROM a\r\nRUN b\r\n",
            Span(0, 15),
            {"startLine": 1, "endLine": 2, "startColumn": 0, "endColumn": 5},
            id="up to a line end of Windows",
        ),
    ],
)
def test_sonarqube_never_gets_a_range_it_refuses(text: str, span: Span, expected: dict[str, int]) -> None:
    finding = NAMED.finding._replace(span=span, fix=None, related=())
    diagnostic = NAMED._replace(source=Source(text), finding=finding)
    (issue,) = json.loads(sonarqube.render([diagnostic]))["issues"]
    assert expected == issue["primaryLocation"]["textRange"]


def test_nasty_text_is_kept() -> None:
    (entry,) = json.loads(json_format.render([NASTY]))
    assert (entry["file"], entry["message"]) == (PATH, MESSAGE)
    (issue,) = json.loads(gitlab_codeclimate.render([NASTY]))
    assert (issue["location"]["path"], issue["description"]) == (PATH, MESSAGE)
    (sonar,) = json.loads(sonarqube.render([NASTY]))["issues"]
    assert (sonar["primaryLocation"]["filePath"], sonar["primaryLocation"]["message"]) == (PATH, MESSAGE)


def test_json_leaves_a_fix_out_that_it_cannot_write() -> None:
    fix = Fix("keep the byte", (Edit(Span(5, 9), "\udcff"),), Applicability.SAFE)
    (entry,) = json.loads(json_format.render([NAMED._replace(finding=NAMED.finding._replace(fix=fix))]))
    assert entry["fix"] is None
