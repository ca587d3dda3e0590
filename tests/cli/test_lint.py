"""``dockeropt lint`` as a whole process would be used: paths in, text and exit code out."""

import io
import json
import os
from pathlib import Path

import pytest

from dockeropt.errors import ExitCode
from tests.cli.conftest import Lint

BAD = "FROM node:latest\nCMD npm start\n"
GOOD = "FROM node:22-alpine\nUSER 10001\n"


def test_a_finding_is_exit_code_1(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    answer = lint("Dockerfile")
    assert answer.code == ExitCode.FINDINGS
    assert "Dockerfile:1:6: warning DL3007" in answer.out
    assert answer.err == ""


def test_nothing_found_prints_nothing(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(GOOD)
    answer = lint()
    assert (answer.code, answer.out, answer.err) == (ExitCode.CLEAN, "", "")


def test_json_is_a_list_of_objects(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    found = json.loads(lint("--format", "json", "Dockerfile").out)
    assert {"DL3007", "DL3025"} <= {entry["code"] for entry in found}
    keys = [
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "level",
        "code",
        "slug",
        "aliases",
        "message",
        "related",
        "fix",
        "url",
    ]
    assert all(list(entry) == keys for entry in found)


def test_json_of_a_clean_file_is_an_empty_list(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(GOOD)
    assert json.loads(lint("--format=json").out) == []


def test_a_folder_is_searched(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/Dockerfile.dev").write_text(BAD)
    (tmp_path / "worker.Dockerfile").write_text(BAD)
    found = json.loads(lint("--format=json", "--select=DL3007").out)
    assert [os.path.normpath(entry["file"]) for entry in found] == ["a/Dockerfile.dev", "worker.Dockerfile"]


def test_standard_input_is_a_dash(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    answer = lint("-")
    assert answer.code == ExitCode.FINDINGS
    assert "-:1:6: warning DL3007" in answer.out


def test_rules_are_chosen_by_code_name_or_alias(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    assert {entry["code"] for entry in json.loads(lint("--format=json", "--select=latest-tag").out)} == {
        "DL3007"
    }
    assert "DL3007" not in lint("--ignore=dl3007").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["nowhere"], "nowhere", id="a missing file"),
        pytest.param(["empty"], "there is no Dockerfile in empty", id="a folder without a Dockerfile"),
        pytest.param(["binary"], "binary is binary data, not a Dockerfile", id="binary data"),
        pytest.param(["large"], "large", id="a file of 100 MB"),
        pytest.param(["--select=DL0", "Dockerfile"], "there is no rule DL0", id="an unknown rule"),
        pytest.param(["--context=nowhere", "Dockerfile"], "nowhere is not a folder", id="a missing context"),
        pytest.param(["--format=xml"], "xml", id="an unknown format"),
    ],
)
def test_wrong_use_is_one_message_and_exit_code_2(
    lint: Lint, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "Dockerfile").write_text(GOOD)
    (tmp_path / "empty").mkdir()
    (tmp_path / "binary").write_bytes(b"\x7fELF\0\0\0")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(100_000_000)
    answer = lint(*arguments)
    assert answer.code == ExitCode.USAGE
    assert message in answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("", "Dockerfile:1:1: error DL1000", id="an empty file"),
        pytest.param(
            "FROM a:1\nRUN <<EOF\necho\n", "Dockerfile:2:5: error DL1000", id="an unterminated heredoc"
        ),
        pytest.param(
            "FROM a:1 AS a\nCOPY --from=b / /x/\nFROM a AS b\n", "Dockerfile:2:", id="a cycle of stages"
        ),
        pytest.param("FROM a:1\nRUM x\n", "Dockerfile:2:1: error DL1000", id="an unknown instruction"),
    ],
)
def test_what_buildkit_refuses_is_one_finding(lint: Lint, tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "Dockerfile").write_text(text)
    answer = lint("--select=DL1000")
    assert answer.code == ExitCode.FINDINGS
    assert place in os.path.normpath(answer.out)
    assert answer.out.count("DL1000") == 1


def test_what_is_refused_hides_nothing_else(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM a:latest\nRUM x\nRUN cd /tmp && b\nCOPY\nUSER root\n")
    found = json.loads(lint("--format=json", "--select=DL").out)
    assert [(entry["line"], entry["code"]) for entry in found] == [
        (1, "DL3007"),
        (2, "DL1000"),
        (3, "DL3003"),
        (4, "DL1000"),
        (5, "DL3002"),
    ]


def test_a_bad_path_does_not_hide_the_findings_of_the_others(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    answer = lint("nowhere", "Dockerfile")
    assert answer.code == ExitCode.USAGE
    assert "DL3007" in answer.out
    assert "nowhere" in answer.err


def test_the_context_is_found_beside_or_above_the_dockerfile(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker/Dockerfile").write_text("FROM a:1\nCOPY package.json ./\nCOPY . .\n")
    (tmp_path / "package.json").write_text("{}")
    found = json.loads(lint("--format=json", "--select=DO5001", "docker/Dockerfile").out)
    assert [entry["line"] for entry in found] == [3]
    (tmp_path / ".dockerignore").write_text("docker\n")
    assert json.loads(lint("--format=json", "--select=DO5001", "docker/Dockerfile").out) == []


def test_a_configuration_file_is_found_and_the_command_line_wins(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    (tmp_path / ".hadolint.yaml").write_text("ignored: [DL3007]\nformat: gnu\noverride: {info: [DL3025]}\n")
    assert "DL3007" not in lint("Dockerfile").out
    assert "DL3007" in lint("--no-config", "Dockerfile").out
    assert "DL3025 info" in lint("Dockerfile").out.replace("info: DL3025", "DL3025 info")
    (tmp_path / "other.toml").write_text('ignore = ["DL3025"]\n')
    assert "DL3025" not in lint("--config=other.toml", "Dockerfile").out
    levels = {
        entry["code"]: entry["level"]
        for entry in json.loads(lint("--format=json", "--style=DL3025", "Dockerfile").out)
    }
    assert levels["DL3025"] == "style"


def test_a_broken_configuration_stops_before_linting(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "Dockerfile").write_text(BAD)
    (tmp_path / "sub/Dockerfile").write_text(BAD)
    (tmp_path / "sub/dockeropt.toml").write_text("ignores = []\n")
    answer = lint("Dockerfile", "sub/Dockerfile")
    assert (answer.code, answer.out) == (ExitCode.USAGE, "")
    assert answer.err == (
        "dockeropt: sub/dockeropt.toml: unknown key `ignores`\n  hint: did you mean `ignore`?\n"
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("dockeropt.toml", "ignore = [", "dockeropt.toml:1: ", id="no TOML"),
        pytest.param(".hadolint.yaml", "ignored: {", ".hadolint.yaml:1:", id="no YAML"),
        pytest.param(".hadolint.yaml", "ignored: [DL30008]", "there is no rule DL30008", id="no rule"),
        pytest.param(".hadolint.yaml", "trusted: []", "unknown key `trusted`", id="no key of hadolint's"),
        pytest.param(
            "pyproject.toml", "[tool.dockeropt]\nformat = 3", "`tool.dockeropt.format` must be", id="a number"
        ),
        pytest.param("dockeropt.toml", 'format = "xml"', "`format` is `xml`", id="no format"),
        pytest.param("dockeropt.toml", 'baseline = "none.json"', "there is no baseline", id="no baseline"),
    ],
)
def test_one_broken_configuration_of_many_files_stops_them_all(
    lint: Lint, tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    (tmp_path / name).write_text(text)
    answer = lint("Dockerfile")
    assert (answer.code, answer.out) == (ExitCode.USAGE, "")
    assert said in answer.err
    assert len(answer.err.splitlines()) <= 2


def test_a_broken_variable_stops_before_linting(
    lint: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    monkeypatch.setenv("HADOLINT_FAILURE_THRESHOLD", "fatal")
    answer = lint("Dockerfile")
    assert (answer.code, answer.out) == (ExitCode.USAGE, "")
    assert "HADOLINT_FAILURE_THRESHOLD is `fatal`" in answer.err


@pytest.mark.parametrize(
    ("arguments", "code", "shown"),
    [
        pytest.param(["--failure-threshold=error"], ExitCode.CLEAN, True, id="shown, yet not failed"),
        pytest.param(["--failure-threshold=warning"], ExitCode.FINDINGS, True, id="as bad as the threshold"),
        pytest.param(["--report-threshold=error"], ExitCode.FINDINGS, False, id="failed, yet not shown"),
        pytest.param(["--no-fail"], ExitCode.CLEAN, True, id="never failed"),
    ],
)
def test_what_is_shown_and_what_fails_are_two_things(
    lint: Lint, tmp_path: Path, arguments: list[str], code: ExitCode, shown: bool
) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    answer = lint("--select=DL3007", *arguments)
    assert (answer.code, "DL3007" in answer.out) == (code, shown)


def test_families_of_rules_are_chosen_by_the_beginning_of_their_codes(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    codes = {entry["code"] for entry in json.loads(lint("--format=json", "--select=DL30").out)}
    assert {"DL3007", "DL3025"} <= codes
    assert not any(code.startswith("DO") for code in codes)


def test_the_configuration_in_force_is_shown_and_can_be_written_down(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    (tmp_path / ".hadolint.yaml").write_text(
        "ignored: [DL3008]\ntrustedRegistries: [docker.io]\noverride: {error: [DL3007]}\n"
    )
    answer = lint("--show-config", "Dockerfile")
    assert answer.code == ExitCode.CLEAN
    assert answer.out.startswith("# Dockerfile\n# from .hadolint.yaml\n")
    (tmp_path / "dockeropt.toml").write_text(answer.out)
    again = lint("--show-config", "Dockerfile")
    assert answer.out.splitlines()[2:] == again.out.splitlines()[2:]


def test_a_file_named_twice_is_linted_once(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    found = json.loads(lint("--format=json", "--select=DL3007", "Dockerfile", "./Dockerfile", ".").out)
    assert [entry["file"] for entry in found] == ["Dockerfile"]


def test_a_hard_link_is_a_file_of_its_own_and_a_symbolic_one_is_not(lint: Lint, tmp_path: Path) -> None:
    first = tmp_path / "Dockerfile"
    first.write_text("FROM a\nUSER b\n")
    (tmp_path / "Dockerfile.hard").hardlink_to(first)
    (tmp_path / "Dockerfile.soft").symlink_to(tmp_path / "Dockerfile.hard")
    answer = lint("--format=json", "--select=DL3006", "Dockerfile", "Dockerfile.soft", "Dockerfile.hard")
    assert [each["file"] for each in json.loads(answer.out)] == ["Dockerfile", "Dockerfile.soft"]


def test_an_ignore_comment_that_hides_nothing_is_told(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:12\n# hadolint ignore=DL3007, DL4006\nRUN a | b\n")
    for arguments in (["--select=DO6001"], ["--select=DO6001,DL3007"], ["--ignore=DL4006"]):
        found = json.loads(lint("--format=json", *arguments).out)
        unused = [entry for entry in found if entry["code"] == "DO6001"]
        assert [(entry["line"], entry["column"]) for entry in unused] == [(2, 19)]
        assert not any(entry["code"] == "DL4006" for entry in found)


def test_comments_hide_nothing_when_they_are_disabled(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("# check=skip=DL3007\nFROM debian:latest\n")
    assert "DL3007" not in lint("--select=DL3007,DO6001").out
    assert "DL3007" in lint("--select=DL3007,DO6001", "--disable-ignore-pragma").out


@pytest.mark.parametrize(
    ("comment", "count"),
    [
        pytest.param("# hadolint ignore=DL3007", 1, id="no reason"),
        pytest.param("# hadolint ignore=DL3007 the base team asked for it", 0, id="a reason"),
        pytest.param("# dockeropt: ignore=DL3007: the base team", 0, id="a reason behind a colon"),
        pytest.param("# check=skip=DL3007", 1, id="a directive"),
    ],
)
@pytest.mark.parametrize("arguments", [[], ["--select=DL3007"]], ids=["every rule", "one rule"])
def test_a_reason_may_be_required(
    lint: Lint, tmp_path: Path, comment: str, count: int, arguments: list[str]
) -> None:
    (tmp_path / "Dockerfile").write_text(f"{comment}\nFROM debian:latest\n")
    assert "DO6002" not in lint(*arguments).out
    assert lint("--require-reason", *arguments).out.count("warning DO6002") == count


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("RUN a | b\n", [2], id="no comment"),
        pytest.param("# hadolint shell=powershell\nRUN a | b\n", [], id="a comment"),
        pytest.param("RUN a | b\n# hadolint shell=pwsh\nRUN a | b\n", [2], id="only what is below"),
        pytest.param(
            '# hadolint shell=pwsh\nRUN a | b\nSHELL ["/bin/bash", "-c"]\nRUN a | b\n', [5], id="until SHELL"
        ),
        pytest.param(
            "# hadolint shell=pwsh\nRUN a | b\nFROM debian:12\nRUN a | b\n", [5], id="until the stage ends"
        ),
        pytest.param(
            "# hadolint shell=pwsh\nRUN a | b\nFROM win\nRUN a | b\n", [], id="in a stage from this one"
        ),
    ],
)
def test_a_comment_says_the_shell(lint: Lint, tmp_path: Path, text: str, lines: list[int]) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM example AS win\n{text}")
    found = json.loads(lint("--format=json", "--select=DL4006").out)
    assert [entry["line"] for entry in found] == lines


def test_a_baseline_is_written_and_keeps_old_findings_quiet(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    assert lint("--baseline=old.json").code == ExitCode.USAGE
    written = lint("--baseline=old.json", "--write-baseline")
    assert (written.code, written.out) == (ExitCode.CLEAN, "")
    quiet = lint("--baseline=old.json")
    assert (quiet.code, quiet.out, quiet.err) == (ExitCode.CLEAN, "", "")
    (tmp_path / "Dockerfile").write_text(f"FROM alpine:latest\n{BAD}")
    new = lint("--baseline=old.json", "--select=DL3007")
    assert (new.code, new.out.count("DL3007")) == (ExitCode.FINDINGS, 1)
    (tmp_path / "Dockerfile").write_text(GOOD)
    gone = lint("--baseline=old.json")
    assert gone.code == ExitCode.CLEAN
    assert "no longer there" in gone.err
    (tmp_path / "dockeropt.toml").write_text('baseline = "old.json"\n')
    assert lint("--write-baseline").code == ExitCode.CLEAN
    assert (lint().code, lint().err) == (ExitCode.CLEAN, "")


def test_write_baseline_needs_a_name(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    assert "add --baseline FILE" in lint("--write-baseline").err


def test_standard_input_may_have_a_name(lint: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "dockeropt.toml").write_text('[per-path]\n"sub/" = { ignore = ["DL3025"] }\n')
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    found = json.loads(lint("--format=json", "--stdin-filename=sub/Dockerfile", "-").out)
    assert {entry["file"] for entry in found} == {"sub/Dockerfile"}
    assert "DL3007" in {entry["code"] for entry in found}
    assert "DL3025" not in {entry["code"] for entry in found}


def test_a_search_leaves_out_what_is_ignored_or_excluded_but_not_what_is_named(
    lint: Lint, tmp_path: Path
) -> None:
    for folder in ("kept", "built", "vendor"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Dockerfile").write_text(BAD)
    (tmp_path / ".gitignore").write_text("built/\n")
    (tmp_path / "dockeropt.toml").write_text('exclude = ["vendor/"]\n')

    def linted(*paths: str) -> list[str]:
        found = json.loads(lint("--format=json", "--select=DL3007", *paths).out)
        return [os.path.normpath(entry["file"]) for entry in found]

    assert linted(".") == ["kept/Dockerfile"]
    assert linted("built/Dockerfile", "vendor/Dockerfile", ".") == [
        "built/Dockerfile",
        "vendor/Dockerfile",
        "kept/Dockerfile",
    ]


def test_a_report_that_cannot_be_written_is_told(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    answer = lint("--output=no/such/folder/report")
    assert (answer.code, answer.out) == (ExitCode.USAGE, "")
    assert "cannot write no/such/folder/report" in answer.err


def test_a_report_in_a_file_has_no_colour_and_says_nothing_else(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    printed = lint("--select=DL3007")
    written = lint("--select=DL3007", "-o", "report.txt")
    assert (written.code, written.out) == (ExitCode.FINDINGS, "")
    assert printed.out == (tmp_path / "report.txt").read_text()
