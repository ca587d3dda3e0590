"""Layers over each other, held to a plain simulation that applies them from the base up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.measure.image.tar import Entry, Kind
from dockeropt.measure.image.tree import tree_of


def file(path: str, size: int = 1) -> Entry:
    return Entry(path, Kind.FILE, size, b"")


def folder(path: str) -> Entry:
    return Entry(path, Kind.FOLDER, 0, b"")


def gone(path: str) -> Entry:
    return Entry(path, Kind.WHITEOUT, 0, b"")


def opaque(path: str) -> Entry:
    return Entry(path, Kind.OPAQUE, 0, b"")


def link(path: str, target: str) -> Entry:
    return Entry(path, Kind.HARDLINK, 0, target.encode())


@pytest.mark.parametrize(
    ("layers", "there", "wasted"),
    [
        pytest.param([[file("a", 5)], [file("b", 3)]], {"a": 0, "b": 1}, (0, 0), id="files side by side"),
        pytest.param([[file("a", 5)], [file("a", 3)]], {"a": 1}, (5, 0), id="a file replaced"),
        pytest.param([[file("a", 5)], [gone("a")]], {}, (5, 0), id="a file deleted"),
        pytest.param(
            [[folder("d"), file("d/a", 5), file("d/e/b", 2)], [gone("d")]], {}, (7, 0), id="a folder deleted"
        ),
        pytest.param(
            [[file("d/a", 5)], [gone("d"), folder("d"), file("d/b", 1)]],
            {"d": 1, "d/b": 1},
            (5, 0),
            id="a folder deleted and made again in one layer",
        ),
        pytest.param(
            [[file("d/a", 5), file("x", 1)], [opaque("d"), file("d/b", 1)]],
            {"x": 0, "d/b": 1},
            (5, 0),
            id="a folder made opaque",
        ),
        pytest.param([[file("d/a", 5)], [file("d", 1)]], {"d": 1}, (5, 0), id="a folder replaced by a file"),
        pytest.param(
            [[file("d", 5)], [folder("d"), file("d/a")]], {"d": 1, "d/a": 1}, (5, 0), id="a file by a folder"
        ),
        pytest.param(
            [[file("a", 5)], [gone("a")], [file("a", 2)]], {"a": 2}, (5, 0, 0), id="deleted, then made again"
        ),
        pytest.param([[file("a", 5), file("a", 2)]], {"a": 0}, (5,), id="twice in one layer"),
        pytest.param(
            [[file("a", 5), link("b", "a")], [gone("a")]], {"b": 0}, (0, 0), id="a name deleted, another left"
        ),
        pytest.param(
            [[file("a", 5), link("b", "a")], [gone("a"), gone("b")]], {}, (5, 0), id="both names deleted"
        ),
        pytest.param([[file("d/a", 5)], [opaque("")]], {}, (5, 0), id="everything deleted"),
    ],
)
def test_what_is_there_and_what_is_wasted(
    layers: list[list[Entry]], there: dict[str, int], wasted: tuple[int, ...]
) -> None:
    tree = tree_of(layers)
    assert there == {path: number for path, (number, _) in tree.files.items()}
    assert wasted == tree.wasted


def test_the_name_that_is_left_is_the_file() -> None:
    tree = tree_of([[file("a", 5), link("b", "a"), link("c", "a")], [gone("a")]])
    assert {path: entry.size for path, (_, entry) in tree.files.items()} == {"b": 5, "c": 0}


def test_a_path_as_deep_as_a_forger_likes() -> None:
    deep = "/".join("d" * 50_000)
    assert tree_of([[file(deep, 5)], [gone("d/d")]]).wasted == (5, 0)


PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)
ENTRIES = st.one_of(
    st.builds(file, PATHS, st.integers(1, 9)),
    st.builds(folder, PATHS),
    st.builds(gone, PATHS),
    st.builds(opaque, PATHS),
)


def simulated(layers: list[list[Entry]]) -> tuple[dict[str, int], tuple[int, ...]]:
    """Return paths with their layer and the bytes each layer has for nothing, by unpacking in mind."""
    there: dict[str, tuple[int, Entry]] = {}
    total = [sum(entry.size for entry in layer) for layer in layers]

    def remove(path: str, *, itself: bool = True) -> None:
        for each in [each for each in there if each.startswith(f"{path}/") or (itself and each == path)]:
            del there[each]

    for number, layer in enumerate(layers):
        for entry in layer:
            if entry.kind in (Kind.WHITEOUT, Kind.OPAQUE):
                remove(entry.path, itself=entry.kind is Kind.WHITEOUT)
        for entry in layer:
            if entry.kind in (Kind.FILE, Kind.FOLDER):
                if entry.kind is Kind.FILE:
                    remove(entry.path)
                there[entry.path] = (number, entry)
    live = [sum(e.size for n, e in there.values() if n == number) for number in range(len(layers))]
    return {path: n for path, (n, _) in there.items()}, tuple(a - b for a, b in zip(total, live, strict=True))


def is_written_by_a_builder(layer: list[Entry]) -> bool:
    """Tell whether a layer has each path once, and nothing below a path that it makes a file."""
    made = [entry.path for entry in layer if entry.kind in (Kind.FILE, Kind.FOLDER)]
    files = {entry.path for entry in layer if entry.kind is Kind.FILE}
    return len(set(made)) == len(made) and not any(
        path.startswith(f"{each}/") for path in made for each in files
    )


@given(st.lists(st.lists(ENTRIES, max_size=5).filter(is_written_by_a_builder), max_size=4))
def test_it_is_what_unpacking_would_give(layers: list[list[Entry]]) -> None:
    tree = tree_of(layers)
    assert simulated(layers) == ({path: number for path, (number, _) in tree.files.items()}, tree.wasted)
