"""The SARIF log: its objects in full, and against the standard."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from dockeropt import __version__
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Fix
from dockeropt.report.sarif import render
from dockeropt.resources import data_folder
from dockeropt.syntax.edits import Edit, apply
from dockeropt.syntax.source import Source, Span
from tests.report.samples import ALL, NAMED, NASTY, NASTY_MESSAGE, QUOTED, SPREAD, TEXT
from tests.report.sarif_schema import faults

_PAGE = "https://github.com/dockeropt/dockeropt/blob/main/rules/DL0000.md"


def _run(*found: Any) -> Any:
    log = json.loads(render(found))
    assert list(faults(log)) == []
    return log["runs"][0]


def _region(*numbers: int) -> dict[str, object]:
    return dict(zip(("startLine", "startColumn", "endLine", "endColumn"), numbers, strict=True))


def _marked(*numbers: int, language: str = "dockerfile") -> dict[str, object]:
    return {**_region(*numbers), "sourceLanguage": language}


def test_a_log_of_one_finding() -> None:
    place = {"uri": "app/Dockerfile"}
    log = json.loads(render([NAMED]))
    fingerprints = log["runs"][0]["results"][0].pop("partialFingerprints")
    assert [len(fingerprint) for fingerprint in fingerprints.values()] == [64]
    assert log == {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "dockeropt",
                        "fullName": f"dockeropt {__version__}",
                        "shortDescription": {
                            "text": "Make Docker images small and their rebuilds fast, and prove it."
                        },
                        "informationUri": "https://github.com/dockeropt/dockeropt",
                        "downloadUri": "https://github.com/dockeropt/dockeropt",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [
                            {
                                "id": "DL0000",
                                "name": "named-wrongly",
                                "shortDescription": {"text": "named wrongly"},
                                "help": {"text": f"See {_PAGE}", "markdown": f"[DL0000]({_PAGE})"},
                                "helpUri": _PAGE,
                                "defaultConfiguration": {"level": "warning"},
                                "properties": {"tags": [], "aliases": ["Alias"]},
                            }
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "defaultSourceLanguage": "dockerfile",
                "results": [
                    {
                        "ruleId": "DL0000",
                        "ruleIndex": 0,
                        "level": "warning",
                        "message": {"text": "`node` is wrong"},
                        "locations": [
                            {"physicalLocation": {"artifactLocation": place, "region": _marked(1, 6, 1, 10)}}
                        ],
                        "relatedLocations": [
                            {
                                "id": 1,
                                "physicalLocation": {
                                    "artifactLocation": place,
                                    "region": _marked(2, 1, 2, 4),
                                },
                                "message": {"text": "it is used here"},
                            }
                        ],
                        "fixes": [
                            {
                                "description": {"text": "write `deno`"},
                                "artifactChanges": [
                                    {
                                        "artifactLocation": place,
                                        "replacements": [
                                            {"deletedRegion": _region(1, 6, 1, 9)},
                                            {
                                                "deletedRegion": _region(1, 10, 1, 10),
                                                "insertedContent": {"text": "deno"},
                                            },
                                        ],
                                    }
                                ],
                                "properties": {"applicability": "unsafe"},
                            }
                        ],
                    }
                ],
            }
        ],
    }


def test_a_rule_stands_once_and_results_point_to_it() -> None:
    run = _run(NAMED, QUOTED, NAMED, SPREAD)
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["DL0000", "SC2086", "DL1000"]
    assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 0, 2]


def test_a_region_ends_before_the_line_end() -> None:
    (result,) = _run(SPREAD)["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == _marked(2, 5, 3, 11)


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.ERROR, "error"),
        (Severity.WARNING, "warning"),
        (Severity.INFO, "note"),
        (Severity.STYLE, "note"),
    ],
)
def test_levels_are_those_hadolint_gives(severity: Severity, level: str) -> None:
    (result,) = _run(NAMED._replace(severity=severity))["results"]
    assert result["level"] == level


def test_nothing_found_is_a_run_without_results() -> None:
    run = _run()
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_nasty_text_is_kept() -> None:
    (result,) = _run(NASTY)["results"]
    assert result["message"]["text"] == NASTY_MESSAGE.replace("\udcff", "\ufffd")


def test_what_shellcheck_finds_is_in_a_shell_script() -> None:
    (result,) = _run(QUOTED)["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == _marked(2, 12, 2, 14, language="sh")


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        pytest.param("a b/Dockerfile", "a%20b/Dockerfile", id="a space"),
        pytest.param("c:d", "c%3Ad", id="a colon that would make a scheme"),
        pytest.param("é", "%C3%A9", id="a letter that is not ASCII"),
        pytest.param("bad\udcff", "bad%FF", id="a byte that is not UTF-8"),
        pytest.param("half\ud83d", "half%ED%A0%BD", id="half a character"),
        pytest.param("/srv/Dockerfile", "file:///srv/Dockerfile", id="an absolute path"),
        pytest.param("-", "-", id="standard input"),
    ],
)
def test_a_path_is_a_uri_byte_by_byte(path: str, uri: str) -> None:
    (result,) = _run(QUOTED._replace(source=Source(TEXT, path)))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_a_nasty_path_comes_back_from_its_uri() -> None:
    (result,) = _run(NASTY)["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote_to_bytes(uri) == os.fsencode(NASTY.source.path)


def test_a_fix_made_from_the_log_is_our_fix() -> None:
    assert NAMED.finding.fix is not None
    (result,) = _run(NAMED)["results"]
    source, edits = NAMED.source, []
    for change in result["fixes"][0]["artifactChanges"][0]["replacements"]:
        region = change["deletedRegion"]
        start, end = (
            source.line_starts[region[f"{side}Line"] - 1] + region[f"{side}Column"] - 1
            for side in ("start", "end")
        )
        edits.append(Edit(Span(start, end), change.get("insertedContent", {"text": ""})["text"]))
    assert apply(source.text, edits) == apply(source.text, NAMED.finding.fix.edits)


@pytest.mark.parametrize(
    "fix",
    [
        pytest.param(Fix("decide", (Edit(Span(5, 9), "x"),), Applicability.DISPLAY), id="only shown"),
        pytest.param(Fix("nothing", (), Applicability.SAFE), id="without an edit"),
        pytest.param(Fix("keep", (Edit(Span(5, 9), "\udcff"),), Applicability.SAFE), id="of other bytes"),
    ],
)
def test_a_fix_no_tool_may_apply_is_left_out(fix: Fix) -> None:
    (result,) = _run(NAMED._replace(finding=NAMED.finding._replace(fix=fix)))["results"]
    assert "fixes" not in result


@pytest.mark.parametrize("code", sorted(page.stem for page in Path(data_folder("rules")).glob("D*.md")))
def test_help_is_the_page_of_the_rule(code: str) -> None:
    (rule,) = _run(NAMED._replace(code=code))["tool"]["driver"]["rules"]
    page = (Path(data_folder("rules")) / f"{code}.md").read_text("utf-8")
    assert page.endswith(rule["help"]["markdown"])
    assert rule["fullDescription"]["text"].startswith(rule["shortDescription"]["text"])
    assert rule["help"]["text"].endswith(f"/rules/{code}.md")
    assert "```" not in rule["fullDescription"]["text"]
    assert rule["shortDescription"]["text"].endswith(".")


def test_security_rules_are_tagged_as_such() -> None:
    (rule,) = _run(NAMED._replace(code="DO4001"))["tool"]["driver"]["rules"]
    assert rule["properties"]["tags"] == ["security"]


def test_the_shape_finds_what_the_standard_forbids() -> None:
    log = json.loads(render(ALL))
    result = log["runs"][0]["results"][0]
    result["level"] = "fatal"
    result["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "a b"
    del result["message"]["text"]
    result["fixes"][0]["artifactChanges"] = []
    log["runs"][0]["colour"] = "red"
    assert len(list(faults(log))) == 6
