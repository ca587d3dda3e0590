"""A .hadolint.yaml and the variables HADOLINT_* mean to us what they mean to hadolint: both are run."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

HADOLINT = Path(sys.executable).with_name("hadolint")
DOCKERFILE = """\
# hadolint ignore=DL3004
FROM example.com/tool:latest
RUN sudo true
RUN cd /tmp && apt-get install tool
# hadolint ignore=DL3015
RUN apt-get install -y other
LABEL Upper=case version=abc
MAINTAINER someone
"""

Answer = tuple[list[tuple[int, str, str]], int]


def lint(folder: Path, command: list[str], environment: dict[str, str]) -> Answer:
    """Return line, code and level of each finding on hadolint's codes, and the exit code."""
    done = subprocess.run(
        [*command, "Dockerfile"],
        cwd=folder,
        env={"LC_ALL": "C.UTF-8", "HOME": str(folder), "PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout)
    places = {(entry["line"], entry["code"], entry["level"]) for entry in found}
    return sorted(place for place in places if place[1].startswith("DL")), done.returncode


def both(
    folder: Path, configuration: str, environment: dict[str, str], options: Sequence[str] = ()
) -> tuple[Answer, Answer]:
    (folder / ".git").mkdir()
    (folder / "Dockerfile").write_text(DOCKERFILE)
    (folder / ".hadolint.yaml").write_text(configuration)
    ours = [sys.executable, "-m", "dockeropt", "lint", "--select", "DL", *options]
    return lint(folder, [str(HADOLINT), *options], environment), lint(folder, ours, environment)


@pytest.mark.parametrize(
    ("configuration", "environment"),
    [
        pytest.param("ignored: []", {}, id="nothing"),
        pytest.param("ignored: [DL3007, DL3008]", {}, id="ignored"),
        pytest.param(
            "override: {error: [DL3007], warning: [DL3015], info: [DL3003], style: [DL3008]}",
            {},
            id="override",
        ),
        pytest.param("override: {style: [DL3007], error: [DL3007]}", {}, id="override of one code twice"),
        pytest.param("override: {error: [DL3057]}", {}, id="override of a rule that is off"),
        pytest.param("override: {warning: [DL1001]}", {}, id="override of the rule about comments"),
        pytest.param("trustedRegistries: [docker.io]", {}, id="trustedRegistries"),
        pytest.param('trustedRegistries: ["*.com"]', {}, id="trustedRegistries with a star"),
        pytest.param("label-schema: {version: semver, author: text}", {}, id="label-schema"),
        pytest.param(
            "label-schema: {version: hash, Upper: url, a: rfc3339, b: spdx, c: email}",
            {},
            id="label-schema of every type",
        ),
        pytest.param("label-schema: {version: text}\nstrict-labels: true", {}, id="strict-labels"),
        pytest.param("strict-labels: true", {}, id="strict-labels without a schema"),
        pytest.param("disable-ignore-pragma: true", {}, id="disable-ignore-pragma"),
        pytest.param("failure-threshold: error", {}, id="failure-threshold"),
        pytest.param("failure-threshold: error\nignored: [DL4000, DL3004]", {}, id="nothing as bad"),
        pytest.param(
            "failure-threshold: none\nignored: [DL3003, DL3007, DL3008, DL3014, DL3015, DL4000]",
            {},
            id="failure-threshold: none",
        ),
        pytest.param(
            "ignored: [DL3003, DL3007, DL3008, DL3014, DL3015, DL3059, DL4000]",
            {},
            id="style alone",
        ),
        pytest.param("no-fail: true", {}, id="no-fail"),
        pytest.param("no-color: true", {}, id="no-color"),
        pytest.param("", {"HADOLINT_FORMAT": "json"}, id="HADOLINT_FORMAT"),
        pytest.param("", {"HADOLINT_NOFAIL": "1"}, id="HADOLINT_NOFAIL"),
        pytest.param("no-fail: true", {"HADOLINT_NOFAIL": "0"}, id="HADOLINT_NOFAIL of 0"),
        pytest.param("", {"HADOLINT_IGNORE": "DL3007,DL3008"}, id="HADOLINT_IGNORE"),
        pytest.param("ignored: [DL3007]", {"HADOLINT_IGNORE": "DL3008"}, id="HADOLINT_IGNORE adds"),
        pytest.param("", {"HADOLINT_FAILURE_THRESHOLD": "error"}, id="HADOLINT_FAILURE_THRESHOLD"),
        pytest.param(
            "failure-threshold: error\nignored: [DL4000]",
            {"HADOLINT_FAILURE_THRESHOLD": "style"},
            id="HADOLINT_FAILURE_THRESHOLD over the file",
        ),
        pytest.param("", {"HADOLINT_OVERRIDE_ERROR": "DL3007,DL3008"}, id="HADOLINT_OVERRIDE_ERROR"),
        pytest.param("", {"HADOLINT_OVERRIDE_WARNING": "DL3015"}, id="HADOLINT_OVERRIDE_WARNING"),
        pytest.param("", {"HADOLINT_OVERRIDE_INFO": "DL3007"}, id="HADOLINT_OVERRIDE_INFO"),
        pytest.param("", {"HADOLINT_OVERRIDE_STYLE": "DL3007"}, id="HADOLINT_OVERRIDE_STYLE"),
        pytest.param(
            "override: {error: [DL3007], info: [DL3008]}",
            {"HADOLINT_OVERRIDE_INFO": "DL3007", "HADOLINT_OVERRIDE_ERROR": "DL3008"},
            id="the worse of two overrides",
        ),
        pytest.param("", {"HADOLINT_STRICT_LABELS": "1"}, id="HADOLINT_STRICT_LABELS"),
        pytest.param("", {"HADOLINT_DISABLE_IGNORE_PRAGMA": "1"}, id="HADOLINT_DISABLE_IGNORE_PRAGMA"),
        pytest.param("", {"HADOLINT_TRUSTED_REGISTRIES": "docker.io"}, id="HADOLINT_TRUSTED_REGISTRIES"),
        pytest.param(
            "trustedRegistries: [example.com]",
            {"HADOLINT_TRUSTED_REGISTRIES": "docker.io"},
            id="HADOLINT_TRUSTED_REGISTRIES adds",
        ),
        pytest.param(
            "", {"HADOLINT_REQUIRE_LABELS": "version:semver,author:text"}, id="HADOLINT_REQUIRE_LABELS"
        ),
        pytest.param(
            "label-schema: {version: semver}",
            {"HADOLINT_REQUIRE_LABELS": "author:text"},
            id="HADOLINT_REQUIRE_LABELS adds",
        ),
        pytest.param("", {"HADOLINT_VERBOSE": "1"}, id="HADOLINT_VERBOSE"),
    ],
)
def test_the_same_configuration_gives_the_same_codes(
    tmp_path: Path, configuration: str, environment: dict[str, str]
) -> None:
    options = () if "HADOLINT_FORMAT" in environment else ("--format", "json")
    theirs, ours = both(tmp_path, configuration, environment, options)
    assert theirs == ours


def test_the_format_of_the_file_is_taken(tmp_path: Path) -> None:
    theirs, ours = both(tmp_path, "format: json", {})
    assert theirs == ours


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--ignore", "DL3007"], id="--ignore adds"),
        pytest.param(["--error", "DL3007", "--warning", "DL3015", "--style", "DL3003"], id="severities"),
        pytest.param(["--trusted-registry", "docker.io"], id="--trusted-registry adds"),
        pytest.param(["--require-label", "author:text"], id="--require-label adds"),
        pytest.param(["--strict-labels"], id="--strict-labels"),
        pytest.param(["--disable-ignore-pragma"], id="--disable-ignore-pragma"),
        pytest.param(["--failure-threshold", "error"], id="--failure-threshold"),
        pytest.param(["-t", "error"], id="-t"),
        pytest.param(["--no-fail"], id="--no-fail"),
        pytest.param(["--no-color"], id="--no-color"),
    ],
)
def test_hadolints_options_mean_the_same(tmp_path: Path, options: list[str]) -> None:
    configuration = "ignored: [DL3008]\ntrustedRegistries: [example.com]\nlabel-schema: {version: semver}\n"
    theirs, ours = both(tmp_path, configuration, {}, ["--format", "json", *options])
    assert theirs == ours


def test_the_report_goes_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    reports: list[set[str]] = []
    for command in ([str(HADOLINT)], [sys.executable, "-m", "dockeropt", "lint", "--select=DL"]):
        done = subprocess.run(
            [*command, "-f", "json", "-o", "report.json", "Dockerfile"], cwd=tmp_path, capture_output=True
        )
        assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
        reports.append({entry["code"] for entry in json.loads((tmp_path / "report.json").read_text())})
    assert reports[0] == reports[1]
