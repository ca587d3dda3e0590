"""``dockeropt lint --fix`` as a whole process would be used: what it writes, prints and returns."""

import io
import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from dockeropt.cli import fixing
from dockeropt.cli.main import main
from dockeropt.errors import ExitCode
from dockeropt.lint.fixer import Fixed, fix_source
from tests.cli.conftest import Lint

BAD = "FROM debian:12-slim as base\nrun make\nRUN true\n"
FIXED = "FROM debian:12-slim AS base\nRUN make\nRUN true\n"
CASES = "--select=FromAsCasing,ConsistentInstructionCasing"


def test_what_is_safe_is_fixed_and_counted(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    answer = lint("--fix", CASES)
    assert (tmp_path / "Dockerfile").read_text() == FIXED
    assert (answer.code, answer.out) == (ExitCode.CLEAN, "")
    assert answer.err == (
        "dockeropt: fixed 2 findings (1 FromAsCasing, 1 ConsistentInstructionCasing), 0 left\n"
    )


def test_what_is_left_is_shown_and_fails(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:latest as base\n")
    answer = lint("--fix", "--select=FromAsCasing,DL3007")
    assert answer.code == ExitCode.FINDINGS
    assert "Dockerfile:1:6: warning DL3007" in answer.out
    assert answer.err == "dockeropt: fixed 1 finding (1 FromAsCasing), 1 left\n"
    assert lint("--fix", "--select=FromAsCasing,DL3007", "--exit-zero").code == ExitCode.CLEAN


def test_only_what_is_selected_and_shown_is_fixed(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    lint("--fix", "--select=FromAsCasing")
    assert (tmp_path / "Dockerfile").read_text() == BAD.replace(" as ", " AS ")
    lint("--fix", CASES, "--report-threshold=error")
    assert (tmp_path / "Dockerfile").read_text() == BAD.replace(" as ", " AS ")


def test_an_ignored_finding_is_not_fixed(lint: Lint, tmp_path: Path) -> None:
    text = "# hadolint ignore=FromAsCasing\n" + BAD
    (tmp_path / "Dockerfile").write_text(text)
    lint("--fix", CASES)
    assert (tmp_path / "Dockerfile").read_text() == text.replace("\nrun", "\nRUN")


def test_an_unsafe_fix_is_a_hint_until_it_is_asked_for(lint: Lint, tmp_path: Path) -> None:
    bad = "FROM --platform=linux/amd64 debian:12-slim\n"
    (tmp_path / "Dockerfile").write_text(bad)
    answer = lint("--fix", "--select=DL3029")
    assert answer.code == ExitCode.FINDINGS
    assert answer.err == "dockeropt: fixed 0 findings, 1 left\n  hint: --unsafe-fixes fixes 1 of them\n"
    assert (tmp_path / "Dockerfile").read_text() == bad
    assert lint("--fix", "--unsafe-fixes", "--select=DL3029").code == ExitCode.CLEAN
    assert (tmp_path / "Dockerfile").read_text() == "FROM debian:12-slim\n"


def test_unsafe_fixes_alone_are_half_a_wish(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    answer = lint("--unsafe-fixes")
    assert answer.code == ExitCode.USAGE
    assert answer.err == (
        "dockeropt: --unsafe-fixes alone fixes nothing\n  hint: add --fix, or --diff to see what it does\n"
    )


@pytest.mark.parametrize(
    ("before", "name"),
    [
        pytest.param(BAD, "Dockerfile", id="a common file"),
        pytest.param(BAD.replace("\n", "\r\n"), "Dockerfile", id="windows line ends"),
        pytest.param(BAD.rstrip("\n"), "sub/web.Dockerfile", id="no newline at the end"),
        pytest.param("\ufeff" + BAD, "Dockerfile", id="a byte order mark"),
        pytest.param(BAD + "# caf\udce9\n", "Dockerfile", id="bytes that are not UTF-8"),
    ],
)
def test_a_diff_writes_nothing_and_git_applies_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
    before: str,
    name: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    data = before.encode("utf-8", "surrogateescape")
    path.write_bytes(data)
    assert main(["lint", "--diff", CASES, name]) == ExitCode.FINDINGS
    out, err = capfdbinary.readouterr()
    assert path.read_bytes() == data
    assert err == b"dockeropt: would fix 2 findings (1 FromAsCasing, 1 ConsistentInstructionCasing), 0 left\n"
    git = ("git", "apply", "-p0", "--whitespace=nowarn", "-")
    subprocess.run(git, cwd=tmp_path, input=out, check=True)
    assert path.read_bytes() == data.replace(b" as ", b" AS ").replace(b"\nrun", b"\nRUN")
    assert main(["lint", "--diff", CASES, name]) == ExitCode.CLEAN
    assert capfdbinary.readouterr() == (b"", b"")


def test_a_diff_of_something_to_fix_fails_unless_told_otherwise(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    assert lint("--diff", CASES).code == ExitCode.FINDINGS
    assert lint("--diff", CASES, "--exit-zero").code == ExitCode.CLEAN
    (tmp_path / "Dockerfile").write_text("FROM debian:latest\n")
    assert lint("--diff", "--select=DL3007").code == ExitCode.CLEAN


def test_standard_input_comes_out_fixed_and_findings_go_aside(
    lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = BAD.replace("12-slim", "latest")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    answer = lint("--fix", f"{CASES},DL3007", "-")
    assert answer.out == FIXED.replace("12-slim", "latest")
    assert "-:1:6: warning DL3007" in answer.err
    assert answer.code == ExitCode.FINDINGS


def test_bytes_newlines_mode_and_links_are_kept(lint: Lint, tmp_path: Path) -> None:
    path = tmp_path / "docker" / "Dockerfile"
    path.parent.mkdir()
    data = b"\xef\xbb\xbfFROM a:1 as b\r\nrun x\n# caf\xe9\r\nRUN y\r\nRUN z"
    path.write_bytes(data)
    path.chmod(0o640)
    (tmp_path / "Dockerfile").symlink_to(path)
    lint("--fix", CASES, "Dockerfile")
    assert path.read_bytes() == data.replace(b" as ", b" AS ").replace(b"run", b"RUN")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert (tmp_path / "Dockerfile").is_symlink()


def test_a_link_out_of_the_project_is_not_followed(lint: Lint, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    (tmp_path / "outside").write_text(BAD)
    (project / "Dockerfile").symlink_to(tmp_path / "outside")
    (project / "Dockerfile.other").write_text(BAD)
    answer = lint("--fix", CASES, "project/Dockerfile", "project/Dockerfile.other")
    assert answer.code == ExitCode.USAGE
    assert (tmp_path / "outside").read_text() == BAD
    assert (project / "Dockerfile.other").read_text() == FIXED
    assert answer.err.startswith(
        f"dockeropt: project/Dockerfile is a link to {tmp_path}/outside, outside {project}\n  hint: "
    )
    assert "project/Dockerfile:1:21: warning FromAsCasing" in answer.out


def test_a_read_only_file_stays_as_it_is(lint: Lint, tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text(BAD)
    path.chmod(0o444)
    answer = lint("--fix", CASES)
    assert answer.code == ExitCode.USAGE
    assert path.read_text() == BAD
    assert answer.err.startswith("dockeropt: cannot write Dockerfile: it is read-only\n  hint: allow it with")


def test_a_file_that_changes_meanwhile_keeps_its_change(
    lint: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text(BAD)

    def slowly(*arguments: object, **named: object) -> Fixed:
        path.write_text(BAD + "RUN more\n")
        return fix_source(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(fixing, "fix_source", slowly)
    answer = lint("--fix", CASES)
    assert answer.code == ExitCode.USAGE
    assert path.read_text() == BAD + "RUN more\n"
    assert answer.err.startswith(
        "dockeropt: Dockerfile changed while it was being fixed, so nothing was written\n"
    )


def test_two_paths_to_one_file_are_one_file(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    (tmp_path / "Dockerfile.link").symlink_to("Dockerfile")
    os.link(tmp_path / "Dockerfile", tmp_path / "Dockerfile.hard")
    answer = lint("--fix", CASES, "Dockerfile", "./Dockerfile", "Dockerfile.link", "Dockerfile.hard")
    assert answer.code == ExitCode.CLEAN
    assert {(tmp_path / name).read_text() for name in ("Dockerfile", "Dockerfile.hard")} == {FIXED}
    assert "fixed 4 findings in 2 files" in answer.err


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("RUN <<EOF\nfrom a as b\n", id="a heredoc without an end"),
        pytest.param('copy ["a"]\n', id="a COPY that BuildKit refuses"),
        pytest.param("\\\n", id="a continuation of nothing"),
    ],
)
def test_what_buildkit_cannot_read_is_left_alone(lint: Lint, tmp_path: Path, broken: str) -> None:
    (tmp_path / "Dockerfile").write_text(BAD + broken)
    lint("--fix", CASES)
    assert (tmp_path / "Dockerfile").read_text() == FIXED + broken


def test_json_carries_fixes_that_do_what_fix_does(lint: Lint, tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text(BAD)
    found = json.loads(lint("--format=json", CASES).out)
    lines = BAD.split("\n")
    for entry in found:
        assert entry["fix"]["applicability"] == "safe"
        for edit in entry["fix"]["edits"]:
            assert edit["line"] == edit["end_line"]
            line = lines[edit["line"] - 1]
            lines[edit["line"] - 1] = (
                line[: edit["column"] - 1] + edit["replacement"] + line[edit["end_column"] - 1 :]
            )
    assert "\n".join(lines) == FIXED
    log = json.loads(lint("--format=sarif", CASES).out)
    (change,) = log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 1, "startColumn": 21, "endLine": 1, "endColumn": 23},
            "insertedContent": {"text": "AS"},
        }
    ]
