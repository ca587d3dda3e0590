"""A dependency more in manifest and lock file; that the managers take it is for the engine's tests."""

import difflib
import json

import pytest

from dockeropt.measure.changes import edits_of
from dockeropt.measure.model import Scenario
from dockeropt.measure.new_dependency import addition
from tests.measure.lock_files import BUN, NODE, NPM, PACKAGE, PNPM, YARN

UV_PROJECT = """\
[project]
name = "app"
version = "1"
dependencies = [
    "jinja2>=3",
]
"""
UV_LOCK = """\
version = 1

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "jinja2" },
]

[package.metadata]
requires-dist = [
    { name = "jinja2", specifier = ">=3" },
]

[[package]]
name = "jinja2"
version = "3.1.6"
source = { registry = "https://pypi.org/simple" }
dependencies = [
    { name = "colorama", marker = "sys_platform == 'win32'" },
    { name = "markupsafe" },
]

[[package]]
name = "colorama"
version = "0.4.6"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "markupsafe"
version = "3.0.3"
source = { registry = "https://pypi.org/simple" }
"""


def new_lines(before: str, after: bytes) -> list[str]:
    """Return the lines that were added; none may be gone."""
    told = [
        line for line in difflib.ndiff(before.splitlines(), after.decode().splitlines()) if line[0] in "+-"
    ]
    assert not [line for line in told if line[0] == "-" and f"+ {line[2:]}," not in told], told
    return [line[2:] for line in told if line[0] == "+" and f"- {line[2:-1]}" not in told]


@pytest.mark.parametrize(
    ("manager", "in_lock"),
    [
        pytest.param("npm", ['        "ms": "2.1.2"'], id="npm"),
        pytest.param("yarn", [], id="Yarn 1: the lock file needs no change"),
        pytest.param("pnpm", ["      ms:", "        specifier: 2.1.2", "        version: 2.1.2"], id="pnpm"),
        pytest.param("bun", ['        "ms": "2.1.2",'], id="bun"),
    ],
)
def test_what_another_brings_becomes_the_projects_own(manager: str, in_lock: list[str]) -> None:
    name, lock = NODE[manager]
    files = {"package.json": PACKAGE.encode(), name: lock.encode()}
    found = addition("package.json", name, files.get)
    assert found is not None
    assert found.name == "ms"
    assert new_lines(PACKAGE, found.files["package.json"]) == ['    "ms": "2.1.2"']
    assert in_lock == new_lines(lock, found.files.get(name, lock.encode()))


def test_a_python_project_of_uv() -> None:
    files = {"pyproject.toml": UV_PROJECT.encode(), "uv.lock": UV_LOCK.encode()}
    found = addition("pyproject.toml", "uv.lock", files.get)
    assert found is not None
    # Not colorama, which is for one system alone.
    assert new_lines(UV_PROJECT, found.files["pyproject.toml"]) == ['    "markupsafe==3.0.3",']
    assert new_lines(UV_LOCK, found.files["uv.lock"]) == [
        '    { name = "markupsafe" },',
        '    { name = "markupsafe", specifier = "==3.0.3" },',
    ]


def changed(text: str, **more: object) -> str:
    return json.dumps({**json.loads(text), **more})


@pytest.mark.parametrize(
    ("manifest", "lock", "text", "text_of_lock"),
    [
        pytest.param(
            "package.json",
            "package-lock.json",
            changed(PACKAGE, dependencies={"debug": "1", "ms": "1"}),
            NPM,
            id="all",
        ),
        pytest.param(
            "package.json", "package-lock.json", changed(PACKAGE, overrides={"ms": "1"}), NPM, id="overridden"
        ),
        pytest.param("package.json", "package-lock.json", PACKAGE, "{", id="a lock file that is none"),
        pytest.param("package.json", "package-lock.json", PACKAGE, "[]", id="a list for a lock file"),
        pytest.param(
            "package.json", "package-lock.json", PACKAGE, changed(NPM, packages={}), id="an empty lock file"
        ),
        pytest.param(
            "package.json",
            "package-lock.json",
            PACKAGE,
            NPM.replace('"version": "2.1.2",', '"version": "2.1.2", "os": ["linux"],'),
            id="one that is for some machines alone",
        ),
        pytest.param("package.json", "yarn.lock", PACKAGE, "__metadata:\n  version: 8\n", id="Yarn 2"),
        pytest.param("package.json", "yarn.lock", PACKAGE, YARN.replace("ms@2", "ms@npm:m@2"), id="an alias"),
        pytest.param(
            "package.json", "pnpm-lock.yaml", PACKAGE, PNPM.replace("'9.0'", "5.4"), id="an older pnpm"
        ),
        pytest.param(
            "package.json",
            "bun.lock",
            PACKAGE,
            BUN.replace("debug@4", "x@4").replace("ms@2", "m@2"),
            id="bun",
        ),
        pytest.param("pyproject.toml", "poetry.lock", UV_PROJECT, "x", id="Poetry"),
        pytest.param(
            "pyproject.toml",
            "uv.lock",
            UV_PROJECT.replace("dependencies", "x"),
            UV_LOCK,
            id="no list to add to",
        ),
    ],
)
def test_where_both_would_not_agree_nothing_is_added(
    manifest: str, lock: str, text: str, text_of_lock: str
) -> None:
    files = {manifest: text.encode(), lock: text_of_lock.encode()}
    assert addition(manifest, lock, files.get) is None
    assert addition(manifest, lock, {manifest: b"{}"}.get) is None
    # The install runs again all the same.
    edits = edits_of(Scenario.DEPENDENCY, files, files.get)
    assert edits[0].path == manifest
    assert edits[0].change(b"", "one") != edits[0].change(b"", "two")


@pytest.mark.parametrize("manager", NODE)
def test_each_time_is_another(manager: str) -> None:
    name, lock = NODE[manager]
    files = {"package.json": PACKAGE.encode(), name: lock.encode()}
    edits = edits_of(Scenario.DEPENDENCY, files, files.get)
    one, two = ({edit.path: edit.change(files[edit.path], mark) for edit in edits} for mark in ("one", "two"))
    assert one["package.json"] != two["package.json"]
    assert "ms" in json.loads(one["package.json"])["dependencies"]
