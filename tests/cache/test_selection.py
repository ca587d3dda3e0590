"""A selection takes the files that COPY takes, and keeps of a path what counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.cache.selection import Selection
from dockeropt.cache.steps import Origin, Source
from dockeropt.semantics.context import Context, File

_PATHS = st.lists(st.sampled_from(["a", "b", "ab", "a.js", ".a", "["]), min_size=1, max_size=4).map("/".join)
_PATTERNS = st.lists(
    st.sampled_from(["a", "b", "*", "a*", "?", "[ab]", "[^a]*", ".", "..", "", "*.js", "\\[", "["]),
    min_size=1,
    max_size=4,
).map("/".join)


def _source(
    pattern: str, exclude: tuple[str, ...] = (), is_mount: bool = False, parents: bool = False
) -> Source:
    return Source(Origin.CONTEXT, None, None, (pattern,), exclude, is_mount, parents)


@given(_PATTERNS, st.lists(_PATHS, max_size=8, unique=True), st.sets(_PATTERNS, max_size=2))
def test_a_selection_takes_what_the_context_gives(pattern: str, paths: list[str], exclude: set[str]) -> None:
    context = Context(lambda: [File(path, 0, 0o644) for path in paths], None)
    selection = Selection(pattern, _source(pattern, tuple(exclude)))
    assert [file.path for file in context.select([pattern], exclude)] == [
        path for path in sorted(paths) if selection.name_of(path) is not None
    ]


@pytest.mark.parametrize(
    ("source", "path", "name"),
    [
        pytest.param(_source("."), "a/b", "a/b", id="everything"),
        pytest.param(_source("a"), "a/b/c", "b/c", id="a folder's own name does not count"),
        pytest.param(_source("a/b"), "a/b", "", id="nor a file's, which the step's text has"),
        pytest.param(_source("a"), "ab", None, id="a name that begins alike"),
        pytest.param(_source("a/*.js"), "a/b.js", "b.js", id="what a pattern takes counts by name"),
        pytest.param(_source("*/b"), "a/b/c", "b/c", id="and what is below it"),
        pytest.param(_source("*"), "a/b", "a/b", id="a folder that a pattern takes"),
        pytest.param(_source("*.js"), "a/b.js", None, id="a pattern does not go down"),
        pytest.param(_source("a*", is_mount=True), "ab", None, id="a mount's path is no pattern"),
        pytest.param(_source("a*", is_mount=True), "a*/b", "b", id="a mount's path is taken as it is"),
        pytest.param(_source("a", exclude=("*.md",)), "a/b.md", None, id="what is excluded"),
        pytest.param(_source("a", exclude=("*.md",)), "a/c/b.md", "c/b.md", id="only there"),
        pytest.param(_source("**/*.json", parents=True), "a/b.json", "a/b.json", id="parents count"),
        pytest.param(_source("a/./*/c", parents=True), "a/b/c", "b/c", id="from the pivot on"),
    ],
)
def test_what_counts_of_a_path(source: Source, path: str, name: str | None) -> None:
    assert name == Selection(source.patterns[0], source).name_of(path)
