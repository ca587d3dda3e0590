"""Patterns of .gitignore take the paths that git says they take."""

import os
import subprocess
from pathlib import Path
from random import Random

import pytest

from dockeropt.config.path_patterns import covers, read_pattern, read_patterns


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        pytest.param("a", ["a", "x/a", "a/x"], ["b", "ab", "x/ab"], id="a name at any depth"),
        pytest.param("/a", ["a", "a/x"], ["x/a"], id="anchored by a slash at its start"),
        pytest.param("x/a", ["x/a", "x/a/b"], ["y/x/a"], id="anchored by a slash inside"),
        pytest.param("a/", ["a/x", "y/a/x"], ["a", "y/a"], id="folders only"),
        pytest.param("*.d", ["x.d", "y/x.d"], ["x.de", "d"], id="a star"),
        pytest.param("x/*", ["x/a", "x/a/b"], ["x", "y/x/a"], id="a star takes no slash"),
        pytest.param("?", ["a", "x/b"], ["ab"], id="a question mark"),
        pytest.param("**/a/b", ["a/b", "x/y/a/b"], ["a/x/b"], id="leading stars"),
        pytest.param("a/**", ["a/x", "a/x/y"], ["a"], id="trailing stars"),
        pytest.param("a/**/b", ["a/b", "a/x/y/b"], ["a", "x/a/b"], id="stars in the middle"),
        pytest.param("a**b", ["ab", "axb"], ["a/b"], id="two stars that are one"),
        pytest.param("[ab]", ["a", "b"], ["c", "ab"], id="a class"),
        pytest.param("[!a-c]", ["d"], ["a", "b"], id="a negated class"),
        pytest.param("[[:digit:]]", ["3"], ["a"], id="a named class"),
        pytest.param("[a", [], ["a", "[a"], id="a class that never closes"),
        pytest.param(r"\#a", ["#a"], ["a"], id="an escaped hash"),
        pytest.param(r"\!a", ["!a"], ["a"], id="an escaped exclamation mark"),
        pytest.param("a  ", ["a"], ["a  "], id="trailing blanks"),
        pytest.param("a\\ ", ["a "], ["a"], id="an escaped trailing blank"),
    ],
)
def test_a_pattern_takes(pattern: str, taken: list[str], left: list[str]) -> None:
    assert taken == [path for path in taken + left if covers(pattern, path)]


def test_comments_and_empty_lines_are_none() -> None:
    assert read_patterns("\ufeff# a\r\n\n  \n!\n/\n") == ()
    found = read_pattern("!a/")
    assert found is not None
    assert (found.is_negated, found.only_folders) == (True, True)


PARTS = ["a", "b", "*", "**", "/", "?", "[ab]", "[!a]", "a*", "\\a", "[a-", "]", "!"]
PATHS = ["a", "b", "ab", "a/a", "a/b", "b/a", "b/a/b", "a/b/a", "ab/b", "a/ab/b", "[a-", "]"]


def test_git_agrees(tmp_path: Path) -> None:
    """Each of many patterns in a folder of its own, one question to git for all."""
    chooser = Random(3)
    lines = sorted({"".join(chooser.choices(PARTS, k=chooser.randint(1, 5))) for _ in range(1500)})
    lines = [line for line in lines if not line.startswith("!")]
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    for number, line in enumerate(lines):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / ".gitignore").write_text(line + "\n")
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "--stdin"],
        input="".join(f"{number}/{path}\0" for number in range(len(lines)) for path in PATHS),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
        timeout=60,
    )
    theirs: dict[str, list[str]] = {line: [] for line in lines}
    for answer in done.stdout.split("\0")[:-1]:
        folder, _, path = answer.partition("/")
        theirs[lines[int(folder)]].append(path)
    ours = {line: [path for path in PATHS if covers(line, path)] for line in lines}
    assert [(line, theirs[line], ours[line]) for line in lines if theirs[line] != ours[line]] == []
