"""Digests of a context follow its changes and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.cache.links import followed
from dockeropt.cache.selection import Selection
from dockeropt.cache.snapshot import Entry, Snapshot
from dockeropt.cache.steps import Origin, Source

_PATHS = st.lists(st.sampled_from(["a", "b", "c.js"]), min_size=1, max_size=3).map("/".join)
_ENTRIES = st.builds(Entry, st.sampled_from(["1", "2"]), st.sampled_from([0o644, 0o755]), st.none())
_LINKS = st.builds(Entry, st.just("3"), st.just(0o777), st.sampled_from(["a", "b/a", "..", "../c.js", "/"]))
_FILES = st.dictionaries(_PATHS, _ENTRIES, max_size=6)
_CHANGES = st.dictionaries(_PATHS, st.none() | _ENTRIES | _LINKS, max_size=4)
_SELECTIONS = [
    Selection(pattern, Source(Origin.CONTEXT, None, None, (pattern,), (), False, False))
    for pattern in (".", "a", "a/b", "*.js", "*/c.js")
]


@given(st.dictionaries(_PATHS, _ENTRIES | _LINKS, max_size=6), st.lists(_CHANGES, max_size=4))
def test_an_updated_snapshot_has_the_digests_of_a_new_one(
    files: dict[str, Entry], steps: list[dict[str, Entry | None]]
) -> None:
    snapshot = Snapshot(files)
    for changes in steps:
        for selection in _SELECTIONS:
            snapshot.digest(selection)
        snapshot = snapshot.updated(changes)
        fresh = Snapshot(dict(snapshot.files))
        assert [fresh.digest(each) for each in _SELECTIONS] == [snapshot.digest(each) for each in _SELECTIONS]


@given(_FILES, _FILES)
def test_digests_are_equal_where_the_selected_files_are(
    before: dict[str, Entry], after: dict[str, Entry]
) -> None:
    for selection in _SELECTIONS:
        seen = [
            sorted(
                (selection.name_of(path), entry)
                for path, entry in files.items()
                if selection.name_of(path) is not None
            )
            for files in (before, after)
        ]
        are_equal = Snapshot(before).digest(selection) == Snapshot(after).digest(selection)
        assert (seen[0] == seen[1]) == are_equal


def test_two_equal_files_do_not_cancel_out() -> None:
    selection = _SELECTIONS[4]
    one = Snapshot({"a/c.js": Entry("1", 0o644)})
    two = one.updated({"b/c.js": Entry("1", 0o644)})
    assert one.digest(selection) != two.digest(selection)


def test_an_update_leaves_the_snapshot_before_as_it_was() -> None:
    before = Snapshot({"a": Entry("1", 0o644)})
    digest = before.digest(_SELECTIONS[0])
    before.updated({"a": None, "b": Entry("2", 0o644)})
    assert {"a": Entry("1", 0o644)} == before.files
    assert digest == before.digest(_SELECTIONS[0])


def test_a_circle_of_links_is_a_link() -> None:
    circle = Snapshot({"a": Entry("1", 0o777, "b"), "b": Entry("2", 0o777, "a")})
    assert Snapshot({}).digest(_SELECTIONS[1]) != circle.digest(_SELECTIONS[1])


@pytest.mark.parametrize(
    ("path", "place"),
    [
        pytest.param("plain/a", "plain/a", id="no link"),
        pytest.param("here/a", "a", id="a link to the root"),
        pytest.param("deep/link/b", "other/b", id="a link beside its folder"),
        pytest.param("out", "etc", id="out of the context and no further"),
        pytest.param("far/b", "other/b", id="a link to a link"),
        pytest.param("rooted", ".", id="the root itself"),
    ],
)
def test_a_path_leads_over_links(path: str, place: str) -> None:
    links = {"here": ".", "deep/link": "../other", "out": "../../etc", "far": "deep/link", "rooted": "/"}
    assert place == followed(path, links)
