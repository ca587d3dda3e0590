"""The commands of a script are those that tree-sitter-bash reads, and those that bash runs where it errs."""

import pytest
from hypothesis import given

from dockeropt.shell.reader import read
from tests.shell.bodies import BODIES, MISREAD
from tests.shell.oracle import names_by_dockeropt, names_by_tree_sitter, scripts_in, text_of
from tests.shell.scripts import SCRIPTS, SHALLOW, Made
from tests.syntax.corpus import corpus_files


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_commands_are_those_of_tree_sitter(body: str) -> None:
    assert names_by_tree_sitter(body) == names_by_dockeropt(body)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_whole_script_is_complete(body: str) -> None:
    assert read(text_of(body)).is_complete


@pytest.mark.parametrize(("body", "names"), MISREAD.values(), ids=MISREAD.keys())
def test_commands_are_those_of_bash_where_tree_sitter_errs(body: str, names: list[str]) -> None:
    assert names == names_by_dockeropt(body)
    assert names != names_by_tree_sitter(body)


@given(SCRIPTS)
def test_commands_are_those_that_a_script_was_made_of(made: Made) -> None:
    assert list(made.names) == names_by_dockeropt(made.text)
    assert read(text_of(made.text)).is_complete


@given(SHALLOW)
def test_commands_of_made_scripts_are_those_of_tree_sitter(made: Made) -> None:
    assert names_by_tree_sitter(made.text) in (names_by_dockeropt(made.text), None)


def test_commands_of_real_scripts_are_those_of_tree_sitter() -> None:
    judged = {
        script: (expected, names_by_dockeropt(script))
        for script in scripts_in(corpus_files())
        if (expected := names_by_tree_sitter(script)) is not None
    }
    differing = [script for script, (expected, actual) in judged.items() if expected != actual]
    assert judged
    assert len(differing) <= len(judged) / 1000, differing
