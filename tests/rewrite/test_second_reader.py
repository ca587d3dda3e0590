"""The second reader agrees where both are right, is not asked where it is wrong, and sees a difference."""

import pytest

from dockeropt.lint import second_reader
from dockeropt.lint.second_reader import disagreement


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("FROM a\nRUN b && \\\n    c\n", id="a continuation"),
        pytest.param("FROM a\nRUN b \\\n# why\n    c\n", id="a comment in a continuation"),
        pytest.param('FROM a\nCOPY --from=b --chown=1:1 ["x y", "z"]\n', id="flags and the JSON form"),
        pytest.param("from a\nEnv A=1 \\\n    B=2\n", id="lower case"),
        pytest.param("FROM a\r\nRUN b\r\n", id="carriage returns"),
        pytest.param("FROM a\nCOPY <<E /b\nRUN c\nE\n", id="not asked on heredocs"),
        pytest.param("FROM a\nRUN b \\\n\n  c\n", id="not asked on blank lines in a continuation"),
        pytest.param("\ufeffFROM a\n", id="not asked on a byte order mark"),
        pytest.param("# escape=`\nFROM a\nRUN b `\n c\n", id="not asked on another escape character"),
        pytest.param("FROM a\nENV A=\\\\\nENV B=1\n", id="not asked on two backslashes at the end"),
        pytest.param("FROM a\nRUN\\\n b\n", id="not asked on a keyword before a continuation"),
        pytest.param("FROM a\nCOPY --link -- b c\n", id="not asked on the end of the flags"),
        pytest.param("FROM a\nRUN npm exec -w a -- nuxt build\n", id="dashes in a command"),
        pytest.param("FROM a\n# caf\udce9\nRUN b\n", id="bytes that are not UTF-8"),
        pytest.param("", id="nothing at all"),
    ],
)
def test_no_difference(text: str) -> None:
    assert disagreement(text) is None


def test_a_difference_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_reader, "_is_fit", lambda text, dockerfile: True)
    assert disagreement("FROM a\nCOPY <<E /b\nRUN c\nE\n") == "2 instructions here, 4 there"
