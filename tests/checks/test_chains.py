"""Commands and words are added and taken out in the file's own habit, or not at all."""

from collections.abc import Callable

import pytest

from dockeropt.checks.shell.chains import append_command, remove_command
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.shell.word_edits import insert_word, remove_word
from dockeropt.lint.linter import read_build
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import Edit, apply
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.source import Source

FROM = "FROM debian:12\n"


def edited(text: str, make: Callable[[Run, Build], Edit | None]) -> str | None:
    """Return the file after an edit of its last RUN, None where there is no such edit."""
    build = read_build(Source(text))
    run = [view for stage in build.stages for view in stage.views if isinstance(view, Run)][-1]
    edit = make(run, build)
    return None if edit is None else apply(text, [edit])


def check(before: str, after: str | None, make: Callable[[Run, Build], Edit | None]) -> None:
    """Hold an edit to its result, with Unix and with Windows line ends, and where the file just ends."""
    for newline in ("\n", "\r\n"):
        old = (FROM + before + "\n").replace("\n", newline)
        new = None if after is None else (FROM + after + "\n").replace("\n", newline)
        assert edited(old, make) == new
    assert edited(FROM + before, make) == (None if after is None else FROM + after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("RUN a", "RUN a && x -y", id="one command"),
        pytest.param("RUN a  ", "RUN a && x -y  ", id="blanks at the end"),
        pytest.param("RUN a; b", "RUN a; b && x -y", id="a semicolon without set -e"),
        pytest.param("RUN set -e; a", "RUN set -e; a; x -y", id="a semicolon with set -e"),
        pytest.param("RUN a && \\\n    b", "RUN a && \\\n    b && \\\n    x -y", id="operators end lines"),
        pytest.param("RUN a \\\n && b", "RUN a \\\n && b \\\n && x -y", id="operators begin lines"),
        pytest.param(
            "RUN set -eux; \\\n\ta; \\\n\tb",
            "RUN set -eux; \\\n\ta; \\\n\tb; \\\n\tx -y",
            id="official style",
        ),
        pytest.param(
            "RUN a && b -y \\\n      c \\\n      d",
            "RUN a && b -y \\\n      c \\\n      d \\\n      && x -y",
            id="arguments on lines of their own",
        ),
        pytest.param("RUN a \\\nb", "RUN a \\\nb \\\n    && x -y", id="no indentation to follow"),
        pytest.param(
            "RUN a && \\\n    # why\n    b", "RUN a && \\\n    # why\n    b && \\\n    x -y", id="a comment"
        ),
        pytest.param("RUN a && \\\n\n    b", "RUN a && \\\n\n    b && \\\n    x -y", id="a blank line"),
        pytest.param("RUN if a; then b; fi", "RUN if a; then b; fi && x -y", id="a compound command"),
        pytest.param("RUN a || (b; c)", "RUN a || (b; c) && x -y", id="a subshell"),
        pytest.param("RUN <<EOF\na\nb\nEOF", "RUN <<EOF\na\nb && x -y\nEOF", id="a heredoc"),
        pytest.param(
            "RUN <<-EOF\n\tset -e\n\ta\n\tEOF",
            "RUN <<-EOF\n\tset -e\n\ta\n\tx -y\n\tEOF",
            id="a heredoc that stops at errors",
        ),
        pytest.param("RUN --mount=type=ssh a", "RUN --mount=type=ssh a && x -y", id="a flag"),
        pytest.param("RUN a # why", None, id="a comment of the shell at the end"),
        pytest.param("RUN a;", None, id="an operator at the end"),
        pytest.param("RUN a &", None, id="in the background"),
        pytest.param("RUN a && exit 0", None, id="an exit"),
        pytest.param("RUN a 'b", None, id="a quote without an end"),
        pytest.param('RUN ["a", "b"]', None, id="a list of arguments"),
        pytest.param("RUN cat <<E\na\nE", None, id="a heredoc that is input"),
        pytest.param("RUN python3 <<E\nimport a\nE", None, id="a script of another language"),
    ],
)
def test_a_command_is_added(before: str, after: str | None) -> None:
    check(before, after, lambda run, build: append_command("x -y", run, build))


