"""What a COPY can see and selects; the same rows are held against the engine in test_engine.py."""

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.semantics.context import Context, File
from tests.semantics.selections import FOLDER, SELECTIONS


def context_of(*paths: str, ignore: str | None = None) -> Context:
    return Context(lambda: tuple(File(path, len(path), 0o644) for path in paths), ignore)


def paths(files: Iterable[File]) -> str:
    return " ".join(file.path for file in files)


@pytest.mark.parametrize(("source", "selected"), SELECTIONS)
def test_what_a_source_selects(source: str, selected: str) -> None:
    assert selected == paths(context_of(*FOLDER).select([source]))


@pytest.mark.parametrize(
    ("sources", "exclude", "keeps_parents", "selected"),
    [
        pytest.param(["b.md", "a.js", "*.js"], [], False, "a.js b.md", id="each once"),
        pytest.param(["s"], ["*.js"], False, "s/a.ts s/l/c.js s/l/d/e.js", id="exclude at the folder's top"),
        pytest.param(["s"], ["**/*.js"], False, "s/a.ts", id="exclude at any depth"),
        pytest.param(["s"], ["l", "!l/d"], False, "s/a.ts s/b.js s/l/d/e.js", id="exclude with an exception"),
        pytest.param(
            ["s"], ["s/l"], False, "s/a.ts s/b.js s/l/c.js s/l/d/e.js", id="exclude is from the source"
        ),
        pytest.param(["a.js"], ["a.js"], False, "a.js", id="a file is not below itself"),
        pytest.param(["s/l"], [], True, "s/l/c.js s/l/d/e.js", id="parents of a folder"),
        pytest.param(["**/*.js"], [], True, "a.js s/b.js s/l/c.js s/l/d/e.js", id="parents with two stars"),
        pytest.param(["*/*.js"], [], True, "s/b.js", id="parents with one star"),
        pytest.param(["s/./l/*.js"], [], True, "s/l/c.js", id="parents after a pivot"),
        pytest.param(["s/./l"], ["l/d"], True, "s/l/c.js", id="exclude after a pivot"),
        pytest.param(["."], [], True, " ".join(FOLDER), id="parents of everything"),
    ],
)
def test_select(sources: list[str], exclude: list[str], keeps_parents: bool, selected: str) -> None:
    assert selected == paths(context_of(*FOLDER).select(sources, exclude, keeps_parents))


def test_what_is_left_out_is_not_selected() -> None:
    context = context_of("b", "a", "n/x", "Dockerfile", ignore="n\nDockerfile")
    assert paths(context.files) == "a b"
    assert paths(context.all_files) == "Dockerfile a b n/x"
    assert context.select(["n", "Dockerfile"]) == ()
    assert context.file("n/x") is None
    assert context.file("b") == File("b", 1, 0o644)


def test_a_folder_that_is_left_out_is_not_walked() -> None:
    def list_kept(skips: Callable[[str], bool]) -> tuple[File, ...]:
        assert skips("node_modules")
        assert not skips("src")
        return (File("src/a", 1, 0o644),)

    def list_files() -> tuple[File, ...]:
        raise AssertionError("all files were listed")

    assert paths(Context(list_files, "node_modules", list_kept=list_kept).files) == "src/a"


def test_files_are_listed_once_and_late() -> None:
    calls = []

    def list_files() -> tuple[File, ...]:
        calls.append(1)
        return (File("a", 1, 0o644),)

    context = Context(list_files, None)
    assert calls == []
    assert (context.files, context.all_files, context.select(["."])) == ((File("a", 1, 0o644),),) * 3
    assert calls == [1]


@given(st.lists(st.text(alphabet="as/.*?[]^-\\é", max_size=6), max_size=3), st.booleans())
def test_any_source_selects_files_of_the_context(sources: list[str], keeps_parents: bool) -> None:
    context = context_of(*FOLDER)
    selected = context.select(sources, ["*.js"], keeps_parents)
    assert set(selected) <= set(context.files)
    assert list(selected) == sorted(set(selected))
