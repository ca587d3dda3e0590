"""What the step graph says of a Dockerfile."""

import pytest

from dockeropt.cache.graph import StepGraph
from dockeropt.cache.snapshot import Snapshot
from dockeropt.cache.steps import Mode, Step
from tests.cache.predictions import first_line, graph_of

_APP = """\
ARG NODE=22
FROM node:$NODE AS build
ARG VERSION=1
ENV RELEASE=$VERSION
WORKDIR /app
COPY package.json ./
RUN npm ci
COPY . .
ARG MODE
RUN npm run build -- $MODE

FROM node:$NODE AS unneeded
RUN exit 1

FROM scratch AS assets
COPY --from=build /app/public /

FROM build AS test
RUN npm test

FROM node:$NODE-alpine
LABEL version=1
WORKDIR /srv
COPY --link --from=build /app/dist ./
COPY --from=nginx:1 /etc/nginx /etc/nginx
COPY start.sh /
RUN --mount=type=bind,source=check.sh,target=/check.sh sh /check.sh
CMD ["node", "server.mjs"]
"""


def _lines(graph: StepGraph, steps: tuple[Step, ...]) -> list[str]:
    return [first_line(graph, step) for step in steps]


def _step(graph: StepGraph, start: str) -> Step:
    return next(step for step in graph.steps if first_line(graph, step).startswith(start))


def test_steps_are_those_of_the_needed_stages_without_metadata() -> None:
    expected = (
        "[build 1/6] FROM docker.io/library/node:22",
        "[build 2/6] WORKDIR /app",
        "[build 3/6] COPY package.json ./",
        "[build 4/6] RUN npm ci",
        "[build 5/6] COPY . .",
        "[build 6/6] RUN npm run build -- $MODE",
        "[stage-4 1/6] FROM docker.io/library/node:22-alpine",
        "[stage-4 2/6] WORKDIR /srv",
        "[stage-4 3/6] COPY --link --from=build /app/dist ./",
        "[stage-4 4/6] COPY --from=nginx:1 /etc/nginx /etc/nginx",
        "[stage-4 5/6] COPY start.sh /",
        "[stage-4 6/6] RUN --mount=type=bind,source=check.sh,target=/check.sh sh /check.sh",
    )
    assert expected == tuple(step.name for step in graph_of(_APP).steps)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("FROM a\nARG V=1\nRUN echo $V '$W'\n", "[2/2] RUN echo 1 '$W'", id="a variable"),
        pytest.param("FROM a\nrun <<E\n\none\ntwo\nE\n", "[2/2] RUN <<E (one...)", id="a here-document"),
        pytest.param("FROM a\nRUN <<E\none\nE\n", "[2/2] RUN <<E (one)", id="one of a line"),
        pytest.param("FROM a\nRUN a && \\\n  b\n", "[2/2] RUN a &&   b", id="a continuation"),
        pytest.param("FROM a\n" + "RUN a\n" * 10, "[11/11] RUN a", id="a number of two digits"),
        pytest.param(
            "FROM a\nRUN --mount=type=cache,target=/a a\n",
            "[stage-0 2/2] RUN --mount=type=cache,target=/a a",
            id="a mount",
        ),
        pytest.param("FROM a AS B\nFROM b\nRUN c\n", "[stage-1 1/1] RUN c", id="a stage without a name"),
        pytest.param("FROM scratch\nADD a b\n", "[1/1] ADD a b", id="scratch"),
    ],
)
def test_a_step_is_named_as_the_engine_prints_it(text: str, name: str) -> None:
    assert name == graph_of(text).steps[-1].name


@pytest.mark.parametrize(
    ("target", "stages"),
    [
        pytest.param("build", {0}, id="a stage that needs no other"),
        pytest.param("test", {0, 3}, id="a stage that is FROM another"),
        pytest.param("assets", {0, 2}, id="a stage that copies from another"),
        pytest.param("UNNEEDED", {1}, id="whatever the case of its name"),
        pytest.param("nowhere", set(), id="a stage there is not"),
    ],
)
def test_a_target_has_the_steps_of_the_stages_it_needs(target: str, stages: set[int]) -> None:
    assert stages == {step.stage for step in graph_of(_APP, target=target).steps}


