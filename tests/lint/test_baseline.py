"""Old findings are quiet, new ones are not, whatever moved in between."""

import json
import os
from pathlib import Path

import pytest

from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.errors import UsageError
from dockeropt.lint.baseline import Baseline, of_nothing, read
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.source import Source

OLD = "FROM debian:latest\nFROM node:latest\nFROM node:latest\n"


def findings(text: str, path: Path) -> tuple[Diagnostic, ...]:
    return lint_source(Source(text, str(path)), Settings(select=frozenset(("dl3007",))))


def lines(diagnostics: list[Diagnostic]) -> list[int]:
    return [each.source.position(each.finding.span.start).line for each in diagnostics]


@pytest.fixture
def old(tmp_path: Path) -> Baseline:
    """The baseline of OLD, written and read again."""
    dockerfile, file = tmp_path / "Dockerfile", tmp_path / "baseline.json"
    dockerfile.write_text(OLD)
    first = of_nothing(str(file))
    assert lines(first.new(str(dockerfile), findings(OLD, dockerfile))) == [1, 2, 3]
    assert first.write() == 3
    return read(str(file))


@pytest.mark.parametrize(
    ("text", "new", "stale"),
    [
        pytest.param(OLD, [], 0, id="the same file"),
        pytest.param("# moved\n\n" + OLD.replace("FROM", "  FROM"), [], 0, id="moved and indented lines"),
        pytest.param("FROM node:latest\nFROM debian:latest\nFROM node:latest\n", [], 0, id="another order"),
        pytest.param(OLD + "FROM node:latest\n", [4], 0, id="one more of the same"),
        pytest.param(OLD + "FROM alpine:latest\n", [4], 0, id="a new line"),
        pytest.param("FROM debian:latest\nFROM node:latest\n", [], 1, id="one gone"),
        pytest.param("FROM debian:12\n", [], 3, id="all gone"),
    ],
)
def test_only_what_is_new_is_told(
    tmp_path: Path, old: Baseline, text: str, new: list[int], stale: int
) -> None:
    path = tmp_path / "Dockerfile"
    assert lines(old.new(str(path), findings(text, path))) == new
    assert old.stale() == stale


def test_what_is_gone_is_taken_out_and_other_files_stay(tmp_path: Path, old: Baseline) -> None:
    other = tmp_path / "Dockerfile.other"
    other.write_text(OLD)
    assert lines(old.new(str(other), findings(OLD, other))) == [1, 2, 3]
    assert old.write() == 6

    both = read(old.path)
    both.new(str(other), findings("FROM debian:latest\n", other))
    assert both.write() == 4
    (tmp_path / "Dockerfile").unlink()
    last = read(old.path)
    last.new(str(other), findings("FROM debian:latest\n", other))
    assert last.write() == 1


def test_the_file_does_not_depend_on_the_working_directory(
    tmp_path: Path, old: Baseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Path(old.path).read_text()
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    here = read("../baseline.json")
    assert here.new("../Dockerfile", findings(OLD, Path("../Dockerfile"))) == []
    here.write()
    assert Path(old.path).read_text() == before
    assert list(json.loads(before)["findings"]) == ["Dockerfile"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "is no baseline", id="an empty file"),
        pytest.param("[]", "is no baseline", id="a list"),
        pytest.param('{"version": 1, "findings": {"a": 3}}', "is no baseline", id="a number for a table"),
        pytest.param('{"version": 2}', "is a baseline of version 2, not 1", id="another version"),
        pytest.param("[" * 100_000, "is no baseline", id="deep nesting"),
    ],
)
def test_another_file_is_told(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(text)
    with pytest.raises(UsageError, match=message):
        read(os.fspath(file))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no baseline"):
        read(os.fspath(tmp_path / "nowhere.json"))
