"""The history is read as git has it, whatever is in it."""

import os
from pathlib import Path

import pytest

from dockeropt.errors import MeasureError, UsageError
from dockeropt.replay.blobs import Blobs
from dockeropt.replay.history import LINK, PROGRAM, SUBMODULE, open_history
from tests.replay.repository import Link, Program, Repository, repository


def _changes(folder: Path, commits: int = 200) -> list[list[str]]:
    """Return what each commit did, newest first: + for added, - for deleted, ~ for changed paths."""
    history = open_history(str(folder), commits=commits)
    return [
        [("+" if not before else "~" if after else "-") + path for path, before, after in changes]
        for _, changes in history.changes()
    ]


def test_changes_lead_from_the_newest_tree_back_to_the_oldest(tmp_path: Path) -> None:
    made = repository(
        tmp_path,
        {"a": "1", "b/c": "1"},
        {"a": "2"},
        {},
        {"b/c": None, "b/d": "1"},
        {"a": Program("2")},
        {"l": Link("a"), "a": None},
    )
    history = open_history(str(tmp_path))
    files = history.tree()
    assert {path: blob.mode for path, blob in files.items() if path == "l"} == {"l": LINK}
    for _, changes in history.changes():
        for path, before, after in changes:
            assert after == files.pop(path, None)
            if before is not None:
                files[path] = before
    oldest = made.git("rev-list", "--max-parents=0", "HEAD")
    listed = {line.split("\t")[1]: line.split()[2] for line in made.git("ls-tree", "-r", oldest).splitlines()}
    assert listed == {path: blob.id for path, blob in files.items()}
    assert _changes(tmp_path) == [["-a", "+l"], ["~a"], ["-b/c", "+b/d"], [], ["~a"]]


def test_a_rename_is_a_deletion_and_an_addition_even_where_git_is_told_to_find_it(tmp_path: Path) -> None:
    made = repository(tmp_path, {"a": "same\n" * 20}, {"a": None, "z": "same\n" * 20})
    made.git("config", "diff.renames", "copies")
    assert _changes(tmp_path) == [["-a", "+z"]]


def test_a_merge_is_what_it_brings_to_its_first_parent(tmp_path: Path) -> None:
    made = repository(tmp_path, {"a": "1"})
    made.git("checkout", "--quiet", "-b", "topic")
    made.commit({"b": "1"})
    made.commit({"c": "1"})
    made.git("checkout", "--quiet", "main")
    made.commit({"a": "2"})
    made.git("merge", "--quiet", "--no-ff", "--message", "merge", "topic")
    assert _changes(tmp_path) == [["+b", "+c"], ["~a"]]


def test_a_shallow_clone_ends_where_it_ends(tmp_path: Path) -> None:
    made = repository(tmp_path / "full", *({"a": str(number)} for number in range(6)))
    made.git("clone", "--quiet", "--depth=3", f"file://{tmp_path}/full", str(tmp_path / "clone"))
    history = open_history(str(tmp_path / "clone"))
    assert history.is_shallow
    assert _changes(tmp_path / "clone") == [["~a"], ["~a"]]
    assert not open_history(str(tmp_path / "full")).is_shallow
    assert not open_history(str(tmp_path / "clone"), commits=1).is_shallow


def test_as_many_commits_as_asked_for_are_read(tmp_path: Path) -> None:
    repository(tmp_path, *({"a": str(number)} for number in range(6)))
    assert len(_changes(tmp_path, commits=2)) == 2
    assert len(_changes(tmp_path, commits=1000)) == 5


def test_names_with_newlines_and_bytes_that_are_not_utf_8(tmp_path: Path) -> None:
    name = "a\nb\t\udcff:"
    repository(tmp_path, {name: "1"}, {name: "2", ":x": "1"})
    assert {name, ":x"} == set(open_history(str(tmp_path)).tree())
    assert [["+:x", f"~{name}"]] == [sorted(each) for each in _changes(tmp_path)]


def test_a_submodule_is_known_by_its_commit(tmp_path: Path) -> None:
    other = repository(tmp_path / "other", {"x": "1"})
    made = repository(tmp_path / "own", {"a": "1"})
    made.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", f"{tmp_path}/other", "sub")
    made.git("config", "diff.ignoreSubmodules", "all")
    made.commit()
    first = open_history(str(tmp_path / "own")).tree()["sub"]
    assert (other.git("rev-parse", "HEAD"), SUBMODULE) == first
    other.commit({"x": "2"})
    made.git("-C", "sub", "pull", "--quiet")
    made.commit()
    assert _changes(tmp_path / "own")[0] == ["~sub"]


def test_a_mode_alone_is_a_change(tmp_path: Path) -> None:
    repository(tmp_path, {"a": "1"}, {"a": Program("1")})
    ((_, (change,)),) = open_history(str(tmp_path)).changes()
    assert change.before is not None
    assert change.after is not None
    assert (change.before.id, PROGRAM) == change.after


