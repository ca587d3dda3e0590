import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.syntax.json_form import is_other_array, read_strings

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))), st.booleans())
def test_arrays_of_strings_are_read(strings: list[str], is_ascii: bool) -> None:
    text = json.dumps(strings, ensure_ascii=is_ascii).replace("\x7f", "\\u007f")
    found = read_strings(text)
    assert found is not None
    assert strings == [string.value for string in found]
    assert not is_other_array(text)


@given(st.lists(_VALUES, min_size=1))
def test_other_arrays_are_told_apart(values: list[object]) -> None:
    text = json.dumps(values)
    is_strings = all(isinstance(value, str) for value in values)
    assert is_strings != is_other_array(text)
    assert is_strings == (read_strings(text) is not None)


@given(st.text('[]{}",:1 a\\tn-', max_size=12).map("[".__add__).map(str.strip))  # as a body is
def test_what_is_no_json_is_neither(text: str) -> None:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    is_strings = isinstance(value, list) and all(isinstance(item, str) for item in value)
    assert (is_strings, isinstance(value, list) and not is_strings) == (
        read_strings(text) is not None,
        is_other_array(text),
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[01]", id="a leading zero"),
        pytest.param("[1.]", id="no digit behind the point"),
        pytest.param("[NaN]", id="not a number"),
        pytest.param('[{"a" 1}]', id="no colon"),
        pytest.param("[1}", id="another bracket"),
        pytest.param("[1] 2", id="text behind it"),
        pytest.param("1", id="no array"),
        pytest.param("[" * 10_001 + "]" * 10_001, id="deeper than Go goes"),
    ],
)
def test_what_go_refuses_is_no_array(text: str) -> None:
    assert not is_other_array(text)
