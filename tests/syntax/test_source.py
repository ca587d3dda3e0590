import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.syntax.edits import Edit, apply
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Position, Source, Span


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        pytest.param(0, Position(1, 1), id="the start"),
        pytest.param(2, Position(1, 3), id="a line end belongs to its line"),
        pytest.param(3, Position(2, 1), id="the start of a line"),
        pytest.param(5, Position(2, 3), id="columns count code points"),
        pytest.param(7, Position(3, 1), id="the end of the text"),
    ],
)
def test_positions(offset: int, expected: Position) -> None:
    assert expected == Source("ab\né😀x\n").position(offset)


def test_lines_lose_their_line_ends() -> None:
    source = Source("a\r\n\nb")
    assert [source.line(number) for number in (1, 2, 3)] == ["a", "", "b"]


@given(st.binary())
def test_bytes_survive(data: bytes) -> None:
    source = Source.decode(data)
    assert data == source.encode(source.text)


@given(st.text(), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))))
def test_joined_text_maps_back(source: str, ends: list[tuple[int, int]]) -> None:
    spans, at = [], 0
    for gap, length in ends:
        start = min(at + gap, len(source))
        at = min(start + length, len(source))
        spans.append(Span(start, at))
    joined = LogicalText.join(source, spans)
    assert "".join(source[start:end] for start, end in spans) == joined.text
    for offset, character in enumerate(joined.text):
        assert character == source[joined.offset(offset)]
        assert joined.to_source(Span(offset, offset + 1)) == Span(
            joined.offset(offset), joined.offset(offset) + 1
        )
    middle = joined.slice(Span(len(joined.text) // 3, len(joined.text) * 2 // 3))
    assert joined.text[len(joined.text) // 3 : len(joined.text) * 2 // 3] == middle.text
    assert [joined.offset(len(joined.text) // 3 + at) for at in range(len(middle.text))] == [
        middle.offset(at) for at in range(len(middle.text))
    ]


def test_an_empty_slice_keeps_its_place() -> None:
    joined = LogicalText.join("ab--cd", [Span(0, 2), Span(4, 6)])
    assert (Span(5, 5), Span(7, 7)) == (
        joined.slice(Span(3, 3)).to_source(Span(0, 0)),
        LogicalText.nothing(7).to_source(Span(0, 0)),
    )


def test_edits_replace_and_insert() -> None:
    edits = [Edit(Span(4, 7), "node"), Edit(Span(0, 0), "# a\n"), Edit(Span(4, 7), "node")]
    assert apply("RUN abc:1", edits) == "# a\nRUN node:1"


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([Edit(Span(0, 2), "a"), Edit(Span(1, 3), "b")], id="two that overlap"),
        pytest.param([Edit(Span(0, 9), "a")], id="one beyond the end"),
        pytest.param([Edit(Span(2, 1), "a")], id="one that runs backwards"),
    ],
)
def test_edits_that_cannot_be_made(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlaps another or leaves the text"):
        apply("abc", edits)
