import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.measure.progress import Decoder, Graph, Vertex

WORDS = st.text(max_size=8) | st.sampled_from(["{", "}", '"', "\\", "}{", "\n"])
OBJECTS = st.dictionaries(
    WORDS, WORDS | st.lists(st.dictionaries(WORDS, WORDS, max_size=2), max_size=2), max_size=3
)
LINES = st.sampled_from(["", "ERROR: failed to solve", "   3 | >>> RUN echo {", "-----", "Dockerfile:3"])


def decode(text: str) -> list[dict[str, object] | str]:
    decoder = Decoder()
    told = [each for line in text.splitlines(keepends=True) for each in decoder.feed(line)]
    return [*told, *decoder.close()]


@given(st.lists(st.tuples(OBJECTS | LINES, st.sampled_from([None, 2, "\t"])), max_size=6))
def test_any_mix_of_objects_and_lines_is_told_apart(
    stream: list[tuple[dict[str, object] | str, int | str | None]],
) -> None:
    text = "".join(
        (each if isinstance(each, str) else json.dumps(each, indent=indent)) + "\n" for each, indent in stream
    )
    assert [each for each, _ in stream] == decode(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param('{"a":1}{"b":2}\n', [{"a": 1}, {"b": 2}], id="two objects on a line"),
        pytest.param('{"a": "}{\\"" }\n', [{"a": '}{"'}], id="braces and quotes in a string"),
        pytest.param('{"a":1} tail\n', [{"a": 1}, "tail"], id="text after an object"),
        pytest.param('{"a":\nERROR: lost\n', ['{"a":', "ERROR: lost"], id="an object that never ends"),
        pytest.param("{not json}\n", ["{not json}"], id="braces that are no JSON"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_streams(text: str, told: list[dict[str, object] | str]) -> None:
    assert told == decode(text)


def moment(seconds: float) -> str:
    return f"2026-11-23T02:36:{20 + seconds:012.9f}Z"


def vertex(
    name: str, *, start: float | None = None, end: float | None = None, **more: object
) -> dict[str, object]:
    told: dict[str, object] = {"digest": f"sha256:{name}", "name": name, **more}
    if start is not None:
        told["started"] = moment(start)
    if end is not None:
        told["completed"] = moment(end)
    return told


def graph_of(*vertices: dict[str, object]) -> Graph:
    graph = Graph()
    for each in vertices:
        graph.update({"vertexes": [each]})
    return graph


@pytest.mark.parametrize(
    ("intervals", "seconds"),
    [
        pytest.param([(0, 2)], 2.0, id="one interval"),
        pytest.param([(0, 2), (5, 6)], 3.0, id="two apart"),
        pytest.param([(0, 4), (1, 2)], 4.0, id="one inside another"),
        pytest.param([(0, 2), (1, 3)], 3.0, id="two that overlap"),
        pytest.param([(1, 3), (0, 2)], 3.0, id="told out of order"),
        pytest.param([(0, 2), (0, 2)], 2.0, id="told twice"),
        pytest.param([(0, None), (0, 2)], 2.0, id="begun, then ended"),
        pytest.param([(0, None)], 0.0, id="not ended"),
        pytest.param([], 0.0, id="never worked on"),
    ],
)
def test_time_of_a_step_is_the_union_of_its_intervals(
    intervals: list[tuple[float, float | None]], seconds: float
) -> None:
    name = "[2/2] RUN make"
    graph = graph_of(vertex(name), *(vertex(name, start=start, end=end) for start, end in intervals))
    assert [seconds] == [step.seconds for step in graph.steps]


@pytest.mark.parametrize(
    ("name", "is_step"),
    [
        pytest.param("[2/3] RUN make", True, id="a step of an unnamed stage"),
        pytest.param("[build  4/12] COPY . .", True, id="a padded number"),
        pytest.param("[linux/amd64 build 4/6] WORKDIR /app", True, id="a platform before the stage"),
        pytest.param("[build 1/6] FROM docker.io/library/node:22@sha256:0", False, id="a base image"),
        pytest.param("[stage-1 2/2] LINK COPY --link a b", False, id="the second half of a linked copy"),
        pytest.param("[internal] load build context", False, id="the engine's own work"),
        pytest.param("exporting to image", False, id="export"),
    ],
)
def test_what_counts_as_a_step(name: str, is_step: bool) -> None:
    assert is_step == Vertex("sha256:0", name).is_step


def test_steps_come_stage_by_stage_in_their_order() -> None:
    graph = graph_of(
        vertex("[stage-1 2/2] COPY --from=build /a /a", start=9, end=10),
        vertex("[build 3/3] RUN make", start=2, end=3),
        vertex("[build 2/3] COPY . .", start=2.5, end=2.5, cached=True),
    )
    names = ["[build 2/3] COPY . .", "[build 3/3] RUN make", "[stage-1 2/2] COPY --from=build /a /a"]
    assert names == [step.name for step in graph.steps]


@pytest.mark.parametrize(
    ("told", "is_cached"),
    [
        pytest.param(vertex("[2/2] RUN a", start=0, end=1, cached=True), True, id="told to be cached"),
        pytest.param(vertex("[2/2] RUN a"), True, id="never worked on, since a later step was cached"),
        pytest.param(vertex("[2/2] RUN a", start=0, end=1), False, id="worked on"),
    ],
)
def test_which_steps_ran(told: dict[str, object], is_cached: bool) -> None:
    assert [is_cached] == [step.is_cached for step in graph_of(told).steps]


def log(name: str, text: str) -> dict[str, object]:
    return {"logs": [{"vertex": f"sha256:{name}", "data": base64.b64encode(text.encode()).decode()}]}


def test_the_failed_step_is_named_with_its_output_and_not_those_cancelled_for_it() -> None:
    good, bad, other = "[a 2/2] RUN good", "[b 2/3] RUN bad", "[c 2/2] RUN other"
    graph = graph_of(vertex(good, start=0), vertex(bad, start=0), vertex(other, start=0))
    graph.update(log(good, "fine\n"))
    graph.update(log(bad, "10 %\r100 %\nbro"))
    graph.update(log(bad, "ken\n\n"))
    graph.update({"vertexes": [vertex(good, start=0, end=1)]})
    graph.update({"vertexes": [vertex(other, start=0, end=2, error="context canceled")]})
    graph.update({"vertexes": [vertex(bad, start=0, end=2, error="exit code: 1")]})
    failed = graph.failed
    assert failed is not None
    assert bad == failed.name
    assert graph.output_of(failed) == ["100 %", "broken"]
    assert graph.output_of(graph.vertices[f"sha256:{good}"]) == []


def test_running_steps_are_those_begun_and_not_ended() -> None:
    graph = graph_of(
        vertex("[2/4] RUN a", start=0, end=1),
        vertex("[3/4] RUN b", start=1),
        vertex("[4/4] RUN c"),
        vertex("[internal] load build context", start=0),
    )
    assert [each.name for each in graph.running] == ["[3/4] RUN b"]


@pytest.mark.parametrize(
    "status",
    [
        pytest.param({"vertexes": None}, id="null for a list"),
        pytest.param({"vertexes": [{"digest": 1}]}, id="a digest that is a number"),
        pytest.param(
            {"vertexes": [{"digest": "a", "name": "b", "started": "yesterday"}]}, id="a time that is none"
        ),
        pytest.param({"logs": [{"vertex": "a", "data": "?"}]}, id="output that is not base64"),
        pytest.param({"warnings": [{}]}, id="a key that is not read"),
    ],
)
def test_a_status_of_another_shape_is_passed_over(status: dict[str, object]) -> None:
    graph = Graph()
    graph.update(status)
    assert graph.steps == ()
