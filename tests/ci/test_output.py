"""A set of files is written as a whole or not at all."""

import os
from pathlib import Path

import pytest

from dockeropt.ci import output
from dockeropt.errors import UsageError

FILES = {"a.yml": "a\n", "deep/er/b.tf": "b\n", "c.json": "c\n"}


def tree(folder: Path) -> dict[str, str]:
    """Return every file below a folder with its text, and every folder with a slash."""
    return {
        f"{path.relative_to(folder)}{'/' if path.is_dir() else ''}": path.read_text()
        if path.is_file()
        else ""
        for path in sorted(folder.rglob("*"))
    }


def test_a_new_folder_gets_all_of_them(tmp_path: Path) -> None:
    places = output.write_files(str(tmp_path / "new" / "cdn"), FILES)
    assert [str(tmp_path / "new" / "cdn" / path) for path in FILES] == list(places)
    assert tree(tmp_path / "new" / "cdn") == {
        "a.yml": "a\n",
        "c.json": "c\n",
        "deep/": "",
        "deep/er/": "",
        "deep/er/b.tf": "b\n",
    }


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    output.write_files(str(tmp_path), FILES)
    assert (tmp_path / "mine").read_text() == "mine"
    assert (tmp_path / "deep/er/b.tf").read_text() == "b\n"


def test_nothing_is_written_where_one_is_there(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text("mine")
    with pytest.raises(UsageError) as raised:
        output.write_files(str(tmp_path), FILES)
    assert "is there already, so nothing was written" in raised.value.message
    assert "--force" in raised.value.hint
    assert tree(tmp_path) == {"c.json": "mine"}


def test_force_replaces_and_keeps_the_mode(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text("mine")
    (tmp_path / "c.json").chmod(0o640)
    output.write_files(str(tmp_path), FILES, force=True)
    assert (tmp_path / "c.json").read_text() == "c\n"
    assert (tmp_path / "c.json").stat().st_mode & 0o777 == 0o640


def test_a_folder_in_the_place_of_a_file_is_refused_even_with_force(tmp_path: Path) -> None:
    (tmp_path / "c.json").mkdir()
    with pytest.raises(UsageError, match="is no file"):
        output.write_files(str(tmp_path), FILES, force=True)
    assert tree(tmp_path) == {"c.json/": ""}


@pytest.mark.parametrize("failing", range(len(FILES)))
@pytest.mark.parametrize("is_there", [False, True])
def test_a_failure_in_the_middle_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int, is_there: bool
) -> None:
    if is_there:
        for path in FILES:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text("mine")
    before = tree(tmp_path)
    replace, calls = os.replace, iter(range(100))

    def full(source: str, target: str) -> None:
        if next(calls) == failing:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UsageError) as raised:
        output.write_files(str(tmp_path), FILES, force=True)
    assert raised.value.message == f"cannot write to {tmp_path}: no space left on device"
    assert before == tree(tmp_path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="file is a file, not a folder"):
        output.write_files(str(tmp_path / "file"), FILES, force=True)
    assert tree(tmp_path) == {"file": "mine"}


def test_a_folder_that_cannot_be_made_leaves_none_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write to"):
        output.write_files(str(tmp_path / "file" / "new"), FILES)
    assert tree(tmp_path) == {"file": ""}