def test_a_folder_of_the_repository_is_known(tmp_path: Path) -> None:
    repository(tmp_path, {"apps/web/a": "1"}, {"apps/web/a": "2"})
    history = open_history(str(tmp_path / "apps" / "web"))
    assert ("apps/web/", os.path.realpath(tmp_path)) == (history.folder, history.root)
    assert _changes(tmp_path / "apps" / "web") == [["~apps/web/a"]]


def test_a_bare_repository_and_a_detached_head_are_read(tmp_path: Path) -> None:
    made = repository(tmp_path / "own", {"a": "1"}, {"a": "2"}, {"a": "3"})
    made.git("clone", "--quiet", "--bare", str(tmp_path / "own"), str(tmp_path / "bare.git"))
    bare = open_history(str(tmp_path / "bare.git"))
    assert (bare.branch, bare.root, len(bare.commits)) == ("main", None, 3)
    made.git("checkout", "--quiet", "--detach", "HEAD~1")
    detached = open_history(str(tmp_path / "own"))
    assert (detached.branch, len(detached.commits)) == ("a detached head", 2)


def test_another_branch_can_be_named(tmp_path: Path) -> None:
    made = repository(tmp_path, {"a": "1"})
    made.git("checkout", "--quiet", "-b", "topic")
    made.commit({"b": "1"})
    made.git("checkout", "--quiet", "main")
    assert "b" not in open_history(str(tmp_path)).tree()
    assert "b" in open_history(str(tmp_path), "topic").tree()


def test_reading_changes_nothing_in_the_repository(tmp_path: Path) -> None:
    repository(tmp_path, {"a": "1"}, {"a": "2"})

    def seen() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}

    before = seen()
    history = open_history(str(tmp_path))
    with Blobs(history.git) as blobs:
        assert blobs.read(history.tree()["a"].id) == b"2"
    assert _changes(tmp_path) == [["~a"]]
    assert before == seen()


def test_a_hook_s_own_repository_is_not_taken_for_the_one_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(tmp_path / "hook", {"a": "1"})
    repository(tmp_path / "own", {"b": "1"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "hook" / ".git"))
    assert list(open_history(str(tmp_path / "own")).tree()) == ["b"]


def test_an_object_that_is_gone_is_told(tmp_path: Path) -> None:
    repository(tmp_path, {"a": "1"}, {"a": "2"})
    history = open_history(str(tmp_path))
    blob = history.tree()["a"].id
    (tmp_path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with (
        Blobs(history.git) as blobs,
        pytest.raises(MeasureError, match=f"does not have the object {blob[:12]}"),
    ):
        blobs.read(blob)


def test_a_history_rewritten_while_it_is_read_is_told(tmp_path: Path) -> None:
    made = repository(tmp_path, {"a": "1"}, {"a": "2"}, {"a": "3"})
    history = open_history(str(tmp_path))
    made.git("checkout", "--quiet", "--orphan", "new")
    made.commit({"a": "4"})
    made.git("branch", "--quiet", "-D", "main")
    made.git("reflog", "expire", "--expire=now", "--all")
    made.git("gc", "--quiet", "--prune=now")
    with pytest.raises(MeasureError, match="git diff-tree stopped") as raised:
        list(history.changes())
    assert "rewritten" in raised.value.hint


def test_a_history_rewritten_while_its_objects_are_there_is_read_to_its_end(tmp_path: Path) -> None:
    made = repository(tmp_path, {"a": "1"}, {"a": "2"}, {"a": "3"})
    history = open_history(str(tmp_path))
    made.git("reset", "--quiet", "--hard", "HEAD~2")
    assert len(list(history.changes())) == 2


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is in no git repository"):
        open_history(str(tmp_path))


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_no_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=f"{name} is no folder"):
        open_history(str(tmp_path / name))


def test_no_commits(tmp_path: Path) -> None:
    Repository(tmp_path)
    with pytest.raises(UsageError, match="has no commits yet"):
        open_history(str(tmp_path))


def test_no_such_branch(tmp_path: Path) -> None:
    repository(tmp_path, {"a": "1"})
    with pytest.raises(UsageError, match="there is no branch or commit other") as raised:
        open_history(str(tmp_path), "other")
    assert raised.value.hint == "there are main"


@pytest.mark.parametrize("branch", ["--all", "-n1", "main..main", "main:a"])
def test_a_branch_that_is_none_is_no_option_either(tmp_path: Path, branch: str) -> None:
    repository(tmp_path, {"a": "1"})
    with pytest.raises(UsageError, match="there is no branch or commit"):
        open_history(str(tmp_path), branch)


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MeasureError, match="git command is not installed"):
        open_history(str(tmp_path))
