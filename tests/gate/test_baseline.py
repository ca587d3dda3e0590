import json

import pytest

from dockeropt.errors import UsageError
from dockeropt.gate.baseline import read_baseline, write_baseline
from tests.gate.test_verdict import BASE, MEASURED

ARM = BASE._replace(platform="linux/arm64", compressed_bytes=1)


def test_what_was_written_is_read_but_for_the_paths() -> None:
    text = write_baseline({"linux/arm64": ARM, "linux/amd64": MEASURED})
    assert {"linux/amd64": MEASURED, "linux/arm64": ARM._replace(paths=None)} == read_baseline(text, "b.json")
    assert text == write_baseline(read_baseline(text, "b.json"))


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        pytest.param("{", "b.json is no baseline", "--update", id="no JSON"),
        pytest.param("[]", "b.json is no baseline", "--update", id="a list"),
        pytest.param("{}", "b.json is no baseline", "--update", id="no version"),
        pytest.param(
            '{"version": 9}', "version 9, this dockeropt reads 1", "update dockeropt", id="a newer one"
        ),
        pytest.param('{"version": 1}', "b.json is damaged", "--update", id="no platforms"),
        pytest.param(
            json.dumps({"version": 1, "platforms": {"linux/amd64": {"image": "a"}}}),
            "b.json is damaged",
            "--update",
            id="figures missing",
        ),
        pytest.param(
            write_baseline({"linux/amd64": BASE}).replace("100000000", "-5"),
            "-5 is no number of bytes",
            "--update",
            id="a negative size",
        ),
    ],
)
def test_what_is_no_baseline_is_wrong_use(text: str, said: str, hint: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        read_baseline(text, "b.json")
    assert hint in raised.value.hint
