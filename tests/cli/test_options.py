"""The plain reader takes only what click takes, and reads it the same way."""

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.cli.lint_command import lint
from dockeropt.cli.options import LINT, Values, read

FLAGS = [spelling for option in LINT for spelling in (option.flag, option.short) if spelling]
OTHERS = ["--format=json", "json", "text", "xml", "Dockerfile", "-", "--", "--help", "-x", "", "A,B", "a b"]
WORDS = st.sampled_from([*FLAGS, *(f"{flag}=" for flag in FLAGS), *OTHERS])


def ask_click(arguments: list[str]) -> tuple[tuple[str, ...], Values] | None:
    """Return what click reads out of a command line, None where it complains or shows help."""
    try:
        with lint.make_context("lint", list(arguments)) as context:
            values = dict(context.params)
    except (click.ClickException, click.exceptions.Exit):
        return None
    return values.pop("paths"), values


@given(st.lists(WORDS, max_size=6))
def test_the_plain_reader_agrees_with_click(arguments: list[str]) -> None:
    plain = read(arguments, LINT)
    assert plain is None or plain == ask_click(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["Dockerfile"], id="one path"),
        pytest.param([], id="no path"),
        pytest.param(["--format=json", "-"], id="standard input as JSON"),
        pytest.param(["--format", "json", "a", "b"], id="value as a word of its own"),
        pytest.param(["--ignore", "DL3008", "--ignore=DL3009", "a"], id="a repeated option"),
        pytest.param(["-f", "json", "-t", "error", "a"], id="hadolint's letters"),
        pytest.param(["--", "--format"], id="a path that looks like an option"),
    ],
)
def test_plain_command_lines_do_not_need_click(arguments: list[str]) -> None:
    assert read(arguments, LINT) is not None


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--help"], id="help"),
        pytest.param(["--format", "xml"], id="a wrong choice"),
        pytest.param(["--select"], id="a missing value"),
        pytest.param(["--unknown"], id="an unknown option"),
    ],
)
def test_click_looks_at_everything_else(arguments: list[str]) -> None:
    assert read(arguments, LINT) is None
