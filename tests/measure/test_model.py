import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dockeropt.errors import UsageError
from dockeropt.measure.model import Comparison, Timing, to_json
from dockeropt.measure.stored import from_json
from tests.measure.examples import AFTER, BEFORE, COMPARISON


@pytest.mark.parametrize(
    "comparison",
    [
        pytest.param(COMPARISON, id="two candidates"),
        pytest.param(COMPARISON._replace(measurements=(BEFORE,)), id="one candidate"),
        pytest.param(COMPARISON._replace(measurements=(AFTER._replace(startup=None),)), id="no start"),
    ],
)
def test_what_is_written_is_read_back(comparison: Comparison) -> None:
    assert comparison == from_json(json.dumps(to_json(comparison)))


def test_the_json_has_totals_and_units_for_other_readers() -> None:
    stored = json.loads(json.dumps(to_json(COMPARISON)))
    before = stored["measurements"][0]
    assert stored["version"] == 2
    assert (
        before["image"]["unpacked_bytes"],
        before["image"]["compressed_bytes"],
    ) == (2_674_000_000, 1_159_000_000)
    assert tuple(before["startup"][f"{key}_seconds"] for key in ("median", "minimum", "spread")) == (
        1.75,
        1.5,
        0.5,
    )
    assert (before["builds"]["cold"]["steps_run"], before["builds"]["cold"]["steps_cached"]) == (2, 0)
    assert before["builds"]["cold"]["critical_path_seconds"] == 85.0
    assert [step["name"] for step in before["builds"]["cold"]["slowest"]] == [
        "[3/3] RUN npm install",
        "[2/3] COPY . .",
    ]
    assert before["startup"]["failed_requests"] == 20


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param((3.0,), (3.0, 3.0, 0.0), id="one run has no spread"),
        pytest.param((4.0, 1.0, 2.0), (2.0, 1.0, 3.0), id="three runs"),
        pytest.param((1.0, 2.0), (1.5, 1.0, 1.0), id="two runs"),
    ],
)
def test_figures_of_a_timing(seconds: tuple[float, ...], expected: tuple[float, float, float]) -> None:
    timing = Timing(seconds)
    assert expected == (timing.median, timing.minimum, timing.spread)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("{", "m.json is no JSON", id="no JSON"),
        pytest.param("[]", "m.json: an object is missing at the top", id="a list"),
        pytest.param('{"version": 2}', "m.json is no measurement", id="another JSON"),
        pytest.param(
            '{"version": 1, "measurements": []}',
            "m.json has version 1, this dockeropt reads 2",
            id="an older version",
        ),
        pytest.param(
            '{"version": 2, "measurements": []}', "m.json: a text is missing at context", id="a missing key"
        ),
        pytest.param(
            json.dumps({**to_json(COMPARISON), "measurements": [{"name": 1}]}),
            r"m.json: an object is missing at measurements\[0\].image",
            id="a key that is missing inside",
        ),
    ],
)
def test_a_file_of_another_shape_is_named_with_the_key(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        from_json(text, "m.json")


def test_a_newer_version_asks_for_a_newer_dockeropt() -> None:
    with pytest.raises(UsageError, match=r"m\.json has version 99, this dockeropt reads 2") as raised:
        from_json('{"version": 99, "measurements": []}', "m.json")
    assert raised.value.hint == "update dockeropt"


SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "measure.schema.json").read_text())


@pytest.mark.parametrize(
    "comparison", [COMPARISON, COMPARISON._replace(measurements=(AFTER._replace(startup=None),))]
)
def test_the_json_keeps_to_the_schema_on_its_page(comparison: Comparison) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    stored = json.loads(json.dumps(to_json(comparison)))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(stored)] == []
    assert list(Draft202012Validator(SCHEMA).iter_errors({**stored, "more": 1}))
    assert list(Draft202012Validator(SCHEMA).iter_errors({**stored, "version": 1}))


def test_the_page_tells_every_key() -> None:
    page = (Path(__file__).parents[2] / "docs" / "measure.md").read_text()
    parts = (SCHEMA, *SCHEMA["$defs"].values())
    keys = {key for part in parts for key in part["properties"]} - {"measurements"}
    assert {key for key in keys if f"`{key}" not in page and f".{key}" not in page} == set()
