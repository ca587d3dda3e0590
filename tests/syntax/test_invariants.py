"""Invariants 1 and 2 of the design: nothing is lost, and BuildKit reads the same instructions."""

import os

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dockeropt.syntax.tree import Dockerfile
from tests.syntax.checked import checked
from tests.syntax.corpus import corpus_files
from tests.syntax.oracle import is_read_differently, read_by_buildkit, read_by_us
from tests.syntax.texts import dockerfiles, is_read_alike, soups

_EXAMPLES = int(os.environ.get("DOCKEROPT_EXAMPLES", "200"))


def _check_reading(text: str) -> None:
    parsed = checked(text)
    assume(is_read_alike(text))
    theirs = read_by_buildkit(text)
    if theirs is None:
        assert parsed.problems, "BuildKit refuses it and we name no problem"
    else:
        assert theirs == read_by_us(parsed)


@settings(max_examples=_EXAMPLES)
@given(dockerfiles())
def test_buildkit_reads_the_same_instructions(text: str) -> None:
    _check_reading(text)


@settings(max_examples=_EXAMPLES)
@given(soups)
def test_buildkit_reads_the_same_out_of_nonsense(text: str) -> None:
    _check_reading(text)


@settings(max_examples=_EXAMPLES)
@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text("RUN \n\\\"'<#=-[]${}E", max_size=30))
def test_buildkit_reads_the_same_out_of_any_characters(text: str) -> None:
    _check_reading(text)


@settings(max_examples=_EXAMPLES)
@given(
    st.binary(max_size=200)
    | dockerfiles().map(lambda text: text.encode("utf-16"))
    | st.binary().map(b"RUN ".__add__)
)
def test_any_bytes_come_back(data: bytes) -> None:
    checked(data)


def test_every_file_at_hand_comes_back_and_is_read_as_buildkit_reads_it() -> None:
    differing = []
    for path in corpus_files():
        data = path.read_bytes()
        parsed = checked(data)
        text = data.decode("utf-8", "replace")
        if text != parsed.source.text:
            parsed = checked(text)
        # The oracle cuts strings at a NUL, also at one that JSON writes as an escape.
        if "\0" not in text and "\\u0000" not in text and is_read_differently(parsed):
            differing.append(path.name)
    assert differing == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('CMD ["a", "b"] # c', id="text behind an array"),
        pytest.param('COPY ["a", "b"] c', id="behind one of paths"),
        pytest.param("RUN cat << EOF\nx\nEOF\n", id="a blank before a heredoc's name"),
    ],
)
def test_where_buildkit_has_changed_we_read_as_it_does_today(text: str) -> None:
    parsed = checked(text)
    assert parsed.problems == ()
    assert len(parsed.instructions) == 1
    assert not is_read_differently(parsed)


def test_the_oracle_notices_a_difference() -> None:
    parsed = checked("RUN a\nRUN b\n")
    shorter = Dockerfile(parsed.source, parsed.nodes[:1], parsed.escape)
    assert is_read_differently(shorter)
