"""Stages, scopes and their graph; what a scope holds is held against the engine in test_engine.py."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.semantics.build import Build, Scope
from dockeropt.semantics.resolver import resolve
from dockeropt.shell.script import Dialect
from dockeropt.syntax.instructions import Copy, Run
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source
from tests.semantics.refusals import REFUSALS, TAKEN


def build_of(text: str, **arguments: str) -> Build:
    return resolve(parse(Source(text)), arguments)


def end_of(text: str, **arguments: str) -> Scope:
    return build_of(text, **arguments).stages[-1].end


@pytest.mark.parametrize(
    ("text", "environment"),
    [
        pytest.param("FROM a\nENV A=1 B=$A\n", {"A": "1", "B": "$A"}, id="not its own pairs"),
        pytest.param("FROM a\nENV A=1\nENV A=2 B=$A\n", {"A": "2", "B": "1"}, id="values from before"),
        pytest.param("FROM a\nENV A b  c\n", {"A": "b  c"}, id="legacy form"),
        pytest.param("FROM a\nENV A='x $B' B=\"y z\"\n", {"A": "x $B", "B": "y z"}, id="quotes"),
        pytest.param("FROM a\nENV K=A\nENV $K=1\n", {"K": "A", "A": "1"}, id="variable as a name"),
        pytest.param("FROM a AS b\nENV A=1\nFROM b\nENV B=$A\n", {"A": "1", "B": "1"}, id="inherited"),
        pytest.param("FROM a AS b\nENV A=1\nFROM a\nENV B=$A\n", {"B": "$A"}, id="not from another stage"),
        pytest.param("FROM a\nENV PATH=/x:$PATH\n", {"PATH": "/x:$PATH"}, id="the base image's own is kept"),
        pytest.param("FROM a AS b\nONBUILD ENV A=1\nFROM b\n", {"A": "1"}, id="by ONBUILD"),
        pytest.param(
            "FROM a AS b\nONBUILD ENV A=1\nFROM b AS c\nFROM c\n", {"A": "1"}, id="by ONBUILD, once"
        ),
    ],
)
def test_environment(text: str, environment: dict[str, str]) -> None:
    assert environment == dict(end_of(text).environment)


@pytest.mark.parametrize(
    ("text", "arguments", "expected"),
    [
        pytest.param("FROM a\nARG V=1\n", {}, {"V": "1"}, id="default"),
        pytest.param("FROM a\nARG V=1\n", {"V": "2"}, {"V": "2"}, id="build argument"),
        pytest.param("FROM a\nARG V\n", {}, {"V": None}, id="no value"),
        pytest.param("ARG V=1\nFROM a\n", {}, {}, id="declared before FROM alone"),
        pytest.param("ARG V=1\nFROM a\nARG V\n", {}, {"V": "1"}, id="declared again"),
        pytest.param("ARG V=1\nFROM a\nARG V=2\n", {}, {"V": "2"}, id="declared again with a default"),
        pytest.param("ARG V=1\nFROM a\nARG V=2\n", {"V": "3"}, {"V": "3"}, id="build argument beats both"),
        pytest.param("FROM a\nARG A=1 B=$A\n", {}, {"A": "1", "B": "1"}, id="each sees those before it"),
        pytest.param("FROM a AS b\nARG V=1\nFROM b\n", {}, {"V": "1"}, id="inherited from the base stage"),
        pytest.param("FROM a AS b\nARG V=1\nFROM b\nARG V\n", {}, {"V": "1"}, id="inherited, declared again"),
        pytest.param("FROM a AS b\nARG V=1\nFROM a\n", {}, {}, id="not from another stage"),
        pytest.param("FROM a\nARG X\n", {"Y": "1"}, {"X": None}, id="build argument that nothing declares"),
        pytest.param("FROM a\nARG TARGETARCH\n", {}, {"TARGETARCH": "amd64"}, id="platform"),
        pytest.param(
            "FROM a\nARG TARGETARCH TARGETVARIANT\n",
            {"TARGETPLATFORM": "linux/arm/v7"},
            {"TARGETARCH": "arm", "TARGETVARIANT": "v7"},
            id="other platform",
        ),
    ],
)
def test_arguments(text: str, arguments: dict[str, str], expected: dict[str, str | None]) -> None:
    assert expected == dict(end_of(text, **arguments).arguments)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("FROM a\nENV V=e\nARG V=a\n", {"V": "a"}, id="ARG after ENV"),
        pytest.param("FROM a\nARG V=a\nENV V=e\n", {"V": "e"}, id="ENV after ARG"),
        pytest.param("FROM a\nENV V=e\nARG V\n", {"V": "e"}, id="ARG without value after ENV"),
        pytest.param("FROM a AS b\nENV V=e\nARG V=a\nFROM b\n", {"V": "e"}, id="in the next stage ENV again"),
    ],
)
def test_of_env_and_arg_the_one_set_last_wins(text: str, expected: dict[str, str]) -> None:
    assert expected == dict(end_of(text).variables)


def test_variables_stand_in_the_order_in_which_they_were_last_set() -> None:
    assert list(end_of("FROM a\nENV A=1 B=2\nARG C=3\nENV A=4\n").variables) == ["B", "C", "A"]


@pytest.mark.parametrize(
    ("text", "workdir"),
    [
        pytest.param("FROM a\n", None, id="the image's own"),
        pytest.param("FROM scratch\n", "/", id="scratch"),
        pytest.param("FROM a\nWORKDIR /app/../x/\n", "/x", id="cleaned"),
        pytest.param("FROM a\nWORKDIR /app\nWORKDIR lib/.\n", "/app/lib", id="relative"),
        pytest.param("FROM a\nWORKDIR lib\n", None, id="relative to what is not known"),
        pytest.param("FROM scratch\nWORKDIR lib\n", "/lib", id="relative to scratch"),
        pytest.param("FROM a\nENV D=/d\nWORKDIR $D/x\n", "/d/x", id="variable"),
        pytest.param("FROM a\nWORKDIR $HOME/x\n", "$HOME/x", id="variable of the image"),
        pytest.param("FROM a AS b\nWORKDIR /app\nFROM b\nWORKDIR x\n", "/app/x", id="inherited"),
        pytest.param("FROM a\nWORKDIR C:\\app\n", "C:app", id="Windows, its separator escaped"),
        pytest.param("# escape=`\nFROM a\nWORKDIR C:\\app\n", "C:\\app", id="Windows"),
    ],
)
def test_workdir(text: str, workdir: str | None) -> None:
    assert workdir == end_of(text).workdir


def test_scratch_has_a_path() -> None:
    assert end_of("FROM scratch\nENV A=$PATH\n").environment["A"].startswith("/usr/local/sbin:")


@pytest.mark.parametrize(
    ("text", "order"),
    [
        pytest.param("FROM a AS b\nENV A=1 B=1\nENV A=2\nFROM b\n", ["A", "B"], id="ENV set again"),
        pytest.param("FROM a AS b\nENV A=1\nARG B=1\nFROM b\n", ["B", "A"], id="ARG after ENV"),
        pytest.param("FROM a AS b\nENV A=1 B=1\nFROM b\nENV C=1\nFROM b\n", ["A", "B"], id="only new ENV"),
    ],
)
def test_a_stage_sets_what_it_inherits_again(text: str, order: list[str]) -> None:
    assert order == list(end_of(text).variables)


def test_user_and_shell_are_inherited_and_expanded() -> None:
    scope = end_of('FROM a AS b\nARG U=node\nUSER ${U}:$U\nSHELL ["bash", "-c", "$U"]\nFROM b\n')
    assert (scope.user, scope.shell) == ("node:node", ("bash", "-c", "$U"))


def test_a_scope_is_what_held_before_the_instruction() -> None:
    build = build_of("FROM a\nENV V=1\nRUN x\nENV V=2\nUSER u\nRUN y\n")
    runs = [view for view in build.stages[0].views if isinstance(view, Run)]
    found = [(build.scope_of(run).environment["V"], build.scope_of(run).user) for run in runs]
    assert found == [("1", None), ("2", "u")]


@pytest.mark.parametrize(
    ("text", "base", "image", "base_stage"),
    [
        pytest.param("FROM node:22\n", "node:22", "node:22", None, id="image"),
        pytest.param("FROM scratch\n", "scratch", None, None, id="scratch"),
        pytest.param("ARG V=22\nFROM node:$V\n", "node:22", "node:22", None, id="argument"),
        pytest.param("ARG V\nFROM node:$V\n", "node:$V", None, None, id="argument without value"),
        pytest.param("FROM node:${V:-20}\n", "node:20", "node:20", None, id="default"),
        pytest.param("FROM x AS a\nFROM A\n", "A", None, None, id="FROM tells upper from lower case"),
        pytest.param("FROM x AS A\nFROM a\n", "a", None, 0, id="stage"),
        pytest.param("FROM x AS a\nFROM y AS a\nFROM a\n", "a", None, 1, id="nearest stage of that name"),
        pytest.param("FROM a AS b\nFROM x AS a\nFROM b\n", "b", None, 0, id="image named like a later stage"),
        pytest.param("FROM x\nFROM 0\n", "0", "0", None, id="a number is an image"),
        pytest.param("FROM a AS a\nFROM a\n", "a", None, 0, id="stage named like its image"),
    ],
)
def test_what_a_stage_is_from(text: str, base: str, image: str | None, base_stage: int | None) -> None:
    stage = build_of(text).stages[-1]
    found_image = None if stage.image is None else str(stage.image)
    assert (base, image, base_stage) == (stage.base, found_image, stage.base_stage)


@pytest.mark.parametrize(
    ("text", "parents"),
    [
        pytest.param("FROM x AS a\nFROM x\nCOPY --from=a /x /\n", (0,), id="copy by name"),
        pytest.param("FROM x\nFROM x\nCOPY --from=0 /x /\n", (0,), id="copy by number"),
        pytest.param("FROM x AS a\nFROM x\nCOPY --from=A /x /\n", (0,), id="copy in another case"),
        pytest.param("FROM x AS a\nFROM x\nADD --from=a /x /\n", (), id="ADD knows no from"),
        pytest.param("FROM x AS a\nFROM x\nRUN --mount=from=a,target=/m ls\n", (0,), id="mount by name"),
        pytest.param("FROM x\nFROM x\nRUN --mount=from=0,target=/m ls\n", (), id="a mount knows no numbers"),
        pytest.param("FROM x\nFROM x\nCOPY --from=nginx /x /\n", (), id="copy from an image"),
        pytest.param("FROM x AS a\nFROM a\nCOPY --from=a /x /\n", (0,), id="base and copy are one parent"),
        pytest.param(
            "FROM x AS a\nFROM x AS b\nONBUILD COPY --from=a /x /\nFROM b\n", (1, 0), id="by ONBUILD"
        ),
    ],
)
def test_parents(text: str, parents: tuple[int, ...]) -> None:
    assert parents == build_of(text).stages[-1].parents


FOUR = "FROM x AS a\nFROM x AS b\nCOPY --from=a / /\nFROM a AS c\nFROM b AS d\n"


@pytest.mark.parametrize(
    ("target", "needed"),
    [
        pytest.param(None, {0, 1, 3}, id="the last stage"),
        pytest.param("C", {0, 2}, id="by name"),
        pytest.param("1", set(), id="not by number"),
        pytest.param("nope", set(), id="no such stage"),
    ],
)
def test_needed_stages(target: str | None, needed: set[int]) -> None:
    assert needed == build_of(FOUR).needed_stages(target)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("A", 0, id="name in another case"),
        pytest.param("3", 3, id="number"),
        pytest.param("+01", 1, id="number as Go reads it"),
        pytest.param("-0", 0, id="minus nothing"),
        pytest.param("4", None, id="no such number"),
        pytest.param("9" * 5000, None, id="long number"),
        pytest.param("nginx", None, id="image"),
    ],
)
def test_what_copy_from_finds(text: str, number: int | None) -> None:
    stage = build_of(FOUR).stage_named(text)
    assert number == (None if stage is None else stage.number)


def test_lineage_and_root() -> None:
    build = build_of("FROM node:22 AS a\nFROM a AS b\nFROM b\n")
    last = build.stages[-1]
    assert [str(stage.number) for stage in build.lineage(last)] == ["2", "1", "0"]
    assert str(build.root_image(last)) == "node:22"


def test_stage_of_an_instruction_and_of_an_onbuild_trigger() -> None:
    build = build_of("ARG V\nFROM x\nRUN a\nFROM y\nENV A=1\nONBUILD RUN b\n")
    onbuild = build.stages[1].views[-1]
    trigger = onbuild.instruction
    assert [
        build.stage_of(thing).number for thing in (build.stages[0].views[0], build.stages[1].start, trigger)
    ] == [0, 1, 1]
    with pytest.raises(LookupError):
        build.stage_of(build.global_views[0])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("RUN a && b\n", ["a", "b"], id="shell form"),
        pytest.param('RUN ["a", "b"]\n', None, id="exec form"),
        pytest.param("RUN <<EOF\na\nb\nEOF\n", ["a", "b"], id="heredoc"),
        pytest.param("RUN <<-'EOF'\n\ta\n\tEOF\n", ["a"], id="heredoc with tabs and quotes"),
        pytest.param("RUN a <<EOF\nb\nEOF\n", ["a"], id="heredoc as input"),
        pytest.param("RUN <<A <<B\nx\nA\ny\nB\n", [""], id="two heredocs"),
        pytest.param("RUN <<EOF\n#!/usr/bin/env python3\nprint()\nEOF\n", None, id="python"),
        pytest.param("RUN <<EOF\n#!/bin/bash -e\na\nEOF\n", ["a"], id="bash"),
        pytest.param('SHELL ["pwsh", "-c"]\nRUN a\n', None, id="PowerShell"),
    ],
)
def test_scripts(text: str, names: list[str] | None) -> None:
    build = build_of(f"FROM x\n{text}")
    run = next(view for view in build.stages[0].views if isinstance(view, Run))
    script = build.script_of(run)
    assert names == (None if script is None else [command.name for command in script.commands])
    assert script is build.script_of(run)


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        pytest.param("FROM mcr.microsoft.com/windows/nanoserver\nRUN a\n", Dialect.CMD, id="image"),
        pytest.param("FROM --platform=windows/amd64 x\nRUN a\n", Dialect.CMD, id="platform"),
        pytest.param(
            "FROM mcr.microsoft.com/windows/nanoserver:$V AS b\nFROM b\nRUN a\n", Dialect.CMD, id="root image"
        ),
        pytest.param("FROM x\nRUN a\n", Dialect.POSIX, id="any other"),
    ],
)
def test_dialects(text: str, dialect: Dialect) -> None:
    build = build_of(text)
    run = build.stages[-1].views[-1]
    assert isinstance(run, Run)
    assert dialect == build.dialect_of(run)


def test_words_are_expanded_by_their_form() -> None:
    build = build_of(
        "FROM x\nENV D=/d Q=\"'q'\"\n"
        'COPY --chown=$D "$D/a" $NO/b /c\nCOPY ["$D/a b", "/c"]\nCOPY [\'$D\', /c\n'
    )
    copies = [view for view in build.stages[0].views if isinstance(view, Copy)]
    found = [build.expand(word, copy).text for copy in copies for word in copy.sources]
    assert found == ["/d/a", "$NO/b", "/d/a b", "[$D,"]
    assert copies[0].chown is not None
    assert build.expand(copies[0].chown, copies[0]).text == "/d"


@pytest.mark.parametrize(("text", "at", "message"), REFUSALS)
def test_what_buildkit_refuses(text: str, at: str, message: str) -> None:
    build = build_of(text)
    assert [(at, message)] == [(build.dockerfile.text_of(p.span), p.message) for p in build.problems]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        pytest.param("", [], id="empty, which the parser tells"),
        pytest.param("ARG A=1\n", ["there is no FROM, so there is nothing to build"], id="only ARG"),
    ],
)
def test_a_build_without_from(text: str, messages: list[str]) -> None:
    build = build_of(text)
    assert messages == [problem.message for problem in build.problems]
    assert build.final_stage is None
    assert frozenset() == build.needed_stages()


@pytest.mark.parametrize("text", TAKEN)
def test_what_buildkit_takes(text: str) -> None:
    problems = [p for p in build_of(text).problems if "defined later" not in p.message]
    assert problems == []


LINE = st.sampled_from(
    [
        "FROM a AS b",
        "FROM b",
        "FROM $X AS c",
        "FROM c AS b",
        "ARG X=b",
        "ARG X",
        "ENV X=$X.${X:-y} Y='$Z'",
        "ENV $X ${Y%.*}",
        "COPY --from=b a b",
        "COPY --from=1 a b",
        "COPY --from=c a b",
        "RUN --mount=from=c,target=/x y && z",
        "RUN <<EOF\nls\nEOF",
        "WORKDIR $X/y",
        "WORKDIR ../z",
        "USER ${X",
        'SHELL ["a"]',
        "ONBUILD ENV X=onbuild",
        "ONBUILD COPY --from=b a b",
        "ONBUILD",
        "LABEL ${X?}=1",
        "FROM",
        "NOPE",
        "",
    ]
)


@given(st.lists(LINE, max_size=12), st.dictionaries(st.sampled_from("XYZ"), st.text(max_size=3)))
def test_any_dockerfile_is_resolved(lines: list[str], arguments: dict[str, str]) -> None:
    build = resolve(parse(Source("\n".join(lines))), arguments)
    for stage in build.stages:
        assert len(stage.views) == len(stage.scopes)
        assert all(0 <= parent < len(build.stages) for parent in stage.parents)
        assert stage.base_stage is None or stage.base_stage < stage.number
        for view, scope in zip(stage.views, stage.scopes, strict=True):
            assert (stage, scope) == (build.stage_of(view), build.scope_of(view))
            assert set(scope.environment) <= set(scope.variables)
            if isinstance(view, Run):
                build.script_of(view)
    assert list(build.problems) == sorted(build.problems)
    needed = build.needed_stages()
    assert all(set(build.stages[number].parents) <= needed for number in needed)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("ENV V{0}=x$V{1}", id="names of their own"),
        pytest.param("ENV V=x{0} W=$V", id="one name"),
        pytest.param("ARG V{0}=1", id="arguments"),
        pytest.param("FROM s AS s{0}\nENV A{0}=1\nFROM s{0} AS s", id="stages on stages"),
        pytest.param("FROM x\nCOPY --from={1} a b", id="copies from the stage before"),
        pytest.param("ONBUILD ENV V{0}=1", id="triggers"),
    ],
)
def test_time_grows_with_the_lines(line: str) -> None:
    """Eight times the lines may take thirty times as long on a busy machine; a square law takes 64 times."""
    seconds = []
    for count in (1000, 8000):
        text = "FROM x AS s\n" + "\n".join(line.format(at, at - 1) for at in range(1, count))
        dockerfile = parse(Source(text))
        best = 9e9
        for _ in range(3):
            start = time.process_time()
            resolve(dockerfile)
            best = min(best, time.process_time() - start)
        seconds.append(best)
    assert seconds[1] < 30 * seconds[0]