@pytest.mark.parametrize(
    ("paths", "lines"),
    [
        pytest.param(
            ["src/page.vue"],
            [
                "COPY . .",
                "RUN npm run build -- $MODE",
                "COPY --link --from=build /app/dist ./",
                "COPY --from=nginx:1 /etc/nginx /etc/nginx",
                "COPY start.sh /",
                "RUN --mount=type=bind,source=check.sh,target=/check.sh sh /check.sh",
            ],
            id="a source",
        ),
        pytest.param(["docs/a.md"], [], id="a file .dockerignore leaves out"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_files_rerun_what_takes_them_in(paths: list[str], lines: list[str]) -> None:
    graph = graph_of(_APP, dockerignore="docs\n")
    assert lines == _lines(graph, graph.invalidated_by(paths))


def test_a_stage_with_the_same_output_reruns_nothing_that_copies_from_it() -> None:
    graph = graph_of(_APP, dockerignore="start.sh\ncheck.sh\n")
    expected = ["COPY . .", "RUN npm run build -- $MODE"]
    assert expected == _lines(graph, graph.invalidated_by(["src/page.vue"], mode=Mode.SAME))


def test_a_step_below_a_linked_one_reruns_with_what_is_below_both() -> None:
    graph = graph_of("FROM a\nCOPY b /\nCOPY --link c /\nRUN d\n")
    expected = ["COPY b /", "RUN d"]
    assert expected == _lines(graph, graph.invalidated_by(["b"]))
    assert {"FROM a", "COPY b /", "COPY --link c /", "RUN d"} == set(
        _lines(graph, graph.surface(_step(graph, "RUN d")).steps)
    )


@pytest.mark.parametrize(
    ("argument", "first"),
    [
        pytest.param("NODE", "FROM node:$NODE AS build", id="before FROM"),
        pytest.param("VERSION", "RUN npm ci", id="in scope though unused"),
        pytest.param("MODE", "RUN npm run build -- $MODE", id="declared late"),
    ],
)
def test_an_argument_reruns_from_the_first_step_keyed_on_it(argument: str, first: str) -> None:
    graph = graph_of(_APP)
    assert first == _lines(graph, graph.invalidated_by(arguments=[argument]))[0]


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        pytest.param("FROM a\nARG V=1\nENV W=x$V\nRUN b\n", {"V"}, id="an ARG and an ENV made of it"),
        pytest.param("FROM a\nARG V\nENV V=1\nRUN b\n", set(), id="an ARG that an ENV takes the place of"),
        pytest.param("FROM a\nARG V=1\nCOPY b c\n", set(), id="an ARG before a COPY that does not name it"),
        pytest.param("FROM a\nARG V=1\nCOPY b $V\n", {"V"}, id="an ARG in a target"),
        pytest.param(
            "FROM a\nARG V=1\nWORKDIR /$V\nCOPY b c\n", {"V"}, id="an ARG in the folder of a target"
        ),
        pytest.param("FROM a\nARG V=1\nWORKDIR /$V\nCOPY b /c\n", set(), id="an absolute target"),
        pytest.param("ARG V=1\nFROM a\nRUN b\n", set(), id="an ARG before FROM"),
        pytest.param("ARG V=1\nFROM a\nARG V\nRUN b\n", {"V"}, id="an ARG before FROM, declared again"),
        pytest.param("ARG B=1\nARG V=$B\nFROM a\nARG V\nRUN b\n", {"B", "V"}, id="an ARG made of another"),
        pytest.param("FROM a AS s\nARG V=1\nFROM s\nRUN b\n", {"V"}, id="an ARG of the stage it is FROM"),
        pytest.param("FROM a\nARG U=1\nUSER $U\nWORKDIR /b\n", {"U"}, id="the user of a WORKDIR"),
    ],
)
def test_a_step_knows_the_arguments_it_is_keyed_on(text: str, arguments: set[str]) -> None:
    assert arguments == set(graph_of(text).steps[-1].arguments)


def test_what_is_copied_before_a_step_is_found_through_the_stages_below() -> None:
    graph = graph_of("FROM a AS s\nCOPY b c /\nRUN d\nFROM s\nADD e http://x/f /\nRUN g\n")
    found = graph.context_patterns_before(_step(graph, "RUN g"))
    expected = [("ADD e http://x/f /", ("e",)), ("COPY b c /", ("b", "c"))]
    assert expected == [(first_line(graph, step), source.patterns) for step, source in found]


def test_a_surface_holds_the_sources_and_arguments_of_all_it_starts_from() -> None:
    graph = graph_of(_APP)
    surface = graph.surface(graph.steps[-1])
    assert {"NODE", "VERSION", "MODE"} == set(surface.arguments)
    assert {"package.json", ".", "start.sh", "check.sh", "app/dist", "etc/nginx"} == {
        pattern for source in surface.sources for pattern in source.patterns
    }


def test_the_step_of_an_instruction_is_found() -> None:
    graph = graph_of(_APP)
    views = [view for stage in graph.build.stages for view in stage.views]
    found = [graph.step_of(view) for view in views]
    assert [step for step in graph.steps if step.view not in [s.start for s in graph.build.stages]] == [
        step for step in found if step is not None
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("RUN a\n", id="no FROM"),
        pytest.param(
            "FROM\nCOPY\nRUN\nWORKDIR\nENV\nARG\nUSER\nSHELL\n", id="instructions without arguments"
        ),
        pytest.param("FROM a AS s\nCOPY --from=t b c\nFROM s AS t\nCOPY --from=s b c\n", id="a cycle"),
        pytest.param(
            "FROM a\nCOPY --from=7 b c\nRUN --mount=from=0 d\n", id="numbers of stages there are not"
        ),
        pytest.param(
            "FROM a\nRUN --mount=,=,x d\nCOPY --chmod=u+x --x=y b c\n", id="flags that mean nothing"
        ),
        pytest.param("FROM a\nCOPY [ ../.. //\nCOPY a[ b\\ /\nRUN <<E\n", id="malformed patterns"),
        pytest.param("FROM a\nENV A=${B:?no}\nRUN ${\n", id="variables BuildKit refuses"),
    ],
)
def test_nothing_in_a_dockerfile_makes_it_raise(text: str) -> None:
    graph = graph_of(text)
    assert all(step.name.startswith(f"[{step.position}] ") for step in graph.steps)
    assert all(graph.steps[step.number] is step for step in graph.invalidated_by(["b"], ["V"]))
    assert len(graph.steps) == len(graph.keys(Snapshot({})))
