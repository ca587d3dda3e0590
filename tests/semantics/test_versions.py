"""The mapping all of whose versions stay readable, held against plain copies."""

from hypothesis import given
from hypothesis import strategies as st

from dockeropt.semantics.versions import Versions


@given(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abcde"), st.integers(0, 3)), max_size=30),
    st.booleans(),
)
def test_every_version_equals_the_copy_made_of_it(
    settings: list[tuple[int, str, int]], keeps_place: bool
) -> None:
    versions: list[Versions[int]] = [Versions(keeps_place)]
    copies: list[dict[str, int]] = [{}]
    for from_version, name, value in settings:
        at = from_version % len(versions)
        versions.append(versions[at].with_(name, value))
        copy = {key: old for key, old in copies[at].items() if key != name or keeps_place}
        copies.append(copy | {name: value})
    for copied, version in zip(copies, versions, strict=True):
        assert list(copied.items()) == list(version.items())
        assert len(copied) == len(version)
        assert [copied.get(name) for name in "abcdef"] == [version.get(name) for name in "abcdef"]


def test_a_mapping_can_be_made_of_items() -> None:
    assert dict(Versions.of([("a", 1), ("b", 2)])) == {"a": 1, "b": 2}