def test_a_command_is_added_under_another_escape_character() -> None:
    text = "# escape=`\nFROM debian:12\nRUN a && `\n  b\n"
    added = edited(text, lambda run, build: append_command("x", run, build))
    assert added == text.replace("b\n", "b && `\n  x\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("RUN x && a", "RUN a", id="the first"),
        pytest.param("RUN a && x -f", "RUN a", id="the last"),
        pytest.param("RUN a && x && b", "RUN a && b", id="one between"),
        pytest.param("RUN a && \\\n    x && \\\n    b", "RUN a && \\\n    b", id="operators end lines"),
        pytest.param("RUN a \\\n && x -f \\\n && b", "RUN a \\\n && b", id="operators begin lines"),
        pytest.param("RUN a \\\n && b \\\n && x", "RUN a \\\n && b", id="the last line"),
        pytest.param("RUN a\\\n && x", "RUN a", id="a continuation without a blank"),
        pytest.param("RUN a; x; b", "RUN a; b", id="semicolons"),
        pytest.param(
            "RUN a && \\\n  # why\n  x && \\\n  b", "RUN a && \\\n  # why\n  b", id="a comment before"
        ),
        pytest.param("RUN a && \\\n  x && \\\n  # why\n  b", None, id="a comment that would go"),
        pytest.param("RUN x", None, id="the only one"),
        pytest.param("RUN a || x", None, id="one that is run when another fails"),
        pytest.param("RUN a | x && b", None, id="one that reads a pipe"),
        pytest.param("RUN A=1 x && b", None, id="one with variables"),
        pytest.param("RUN ! x && b", None, id="one that is to fail"),
        pytest.param("RUN (x && a) && b", None, id="in a subshell"),
        pytest.param("RUN sh -c 'x && a' && b", None, id="in another shell"),
    ],
)
def test_a_command_is_taken_out(before: str, after: str | None) -> None:
    def remove(run: Run, build: Build) -> Edit | None:
        return remove_command(next(c for c in commands_of(run, build) if c.name == "x"), run, build)

    check(before, after, remove)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("RUN x in a", "RUN x in -y a", id="on the line"),
        pytest.param("RUN x in\\\n a", "RUN x in -y\\\n a", id="before a continuation"),
        pytest.param("RUN x i\\\nn a", "RUN x i\\\nn -y a", id="in a word over two lines"),
        pytest.param("RUN sudo x in a", "RUN sudo x in -y a", id="behind sudo"),
        pytest.param('RUN ["x", "in", "a"]', 'RUN ["x", "in", "-y", "a"]', id="a list of arguments"),
        pytest.param("RUN <<E\nx in a\nE", "RUN <<E\nx in -y a\nE", id="a heredoc"),
        pytest.param("RUN sh -c 'x in a'", None, id="in quotes"),
    ],
)
def test_a_word_is_added(before: str, after: str | None) -> None:
    def insert(run: Run, build: Build) -> Edit | None:
        command = next(each for each in commands_of(run, build) if each.name == "x")
        return insert_word(command.words[0], "-y", run, build)

    check(before, after, insert)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("RUN x -f a", "RUN x a", id="on the line"),
        pytest.param("RUN x a -f", "RUN x a", id="at the end"),
        pytest.param("RUN x \\\n    -f \\\n    a", "RUN x \\\n    a", id="a line of its own"),
        pytest.param("RUN x \\\n    -f a", None, id="the first of its line"),
        pytest.param("RUN x a \\\n    -f", None, id="the last line"),
        pytest.param("RUN x -\\\nf", None, id="over two lines"),
    ],
)
def test_a_word_is_taken_out(before: str, after: str | None) -> None:
    def remove(run: Run, build: Build) -> Edit | None:
        word = next(word for each in commands_of(run, build) for word in each.words if word.value == "-f")
        return remove_word(word, run, build)

    check(before, after, remove)
