"""Whoever reads hadolint's output reads ours: both are run, and what hadolint says is in ours, key by key."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

HADOLINT = Path(sys.executable).with_name("hadolint")
DOCKERFILE = """\
FROM debian
RUN cd /tmp && apt-get install "<&>"
MAINTAINER someone
RUN sudo true
LABEL Upper=case
USER 0
"""
"""with findings of every severity, each in the first line of its instruction"""
CODES = ("DL3002", "DL3003", "DL3004", "DL3006", "DL3008", "DL3014", "DL3015", "DL3048", "DL4000")
LEVELS = {"error", "warning", "info", "style"}

OWN = frozenset(("message", "description", "text", "fingerprint", "engineId", "program"))
"""keys whose values are each linter's own: the sentence, a hash, the name"""
COLUMNS = frozenset(("column", "startColumn", "endColumn"))
"""hadolint knows none and writes always the same"""


def _lines(expression: str) -> Callable[[str], list[Any]]:
    pattern = re.compile(expression)

    def read(text: str) -> list[Any]:
        found = [pattern.fullmatch(line) for line in text.splitlines()]
        return [match.groupdict() for match in found if match is not None]

    return read


def _xml(text: str) -> list[Any]:
    return [
        {"path": file.get("name"), **error.attrib}
        for file in ET.fromstring(text).iter("file")
        for error in file
    ]


def _junit(text: str) -> list[Any]:
    cases = list(ET.fromstring(text).iter("testcase"))
    return [
        {"case": (case.get("id") or "").partition(".")[2], **failure.attrib, "text": failure.text}
        for case in cases
        for failure in case
    ]


def _stream(text: str) -> list[Any]:
    """Return JSON values that follow each other, hadolint's without anything between."""
    found = []
    text = text.lstrip()
    while text:
        value, end = json.JSONDecoder().raw_decode(text)
        found.append(value)
        text = text[end:].lstrip()
    return found


READERS: dict[str, Callable[[str], list[Any]]] = {
    "json": json.loads,
    "tty": _lines(r"(?P<file>[^:]+):(?P<line>\d+) (?P<code>\S+) (?P<level>\w+): (?P<message>.*)"),
    "gnu": _lines(
        r"(?P<program>\w+):(?P<file>[^:]+):(?P<line>\d+):(?:(?P<column>\d+):)? "
        r"(?P<code>\S+) (?P<level>\w+): (?P<message>.*)"
    ),
    "checkstyle": _xml,
    "codeclimate": lambda text: [json.loads(issue) for issue in text.split("\0")[:-1]],
    "gitlab_codeclimate": json.loads,
    "codacy": _stream,
    "sonarqube": lambda text: json.loads(text)["issues"],
    "sarif": lambda text: json.loads(text)["runs"][0]["results"],
    "junit": _junit,
}
NAMES_OF_CODE = ("code", "source", "check_name", "patternId", "ruleId", "id")


def run(folder: Path, *command: str | Path) -> tuple[int, str]:
    done = subprocess.run(
        [*command, "Dockerfile"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C.UTF-8"},
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def entries(text: str, name: str) -> dict[str, Any]:
    """Return what a report says, by code."""
    found = READERS[name](text)
    by_code = {next(entry[key] for key in NAMES_OF_CODE if key in entry): entry for entry in found}
    assert len(found) == len(by_code)
    return by_code


def missing(theirs: Any, ours: Any, at: str) -> Iterator[str]:
    """Yield every key and value of theirs that ours does not have."""
    if isinstance(theirs, dict):
        if not isinstance(ours, dict):
            yield f"{at} is no object"
            return
        for key, value in theirs.items():
            if key not in ours:
                yield f"{at}.{key} is missing"
            elif key in OWN | COLUMNS and not isinstance(value, dict):
                if type(ours[key]) is not type(value) and value is not None:
                    yield f"{at}.{key} is {ours[key]!r}, of another type than {value!r}"
            else:
                yield from missing(value, ours[key], f"{at}.{key}")
    elif isinstance(theirs, list):
        if not isinstance(ours, list) or len(ours) != len(theirs):
            yield f"{at} has other entries"
            return
        for number, (one, other) in enumerate(zip(theirs, ours, strict=True)):
            yield from missing(one, other, f"{at}[{number}]")
    elif (type(theirs), theirs) != (type(ours), ours):
        yield f"{at} is {ours!r}, not {theirs!r}"


@pytest.mark.parametrize("name", READERS)
def test_what_hadolint_writes_is_in_ours(tmp_path: Path, name: str) -> None:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    code, text = run(tmp_path, HADOLINT, "--no-color", "--format", name)
    theirs = entries(text, name)
    options = ("--select", ",".join(CODES), "--format", name)
    our_code, text = run(tmp_path, sys.executable, "-m", "dockeropt", "lint", *options)
    ours = entries(text, name)
    assert code == our_code
    assert sorted(CODES) == sorted(theirs) == sorted(ours)
    assert [fault for code in CODES for fault in missing(theirs[code], ours[code], code)] == []


def test_the_file_has_a_finding_of_every_level(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    found = json.loads(run(tmp_path, HADOLINT, "--format", "json")[1])
    assert {entry["level"] for entry in found} == LEVELS


def test_a_log_of_hadolint_and_ours_say_the_same_of_themselves(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    theirs = json.loads(run(tmp_path, HADOLINT, "--format", "sarif")[1])
    ours = json.loads(run(tmp_path, sys.executable, "-m", "dockeropt", "lint", "--format", "sarif")[1])
    assert theirs["version"] == ours["version"]
    (their_run,), (our_run,) = theirs["runs"], ours["runs"]
    assert their_run.keys() <= our_run.keys()
    assert their_run["tool"]["driver"].keys() <= our_run["tool"]["driver"].keys()
    assert their_run["defaultSourceLanguage"] == our_run["defaultSourceLanguage"]


@pytest.mark.parametrize(
    ("theirs", "ours", "fault"),
    [
        pytest.param({"line": 1}, {}, "x.line is missing", id="a key"),
        pytest.param({"line": 1}, {"line": "1"}, "x.line is '1', not 1", id="another type"),
        pytest.param({"level": "info"}, {"level": "note"}, "x.level is 'note', not 'info'", id="a value"),
        pytest.param({"message": "a"}, {"message": 1}, "x.message is 1, of another type than 'a'", id="own"),
        pytest.param({"a": [1]}, {"a": []}, "x.a has other entries", id="a list"),
    ],
)
def test_the_comparison_sees_a_difference(theirs: Any, ours: Any, fault: str) -> None:
    assert [fault] == list(missing(theirs, ours, "x"))
