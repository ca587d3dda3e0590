import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.cache.graph import StepGraph, step_graph
from dockeropt.errors import UsageError
from dockeropt.measure.source_edit import COMMENTS, choose, edit_of
from dockeropt.semantics.context import Context
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source


@pytest.mark.parametrize(
    ("paths", "chosen"),
    [
        pytest.param(
            ["nuxt.config.ts", "pages/index.vue", "components/Card.vue", "server/api/a.ts", "app.vue"],
            "pages/index.vue",
            id="Nuxt: a page before a component",
        ),
        pytest.param(
            ["app/app.vue", "app/pages/about.vue", "app/pages/index.vue"], "app/pages/index.vue", id="Nuxt 4"
        ),
        pytest.param(
            ["src/App.test.tsx", "src/App.stories.tsx", "src/App.tsx", "src/vite-env.d.ts"],
            "src/App.tsx",
            id="React: no test, no story",
        ),
        pytest.param(["server.js", "test/server.js", "eslint.config.js"], "server.js", id="Node: no test"),
        pytest.param(
            ["setup.py", "docs/conf.py", "shop/views.py", "tests/test_a.py"], "shop/views.py", id="Python"
        ),
        pytest.param(["main.go", "main_test.go", "vendor/a/b.go"], "main.go", id="Go: nothing vendored"),
        pytest.param(["dist/index.js", ".nuxt/app.js", "src/main.ts"], "src/main.ts", id="nothing generated"),
        pytest.param(
            ["public/app.js", "static/app.js", "README.md", "package.json"], None, id="no source at all"
        ),
        pytest.param([], None, id="an empty context"),
    ],
)
def test_the_file_edited_is_one_that_is_worked_on(paths: list[str], chosen: str | None) -> None:
    assert chosen == choose(paths)


def graph(dockerfile: str) -> StepGraph:
    return step_graph(resolve(parse(Source(dockerfile)), {}, Context(tuple, None)))


@pytest.mark.parametrize(
    ("copies", "chosen"),
    [
        pytest.param(["COPY . ."], "admin/pages/index.vue", id="everything is taken in"),
        pytest.param(["COPY shop ."], "shop/pages/index.vue", id="one app of two"),
        pytest.param(["COPY . .", "COPY shop ."], "shop/pages/index.vue", id="what both builds take in"),
        pytest.param(["COPY package.json ."], "admin/pages/index.vue", id="nothing: the user is told later"),
    ],
)
def test_the_file_edited_is_one_that_the_builds_take_in(copies: list[str], chosen: str) -> None:
    paths = ["shop/pages/index.vue", "admin/pages/index.vue", "shop/package.json"]
    assert choose(paths, [graph(f"FROM scratch\n{copy}\n") for copy in copies]) == chosen


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        pytest.param("a.vue", b"<template/>\n", b"<template/>\n<!-- dockeropt M -->\n", id="markup"),
        pytest.param("a.ts", b"let a", b"let a\n// dockeropt M\n", id="no final newline"),
        pytest.param("a.PY", b"a = 1\r\n", b"a = 1\r\n# dockeropt M\r\n", id="CRLF and an upper-case name"),
        pytest.param("a.css", b"", b"/* dockeropt M */\n", id="an empty file"),
        pytest.param("a.php", b"<?php\necho 1;\n", b"<?php\necho 1;\n// dockeropt M\n", id="open PHP"),
        pytest.param("a.php", b"<?= 1 ?>\n", b"<?= 1 ?>\n<?php // dockeropt M\n", id="closed PHP"),
        pytest.param("a.py", b"\xff\n", b"\xff\n# dockeropt M\n", id="bytes that are not UTF-8"),
    ],
)
def test_edits_suit_the_type(path: str, before: bytes, after: bytes) -> None:
    assert after == edit_of(path).change(before, "M")


@given(st.text(alphabet="0123456789abcdef-", min_size=1), st.text(alphabet="0123456789abcdef-", min_size=1))
def test_json_stays_the_same_value_and_differs_for_each_mark(one: str, other: str) -> None:
    change = edit_of("a.json").change
    assert json.loads(change(b'{"a": [1]}', one)) == {"a": [1]}
    assert (one == other) == (change(b"{}", one) == change(b"{}", other))


@given(st.sampled_from(sorted(COMMENTS)), st.binary())
def test_an_edit_keeps_what_was_there_and_changes_the_size(suffix: str, data: bytes) -> None:
    changed = edit_of(f"a{suffix}").change(data, "0-1")
    assert changed.startswith(data)
    assert len(changed) > len(data)


def test_this_file_stays_valid() -> None:
    changed = edit_of("a.py").change(Path(__file__).read_bytes(), "M")
    assert ast.dump(ast.parse(Path(__file__).read_bytes())) == ast.dump(ast.parse(changed))


@pytest.mark.parametrize(
    "path", [pytest.param("a.png", id="an image"), pytest.param("Makefile", id="no extension")]
)
def test_a_type_without_a_harmless_edit_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match=f"no harmless edit is known for {path}"):
        edit_of(path)
