"""Which comment hides which finding."""

import pytest

from dockeropt.diagnostics.suppressions import read
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source

RULE = ("DL3008", "unpinned-apt-package", "pin-apt")


def hides(text: str, at: str, names: tuple[str, ...] = RULE) -> bool:
    return read(parse(Source(text))).find(names, text.index(at)) is not None


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param("# hadolint ignore=DL3008", id="hadolint's word"),
        pytest.param("#hadolint  ignore = DL3001 , dl3008", id="a list with blanks, in lower case"),
        pytest.param("# hadolint ignore=DL3008 the mirror keeps one version", id="with a reason"),
        pytest.param("# check=skip=DL3008", id="BuildKit's word"),
        pytest.param("# check=skip=all", id="BuildKit's word for every rule"),
        pytest.param("# dockeropt: ignore=DL3008 the mirror keeps one version", id="our word"),
        pytest.param("# dockeropt: ignore=unpinned-apt-package", id="by slug"),
        pytest.param("# dockeropt: ignore=pin-apt", id="by alias"),
    ],
)
def test_a_comment_hides_the_next_instruction_only(comment: str) -> None:
    text = f"FROM a\n{comment}\n# another comment\n\nRUN first \\\n  more\nRUN second\n"
    assert hides(text, "RUN first")
    assert hides(text, "more")
    assert not hides(text, "RUN second")
    assert not hides(text, "FROM")
    assert hides(text, "RUN first", ("DL9999",)) == comment.endswith("all")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("FROM a\nRUN x\n# hadolint global ignore=DL3008\n", id="hadolint's global comment"),
        pytest.param("# check=skip=DL3008;error=true\nFROM a\nRUN x\n", id="the check directive"),
        pytest.param(
            "FROM a\nRUN x\n# dockeropt: ignore-file=DL3008 generated\n", id="our word for the file"
        ),
    ],
)
def test_some_comments_hide_in_the_whole_file(text: str) -> None:
    assert hides(text, "RUN x")
    assert hides(text, "FROM a")
    assert not hides(text, "RUN x", ("DL9999",))


def test_a_comment_between_continuations_hides_its_own_instruction() -> None:
    text = "FROM a\nRUN first \\\n  # dockeropt: ignore=DL3008 why\n  more\nRUN second\n"
    assert hides(text, "RUN first")
    assert not hides(text, "RUN second")


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param("# ignore=DL3008", id="no tool named"),
        pytest.param("# hadolint ignore", id="no rule named"),
        pytest.param("# please hadolint ignore=DL3008", id="in a sentence"),
    ],
)
def test_prose_hides_nothing(comment: str) -> None:
    assert not hides(f"FROM a\n{comment}\nRUN first\n", "RUN first")


def test_the_reason_is_kept() -> None:
    (entry,) = read(parse(Source("FROM a\n# dockeropt: ignore=DL3008: mirror\nRUN x\n"))).entries
    assert entry.reason == "mirror"
