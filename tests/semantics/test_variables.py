"""Variables as BuildKit expands them; the rows were checked against an engine by test_engine.py's oracle."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.semantics.globs import remove_prefix, remove_suffix, replace
from dockeropt.semantics.variables import expand, expand_words, expansion, names_used
from tests.semantics.expansions import EXPANSIONS, VALUES


@pytest.mark.parametrize(("text", "expanded"), EXPANSIONS)
def test_every_form_of_a_variable(text: str, expanded: str) -> None:
    assert expanded == expand(text, VALUES.get)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("${", "missing '}'", id="nothing after the brace"),
        pytest.param("${A", "missing '}'", id="brace left open"),
        pytest.param("${A:-x", "missing '}'", id="word left open"),
        pytest.param("${}", "bad substitution", id="no name"),
        pytest.param("${:A}", "bad substitution", id="colon for a name"),
        pytest.param("${A:=x}", "unsupported modifier (:=) in substitution", id="assignment"),
        pytest.param("${A:0:1}", "unsupported modifier (:0) in substitution", id="substring"),
        pytest.param("${A^^}", "unsupported modifier (^) in substitution", id="upper case"),
        pytest.param("${A:#x}", "unsupported modifier (:#) in substitution", id="colon before a pattern"),
        pytest.param("${EMPTY:?}", "EMPTY: is not allowed to be empty", id="empty where it must not be"),
        pytest.param("${NONE?give it}", "NONE: give it", id="unset where it must not be"),
        pytest.param("${A#\\a}", "invalid pattern (\\a) in substitution", id="escaped letter in a pattern"),
        pytest.param("${A/b}", "missing '/'", id="pattern without replacement"),
        pytest.param("'a", "unterminated single quote", id="single quote left open"),
        pytest.param('"a', "unterminated double quote", id="double quote left open"),
    ],
)
def test_what_buildkit_refuses_stays_as_it_is(text: str, problem: str) -> None:
    found = expansion(text, VALUES.get)
    assert (text, problem) == (found.text, found.problem)
    assert text == expand(text, VALUES.get)


def test_a_deep_nest_is_reported_not_followed() -> None:
    text = "${A+" * 5000 + "}" * 5000
    assert expansion(text, VALUES.get).problem == "substitutions nested more than 50 deep"


def test_values_that_double_are_bounded() -> None:
    value = "x"
    for _ in range(60):
        value = expand("$V$V", {"V": value}.get)
    assert len(value) <= 2 * 8192


@pytest.mark.parametrize(
    ("text", "kept", "unset"),
    [
        pytest.param("$NONE/bin", "$NONE/bin", ("NONE",), id="plain"),
        pytest.param("${NONE}/$A", "${NONE}/aba", ("NONE",), id="braces"),
        pytest.param("${NONE:-w}", "w", (), id="a default is a value"),
        pytest.param("${NONE:+w}", "", (), id="an alternative needs none"),
        pytest.param("${NONE:-$NO}", "$NO", ("NO",), id="a default without value"),
        pytest.param("${NONE%.*}", "${NONE%.*}", ("NONE",), id="pattern"),
        pytest.param("${NONE?set it}", "${NONE?set it}", ("NONE",), id="required, but not known here"),
        pytest.param('"$NONE"', "$NONE", ("NONE",), id="in quotes"),
    ],
)
def test_what_has_no_value_can_stay_as_written(text: str, kept: str, unset: tuple[str, ...]) -> None:
    found = expansion(text, VALUES.get, keeps_unset=True)
    assert (kept, unset) == (found.text, found.unset)


def test_names_are_told_in_order_each_once() -> None:
    assert names_used("$B ${A:-$C} '$D' \"$E\" \\$F ${B}") == ("B", "C", "A", "E")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("80 $PORTS", ("80", "1", "2"), id="split after expansion"),
        pytest.param('"a b" c', ("a b", "c"), id="quotes hold together"),
        pytest.param('"$PORTS"', ("1 2",), id="quotes hold a value together"),
        pytest.param("  a\\ b  ", ("a b",), id="escaped blank"),
        pytest.param("$NONE", (), id="nothing"),
    ],
)
def test_words_are_split_after_expansion(text: str, words: tuple[str, ...]) -> None:
    assert words == expand_words(text, {"PORTS": "1 2"}.get)


def test_the_escape_character_can_be_a_backtick() -> None:
    assert expand("C:\\`$A $A", VALUES.get, "`") == "C:\\$A aba"


def test_quotes_are_ordinary_in_the_body_of_a_heredoc() -> None:
    assert expansion("'$A' \"$A\"", VALUES.get, reads_quotes=False).text == "'aba' \"aba\""


@given(st.text(alphabet="ab$\\'\"{}:-+?#%/*ABé \n`<"), st.sampled_from("\\`"))
def test_any_text_is_expanded_or_told_why_not(text: str, escape: str) -> None:
    for keeps_unset in (False, True):
        found = expansion(text, VALUES.get, escape, keeps_unset)
        assert found.problem is None or found.text == text
        assert set(found.unset) <= set(found.used)
        assert set(found.used) == set(names_used(text, escape)) or found.problem is not None


@given(st.text(alphabet=st.characters(exclude_characters="$\\'\"")))
def test_a_text_without_special_characters_stays(text: str) -> None:
    assert text == expand(text, VALUES.get)


PATTERN = st.text(alphabet="ab*?.[", max_size=6)
VALUE = st.text(alphabet="ab.[\n", max_size=10)


@given(PATTERN, VALUE, st.booleans())
def test_a_prefix_is_what_buildkits_expression_matches(pattern: str, value: str, is_longest: bool) -> None:
    found = re.match(_expression(pattern, is_longest), value)
    assert (value[found.end() :] if found else value) == remove_prefix(pattern, value, is_longest)


@given(PATTERN, VALUE, st.booleans())
def test_a_suffix_is_a_prefix_backwards(pattern: str, value: str, is_longest: bool) -> None:
    found = re.match(_expression(pattern[::-1], is_longest), value[::-1])
    assert (value[: len(value) - found.end()] if found else value) == remove_suffix(
        pattern, value, is_longest
    )


@given(PATTERN, VALUE)
def test_the_first_match_is_replaced(pattern: str, value: str) -> None:
    found = re.search(_expression(pattern, True), value)
    assert found is not None or value == replace(pattern, "<>", value, False)
    if found is not None:
        expected = f"{value[: found.start()]}<>{value[found.end() :]}"
        assert expected == replace(pattern, "<>", value, False)


@given(st.text(alphabet="ab.", min_size=1, max_size=3), VALUE)
def test_every_plain_match_is_replaced(pattern: str, value: str) -> None:
    assert value.replace(pattern, "<>") == replace(pattern, "<>", value, True)


def _expression(pattern: str, is_longest: bool) -> str:
    star = ".*" if is_longest else ".*?"
    return "".join({"*": star, "?": "."}.get(character, re.escape(character)) for character in pattern)
