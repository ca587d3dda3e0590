"""The one helper of these tests: parse, and hold the result against its own text."""

from collections.abc import Iterator

from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source, Span
from dockeropt.syntax.tree import Dockerfile, Instruction, Word
from dockeropt.syntax.views import view


def checked(text: str | bytes) -> Dockerfile:
    """Return the parsed text after checking round trip, reparse, positions and every view's spans."""
    source = Source.decode(text) if isinstance(text, bytes) else Source(text)
    parsed = parse(source)
    _check_tiling(parsed)
    if isinstance(text, bytes):
        assert text == source.encode("".join(parsed.text_of(node.span) for node in parsed.nodes))
    again = parse(Source(source.text))
    assert (parsed.nodes, parsed.problems) == (again.nodes, again.problems)
    for instruction in parsed.instructions:
        _check_instruction(parsed, instruction)
    for problem in parsed.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(source.text)
        assert problem.message
    return parsed


def only(text: str) -> Instruction:
    """Return the one instruction of a text that BuildKit accepts."""
    parsed = checked(text)
    assert parsed.problems == ()
    (instruction,) = parsed.instructions
    return instruction


def _check_tiling(parsed: Dockerfile) -> None:
    text = parsed.source.text
    at = 0
    for node in parsed.nodes:
        assert at == node.span.start
        assert node.span.end > at
        assert node.span.end == len(text) or text[node.span.end - 1] == "\n"
        assert node.span.start == 0 or parsed.source.position(node.span.start).column == 1
        at = node.span.end
    assert len(text) == at


def _check_instruction(parsed: Dockerfile, instruction: Instruction) -> None:
    source = parsed.source.text
    _check_inside(instruction.keyword_span, instruction.span)
    _check_logical(source, instruction.body)
    for flag in instruction.flags:
        _check_inside(flag.span, instruction.span)
        assert parsed.text_of(flag.span).startswith("-") or "'" in source or '"' in source
    for comment in instruction.comments:
        _check_inside(comment.span, instruction.span)
        assert comment.text in parsed.text_of(comment.span)
    at = instruction.body.to_source(Span(0, len(instruction.body.text))).end
    for heredoc in instruction.heredocs:
        _check_inside(heredoc.operator, instruction.span)
        assert "<<" in parsed.text_of(heredoc.operator)
        _check_logical(source, heredoc.body)
        assert at <= heredoc.span.start
        _check_inside(heredoc.span, instruction.span)
        at = heredoc.span.end
    for word in _words_in(view(instruction, parsed.escape)):
        _check_word(source, instruction, word)


def _check_logical(source: str, text: LogicalText) -> None:
    covered = 0
    for logical, at, length in text.pieces:
        assert covered == logical
        assert source[at : at + length] == text.text[logical : logical + length]
        covered += length
    assert len(text.text) == covered
    for offset in {0, len(text.text) // 2, max(0, len(text.text) - 1)}:
        if offset < len(text.text):
            assert source[text.offset(offset)] == text.text[offset]
    half = text.slice(Span(len(text.text) // 3, len(text.text)))
    assert half.text == text.text[len(text.text) // 3 :]
    assert source[half.offset(0) : half.offset(0) + 1] == half.text[:1] or not half.text


def _check_word(source: str, instruction: Instruction, word: Word) -> None:
    _check_inside(word.span, instruction.span)
    if word.is_contiguous:
        assert word.raw == source[word.span.start : word.span.end]
    else:
        assert len(word.raw) < word.span.end - word.span.start
        assert source[word.span.start] == word.raw[0]
        assert source[word.span.end - 1] == word.raw[-1]


def _check_inside(inner: Span, outer: Span) -> None:
    assert outer.start <= inner.start <= inner.end <= outer.end


def _words_in(value: object) -> Iterator[Word]:
    """Yield every word of a view, however deep."""
    if isinstance(value, Word):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _words_in(part)
