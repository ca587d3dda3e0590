import pytest

from dockeropt.syntax.keywords import KEYWORDS
from dockeropt.syntax.spelling import closest


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("FORM", "FROM", id="two letters swapped"),
        pytest.param("FRM", "FROM", id="a letter missing"),
        pytest.param("COPPY", "COPY", id="a letter too many"),
        pytest.param("ENTRYPINT", "ENTRYPOINT", id="one missing in a long word"),
        pytest.param("HEATHCHEK", "HEALTHCHECK", id="two missing in a long word"),
        pytest.param("RUNN", "RUN", id="a letter doubled"),
        pytest.param("ENVV", "ENV", id="one of three letters"),
        pytest.param("APT-GET", None, id="another word"),
        pytest.param("&&", None, id="no word"),
        pytest.param("", None, id="nothing"),
        pytest.param("A" * 100_000, None, id="something endless"),
    ],
)
def test_what_was_meant(word: str, expected: str | None) -> None:
    assert expected == closest(word, sorted(KEYWORDS))


def test_the_same_first_letter_wins() -> None:
    assert closest("CMA", ["AMA", "CMD"]) == "CMD"
