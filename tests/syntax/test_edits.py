"""Edits of instructions keep lines, comments and line ends as people wrote them."""

from collections.abc import Callable

import pytest

from dockeropt.syntax.edits import (
    Edit,
    add_flags,
    append_line,
    apply,
    insert_line,
    remove_flag,
    remove_instruction,
    replace_keyword,
)
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source, Span
from dockeropt.syntax.tree import Dockerfile, Instruction

Make = Callable[[Instruction, Dockerfile], Edit | None]


def edited(text: str, make: Make) -> str | None:
    """Return a text after an edit of its second instruction, the same with both line ends."""
    found: set[str | None] = set()
    for newline in ("\n", "\r\n"):
        dockerfile = parse(Source(text.replace("\n", newline)))
        edit = make(dockerfile.instructions[1], dockerfile)
        after = None if edit is None else apply(dockerfile.source.text, [edit])
        assert after is None or after.count("\r\n") == (after.count("\n") if newline == "\r\n" else 0)
        found.add(after and after.replace("\r\n", "\n"))
    (only,) = found
    return only


FLAGS = (
    "--mount=type=cache,target=/var/cache/apt,sharing=locked",
    "--mount=type=cache,target=/var/lib/apt,sharing=locked",
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("RUN a", "RUN --x a", id="on the line"),
        pytest.param("RUN --y \\\n  a", "RUN --x --y \\\n  a", id="before another"),
        pytest.param("RUN \\\n  # why\n  a", "RUN --x \\\n  # why\n  a", id="before a continuation"),
        pytest.param("run a", "run --x a", id="in lower case"),
    ],
)
def test_a_flag_is_added(before: str, after: str) -> None:
    assert (
        edited(f"FROM a\n{before}\n", lambda run, file: add_flags(run, ["--x"], file)) == f"FROM a\n{after}\n"
    )


@pytest.mark.parametrize(
    ("before", "rest"),
    [
        pytest.param("RUN a", " \\\n    a", id="on the line"),
        pytest.param("RUN \\\n  a", " \\\n  a", id="before a continuation"),
    ],
)
def test_flags_that_make_a_line_too_long_stand_below_each_other(before: str, rest: str) -> None:
    after = edited(f"FROM a\n{before}\n", lambda run, file: add_flags(run, FLAGS, file))
    assert after == f"FROM a\nRUN {FLAGS[0]} \\\n    {FLAGS[1]}{rest}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("FROM --platform=x a", "FROM a", id="on the line"),
        pytest.param("FROM --platform=x \\\n  a", "FROM \\\n  a", id="before a continuation"),
        pytest.param("FROM \\\n  --platform=x a", "FROM \\\n  a", id="after a continuation"),
        pytest.param("FROM --platform=\\\nx a", None, id="over two lines"),
    ],
)
def test_a_flag_is_taken_out(before: str, after: str | None) -> None:
    found = edited(f"FROM z\n{before}\n", lambda run, file: remove_flag(run.flags[0], file.source.text))
    assert found == (None if after is None else f"FROM z\n{after}\n")


def test_a_line_goes_above_the_comments_of_an_instruction() -> None:
    text = "FROM a\n\n# about\n# it\nRUN b\n"
    assert edited(text, lambda run, file: insert_line(run, "USER c", file)) == (
        "FROM a\n\nUSER c\n# about\n# it\nRUN b\n"
    )


@pytest.mark.parametrize("end", ["", "\n"], ids=["without a newline at the end", "with one"])
def test_a_line_goes_below_an_instruction(end: str) -> None:
    after = edited(f"FROM a\nRUN b{end}", lambda run, file: append_line(run, "USER c", file))
    assert after == f"FROM a\nRUN b\nUSER c{end}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("FROM a\nRUN b\nRUN c\n", "FROM a\nRUN c\n", id="between others"),
        pytest.param("FROM a\n\nRUN b\n\nRUN c\n", "FROM a\n\nRUN c\n", id="between blank lines"),
        pytest.param("FROM a\n# about\nRUN b\nRUN c\n", "FROM a\n# about\nRUN c\n", id="below a comment"),
        pytest.param("FROM a\nRUN b \\\n# why\n c\n", None, id="with a comment inside"),
        pytest.param("FROM a\n# hadolint ignore=DL3003\nRUN b\n", None, id="with a comment for a linter"),
    ],
)
def test_an_instruction_is_taken_out(before: str, after: str | None) -> None:
    assert edited(before, remove_instruction) == after


def test_a_keyword_over_two_lines_is_left_alone() -> None:
    assert edited("FROM a\nRU\\\nN b\n", lambda run, file: replace_keyword(run, "run")) is None


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlaps"):
        apply("abc", [Edit(Span(0, 2), "x"), Edit(Span(1, 3), "y")])
