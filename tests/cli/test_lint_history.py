"""``lint --history``: the counts of the history in messages, in JSON and in severities."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dockeropt.cli.main import main
from dockeropt.cli.options import with_counts
from tests.replay.repository import Files, repository

_COPY_FIRST = "FROM node:22\nARG COMMIT_ID\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n"
_FIRST: Files = {
    "Dockerfile": _COPY_FIRST,
    "package.json": "{}",
    "package-lock.json": "{}",
    "src/a.js": "1",
    "docs/a.md": "1",
}
_EDITS: tuple[Files, ...] = (
    {"src/a.js": "2"},
    {"src/a.js": "3"},
    {"docs/a.md": "2"},
    {"package-lock.json": "{ }"},
)


def _found(
    folder: Path, capsys: pytest.CaptureFixture[str], *words: str, code: int = 1
) -> dict[str, dict[str, object]]:
    """Return the findings by code."""
    assert main(["lint", "--no-cache", "--format=json", *words, str(folder / "Dockerfile")]) == code
    found: dict[str, dict[str, object]] = {each["code"]: each for each in json.loads(capsys.readouterr().out)}
    return found


def test_the_history_is_in_the_messages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository(tmp_path, _FIRST, *_EDITS)
    found = _found(tmp_path, capsys, "--history")
    assert str(found["DO1001"]["message"]).endswith(
        " (it ran again in 4 of the last 4 commits, and needed to in 1)"
    )
    assert str(found["DO1002"]["message"]).endswith(
        " (with a new one in each commit `npm ci` runs again in 4 of the last 4 commits, and needed to in 1)"
    )
    assert str(found["DO5001"]["message"]).endswith(
        " (it ran again in 4 of the last 4 commits, and for files that a build uses in 3)"
    )


def test_after_the_fix_the_history_counts_only_what_was_needed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository(tmp_path, _FIRST, *_EDITS)
    words = ("--fix", "--unsafe-fixes", "--select=DO1001,DO1006,DO5001", "--history")
    found = _found(tmp_path, capsys, *words)
    assert (
        "COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n"
        in (tmp_path / "Dockerfile").read_text()
    )
    assert "DO1001" not in found
    assert str(found["DO5001"]["message"]).endswith(
        " (it ran again in 4 of the last 4 commits, and for files that a build uses in 3)"
    )
    assert _found(tmp_path, capsys, "--select=DO1001,DO1006,DO5001", "--history") == found


def test_the_history_is_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository(tmp_path, _FIRST, *_EDITS)
    found = _found(tmp_path, capsys, "--history=3")
    assert found["DO1001"]["reruns"] == {"commits": 3, "reran_least": 3, "reran_most": 3, "needed": 1}
    assert "reruns" not in found["DO1003"]


def test_without_the_option_nothing_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository(tmp_path, _FIRST, *_EDITS)
    found = _found(tmp_path, capsys)
    assert not [each for each in found.values() if "reruns" in each or "commits" in str(each["message"])]


def test_the_file_as_it_is_now_is_counted_not_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = repository(tmp_path, {**_FIRST, "Dockerfile": "FROM node:22\n"}, *_EDITS)
    made.write({"Dockerfile": _COPY_FIRST})
    assert "in 4 of the last 4 commits" in str(_found(tmp_path, capsys, "--history")["DO1001"]["message"])


@pytest.mark.parametrize(
    ("limit", "level"), [(74, "error"), (75, "warning")], ids=["over the limit", "at the limit"]
)
def test_the_severity_follows_the_waste(
    limit: int, level: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository(tmp_path, _FIRST, *_EDITS)
    (tmp_path / "dockeropt.toml").write_text(f"error-if-wasted = {limit}\n")
    assert _found(tmp_path, capsys, "--history")["DO1001"]["level"] == level
    assert _found(tmp_path, capsys)["DO1001"]["level"] == "warning"


@pytest.mark.parametrize("value", ["101", "-1", "true", '"50"', "0.5"])
def test_a_limit_that_is_none_is_told(value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "Dockerfile").write_text(_COPY_FIRST)
    (tmp_path / "dockeropt.toml").write_text(f"error-if-wasted = {value}\n")
    assert main(["lint", str(tmp_path / "Dockerfile")]) == 2
    assert "`error-if-wasted` must be a whole number from 0 to 100" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "joined"),
    [
        pytest.param(["--history", "50", "a"], ["--history=50", "a"], id="with a number"),
        pytest.param(["--history", "a"], ["--history=200", "a"], id="before a path"),
        pytest.param(["a", "--history"], ["a", "--history=200"], id="at the end"),
        pytest.param(["--history=7"], ["--history=7"], id="joined"),
        pytest.param(["--", "--history"], ["--", "--history"], id="as a path"),
    ],
)
def test_the_number_may_be_left_out(words: list[str], joined: list[str]) -> None:
    assert joined == with_counts(words)


@pytest.mark.parametrize("text", ["0", "x", "-1", ""])
def test_a_number_that_is_none_is_told(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository(tmp_path, _FIRST)
    assert main(["lint", f"--history={text}", str(tmp_path / "Dockerfile")]) == 2
    assert "--history takes a number of commits" in capsys.readouterr().err


def test_a_file_in_no_repository_is_told_and_hides_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository(tmp_path / "own", _FIRST, *_EDITS)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "Dockerfile").write_text("FROM node:22\nCOPY . .\nRUN npm ci\n")
    files = [str(tmp_path / name / "Dockerfile") for name in ("other", "own")]
    assert main(["lint", "--no-cache", "--history", *files]) == 2
    told = capsys.readouterr()
    assert "is in no git repository" in told.err
    assert "in 4 of the last 4 commits" in told.out


def test_without_the_option_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(_COPY_FIRST)
    code = (
        "import sys; from dockeropt.cli.main import main; main(['lint', '--no-cache', sys.argv[1]]); "
        "sys.exit(any(name.startswith('dockeropt.replay') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "Dockerfile")], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
