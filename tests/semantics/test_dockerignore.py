"""What a .dockerignore leaves out; the same rows are held against the engine in test_engine.py."""

import os
from pathlib import Path

import pytest
from docker.utils.build import exclude_paths
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.semantics.dockerignore import Matcher
from tests.semantics.ignores import IGNORES, TREE


@pytest.mark.parametrize(("text", "kept"), IGNORES)
def test_what_reaches_the_builder(text: str, kept: str) -> None:
    matcher = Matcher(text)
    assert kept.split() == [path for path in TREE if not matcher.excludes(path)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("!", id="exception of nothing"),
        pytest.param("!/", id="exception of the root"),
        pytest.param("[a", id="class left open"),
        pytest.param("[]a]", id="class that begins with its end"),
        pytest.param("[-a]", id="class that begins with a dash"),
        pytest.param("[a-]", id="range without an end"),
        pytest.param("a\\", id="escape of nothing"),
        pytest.param("a\\1*", id="escaped digit"),
    ],
)
def test_a_pattern_docker_refuses_is_told_and_matches_nothing(text: str) -> None:
    matcher = Matcher(f"x\n{text}\n")
    assert [(text.removeprefix("!").strip("/"), 2)] == [(p.text, p.line) for p in matcher.refused]
    assert [matcher.excludes("x"), matcher.excludes("a")] == [True, False]


@pytest.mark.parametrize(
    ("text", "folder", "is_skipped"),
    [
        pytest.param("node_modules", "node_modules", True, id="left out, no exception"),
        pytest.param("node_modules", "src", False, id="not left out"),
        pytest.param("node_modules\n!node_modules/a/b", "node_modules", False, id="exception below"),
        pytest.param(
            "node_modules\n!node_modules/a/b", "node_modules/c", True, id="exception elsewhere below"
        ),
        pytest.param("node_modules\n!src/*.js", "node_modules", True, id="exception with a star elsewhere"),
        pytest.param("*\n!*/a", "node_modules", False, id="exception with a star for any folder"),
        pytest.param("*\n!*/a", "node_modules/x", True, id="exception that does not reach so deep"),
        pytest.param("*\n!**/a", "node_modules/x", False, id="exception with two stars"),
        pytest.param("*\n!s*/**", "node_modules", True, id="exception with two stars for other folders"),
        pytest.param("*\n!s*/**", "src/x", False, id="folder let in again"),
        pytest.param("*\n![ns]*/x", "node_modules", False, id="exception with a class is taken to match"),
    ],
)
def test_a_folder_is_skipped_when_nothing_below_can_come_back(
    text: str, folder: str, is_skipped: bool
) -> None:
    assert is_skipped == Matcher(text).excludes_below(folder)


def test_patterns_given_one_by_one_keep_their_leading_slash() -> None:
    matcher = Matcher.of(["/a", "b/", "#c", "!b/x"])
    assert [matcher.excludes(path) for path in ("a", "b/y", "#c", "b/x")] == [False, True, True, False]


def test_the_root_is_never_left_out() -> None:
    assert [Matcher("**").excludes(path) for path in ("", ".")] == [False, False]


PART = st.sampled_from(["a", "b", "x", "y", "foo", "*", "**", "?", "*.md", "a*", "[ab]", "f*", ".*", "*oo"])
PATTERN = st.lists(PART, min_size=1, max_size=3).map("/".join)
LITERAL = st.lists(st.sampled_from(["x", "y", "foo", "bar"]), min_size=1, max_size=3).map("/".join)
FILES = (
    *("a", "b", "ab", "a.md", "x/a", "x/b.md", "x/y/a", "x/y/c.md", "x/y/foo/a"),
    *("foo/a", "foo/bar/a", "foo/bar/foo/c", "afoo", ".e", ".g/h"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("context")
    for path in FILES:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    return root


@given(st.data())
def test_agrees_with_the_docker_sdk(folder: Path, data: st.DataObject) -> None:
    """The SDK's own faults are left out: exceptions with wildcards below a folder that is left out,
    exceptions for a folder of which another pattern takes only a part, ``..``, ``[^a]``, ``**name``.
    """
    patterns = data.draw(st.lists(PATTERN, min_size=1, max_size=4))
    matcher = Matcher("\n".join(patterns))
    kept = exclude_paths(str(folder), list(patterns), "no-such-file")
    assert {path for path in kept if os.path.isfile(folder / path)} == {
        path for path in FILES if not matcher.excludes(path)
    }


@given(LITERAL)
def test_agrees_with_the_docker_sdk_on_an_exception(folder: Path, exception: str) -> None:
    matcher = Matcher(f"*\n!{exception}")
    kept = exclude_paths(str(folder), ["*", f"!{exception}"], "no-such-file")
    assert {path for path in kept if os.path.isfile(folder / path)} == {
        path for path in FILES if not matcher.excludes(path)
    }


@given(st.lists(st.tuples(st.booleans(), PATTERN), max_size=5))
def test_a_skipped_folder_holds_nothing_that_is_kept(patterns: list[tuple[bool, str]]) -> None:
    matcher = Matcher("\n".join("!" * is_exception + pattern for is_exception, pattern in patterns))
    for path in FILES:
        parts = path.split("/")
        if any(matcher.excludes_below("/".join(parts[:depth])) for depth in range(1, len(parts))):
            assert matcher.excludes(path)


@given(st.text(alphabet="ab*?[]^-\\!/#. \r\né"), st.text(alphabet="ab[]^-\\!/#.é", max_size=8))
def test_any_text_can_be_asked_about_any_path(text: str, path: str) -> None:
    matcher = Matcher(text)
    assert matcher.excludes(path) in (True, False)
    assert matcher.excludes_below(path) in (True, False)
