"""What holds for every script, whatever is in it: spans, order, time."""

import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dockeropt.shell.reader import read
from dockeropt.shell.script import Command, Script
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Word
from tests.shell.bodies import BODIES
from tests.shell.oracle import scripts_in, text_of
from tests.shell.scripts import SCRIPTS, Made
from tests.syntax.corpus import corpus_files

_SIGNS = """
    a b apt-get sudo env sh -c -exec find xargs eval if then fi for in do done case esac while { } ! [[ ]]
    time function A=1 A=( && || ; ;; & | |& < > >> << <<- <<< >& &> <( ( ) (( )) $( ` ' " \\ $ ${ } $' $"
    $(( # EOF é
"""
_BLANKS = [" ", "\n", "\t", "\r\n", "\\\n"]
_NOISE = some.lists(
    some.one_of(some.sampled_from(_SIGNS.split()), some.sampled_from(_BLANKS), some.text(max_size=2)),
    max_size=40,
).map("".join)
_GAP = "\\\n# comment\n"
_LONG = 100_000
_ENDLESS = [
    "(", "((", "$(", "$((", "`", "\\`", '"', "'", '"$(', '"`', "$'", "${", "${a:-", '"${a:-"', "<(", "a=(",
    "@(", "{ ", "[[ ", "a && ", "a | ", "a;", "a\n", "if a; then ", "case x in ", "case x in a) ", ") ",
    "for x in ", "f() ", "! ", "((a) ", "$((a) ", "$(a) ", '"$(a)" ', "`a` ", "cat <<A\n", "cat <<A ", "> ",
    "9", "cat <<A\nA\n", "a=", "env ", "sudo -u x ", "eval ", 'sh -c "a"; ', "find -exec a \\; ", "\\",
    "\\\n", "#\n",
]  # fmt: skip


def words_of(script: Script) -> Iterator[tuple[Command, Word]]:
    """Yield every word of a script with its command."""
    for command in script.commands:
        targets = [redirect.target for redirect in command.redirects if redirect.target]
        program = [command.program] if command.program else []
        for word in (*command.assignments, *program, *command.words, *targets):
            yield command, word


def assert_sound(source: str, script: Script) -> None:
    """Check that words stand where they say, in their commands, and that all is in order."""
    for command, word in words_of(script):
        written = source[word.span.start : word.span.end]
        assert len(word.raw) <= len(written)
        if word.is_contiguous:
            assert word.raw == written
        else:
            assert (word.raw[0], word.raw[-1]) == (written[0], written[-1])
        if not word.quoted:
            assert word.raw == word.value
        if word in command.words:
            assert command.span.start <= word.span.start
            assert word.span.end <= command.span.end
    for command in script.commands:
        assert command.name == (command.program.value if command.program else "")
        ordered = [word.span for word in ((command.program, *command.words) if command.program else ())]
        assert all(one.end <= two.start for one, two in pairwise(ordered))
    for items in (script.commands, script.operators):
        starts = [item.span.start for item in items]
        assert sorted(starts) == starts
    for operator in script.operators:
        written = source[operator.span.start : operator.span.end]
        sign = "\n" if operator.text == "newline" else operator.text
        assert sign == written or (sign[0], sign[-1]) == (written[0], written[-1])
    # A command is within another, or apart from it.
    opened: list[Span] = []
    for span in sorted((c.span for c in script.commands), key=lambda span: (span.start, -span.end)):
        while opened and opened[-1].end <= span.start:
            opened.pop()
        assert not opened or span.end <= opened[-1].end
        opened.append(span)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_words_stand_where_they_say(body: str) -> None:
    assert_sound(body, read(text_of(body)))


@given(SCRIPTS)
def test_words_of_made_scripts_stand_where_they_say(made: Made) -> None:
    assert_sound(made.text, read(text_of(made.text)))


@given(_NOISE)
def test_no_text_is_too_strange(text: str) -> None:
    for unwrap in (True, False):
        assert_sound(text, read(text_of(text), unwrap))


@given(some.one_of(_NOISE, SCRIPTS.map(lambda made: made.text)), some.lists(some.integers(0, 80), max_size=8))
def test_gaps_in_the_source_change_nothing_but_spans(text: str, cuts: list[int]) -> None:
    edges = [0, *sorted({cut for cut in cuts if 0 < cut < len(text)}), len(text)]
    parts = [text[start:end] for start, end in pairwise(edges)]
    source = _GAP.join(parts)
    spans: list[Span] = []
    for part in parts:
        start = spans[-1].end + len(_GAP) if spans else 0
        spans.append(Span(start, start + len(part)))
    expected, actual = read(text_of(text)), read(LogicalText.join(source, spans))
    assert_sound(source, actual)
    assert [c.name for c in expected.commands] == [c.name for c in actual.commands]
    assert [w.value for _, w in words_of(expected)] == [w.value for _, w in words_of(actual)]
    assert [o.text for o in expected.operators] == [o.text for o in actual.operators]
    assert expected.is_complete == actual.is_complete


def test_words_of_real_scripts_stand_where_they_say() -> None:
    for text in scripts_in(corpus_files()):
        assert_sound(text, read(text_of(text)))


@pytest.mark.parametrize("unit", _ENDLESS, ids=[f"endless {unit!r}" for unit in _ENDLESS])
def test_time_grows_with_length(unit: str) -> None:
    short, long = (text_of((unit * length)[:length]) for length in (_LONG // 10, _LONG))
    assert _seconds(long) < 40 * _seconds(short) + 0.5


@pytest.mark.parametrize("unit", ["(((((", "$($($(", "\"'", "a && "], ids=lambda unit: f"endless {unit!r}")
def test_a_megabyte_is_read_in_seconds(unit: str) -> None:
    assert _seconds(text_of((unit * 1_000_000)[:1_000_000])) < 15


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("(", ")"), ("((", "))"), ("$(", ")"), ('"$(', ')"'), ("$((", "))"), ("${a:-", "}"), ("{ a; ", "}; ")],
    ids=["subshells", "doubled", "substitutions", "in quotes", "arithmetic", "parameters", "groups"],
)
def test_time_grows_with_depth(opening: str, closing: str) -> None:
    def nested(length: int) -> LogicalText:
        count = length // len(opening + closing)
        return text_of(opening * count + closing * count)

    assert _seconds(nested(_LONG)) < 40 * _seconds(nested(_LONG // 10)) + 0.5


def _seconds(text: LogicalText) -> float:
    start = time.process_time()
    read(text)
    return time.process_time() - start
