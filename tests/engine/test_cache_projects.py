"""On whole Dockerfiles of projects the engine reruns what the step graph predicts for everyday changes.

The projects are built as they stand, with one step more after each image so that no older cache answers.
Of nuxt-shop, whose install takes a minute and a half, the Dockerfiles are real and the work is a stand-in:
what reruns does not depend on what a step does, only on what it reads.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from dockeropt.cache.graph import StepGraph
from dockeropt.cache.snapshot import Entry, Snapshot
from dockeropt.cache.steps import Mode, Step
from dockeropt.semantics.dockerignore import Matcher
from tests.cache.predictions import graph_of, predicted
from tests.engine.builds import Ran, build, own_context, steps_that_ran

pytestmark = pytest.mark.engine

_PROJECTS = Path(__file__).parents[2] / "fixtures" / "projects"
_IMAGE = re.compile(r"^(FROM (?:node|debian):.*)$", re.MULTILINE)
_SAME = Mode.SAME
_LINKED = {"static-site": ("serve.mjs", "pages/index.md")}
"""files that COPY --link takes, which no step before it makes new"""
_TOKEN = uuid4().hex[:12]
"""new in every test run; ``TOKEN`` in a change stands for it"""


class Change(NamedTuple):
    """An edit of a project, and which bound the truth is: whether what stages hand over changes with it."""

    appended: Mapping[str, str] = {}
    replaced: Mapping[str, tuple[str, str]] = {}
    modes: Mapping[str, int] = {}
    touched: tuple[str, ...] = ()
    arguments: Mapping[str, str] = {}
    target: str | None = None
    mode: Mode = Mode.CHANGES
    reruns: tuple[str, ...] | None = None
    """what really reruns, as BuildKit numbers it, where that lies between the bounds"""


_VERSION = ('"private": true', '"private": true, "description": "TOKEN"')
_COMMENT = "\n// TOKEN\n"
_NUXT = {
    "a source": Change({"app/app.vue": "<!-- TOKEN -->\n"}),
    "a document": Change({"docs/deployment.md": "TOKEN\n"}),
    "a manifest": Change(
        replaced={"package.json": ('"private":true', '"private":true,"description":"TOKEN"')}
    ),
    "a file's mode": Change(modes={"nuxt.config.ts": 0o755}),
    "a file's time": Change(touched=("nuxt.config.ts", "package.json")),
    "an argument": Change(arguments={"NUXT_APP_CDN_URL": "https://cdn.example/TOKEN"}),
}

CHANGES: Mapping[str, Mapping[str, Change]] = {
    "nuxt-shop/Dockerfile": _NUXT,
    "nuxt-shop/Dockerfile.article": {
        **_NUXT,
        "a source": _NUXT["a source"]._replace(reruns=("build 6/7", "build 7/7", "stage-1 5/5")),
        "a document": _NUXT["a document"]._replace(mode=_SAME),
        "a manifest": _NUXT["a manifest"]._replace(
            reruns=("build 4/7", "build 5/7", "build 6/7", "build 7/7", "stage-1 5/5")
        ),
        "a file's mode": _NUXT["a file's mode"]._replace(mode=_SAME),
        "an argument": _NUXT["an argument"]._replace(mode=_SAME),
    },
    "express-api/Dockerfile": {
        "a source": Change({"src/orders.js": _COMMENT}, mode=_SAME),
        "a source that counts": Change({"src/server.js": "\nconsole.log('TOKEN')\n"}),
        "a document that is left out": Change({"docs/orders.md": "TOKEN\n"}),
        "a document that is copied": Change({"README.md": "TOKEN\n"}, mode=_SAME),
        "a manifest": Change(replaced={"package.json": _VERSION}, mode=_SAME),
        "a lock file's mode": Change(modes={"package-lock.json": 0o755}, mode=_SAME),
        "a time": Change(touched=("package.json", "src/server.js")),
        "an argument": Change(arguments={"GIT_COMMIT": "TOKEN"}),
    },
    "static-site/Dockerfile": {
        "a source": Change({"pages/about.md": "\nTOKEN\n"}),
        "a document": Change({"README.md": "TOKEN\n"}),
        "a server": Change({"serve.mjs": _COMMENT}, mode=_SAME),
        "a manifest": Change(replaced={"package.json": _VERSION}, mode=_SAME),
        "a file's mode that --chmod replaces": Change(modes={"public/robots.txt": 0o755}, mode=_SAME),
        "a time": Change(touched=("pages/about.md",)),
        "an argument": Change(arguments={"BASE_URL": "/TOKEN/"}),
        "a source, for the files alone": Change({"pages/index.md": "\nTOKEN\n"}, target="assets"),
    },
    "monorepo/Dockerfile": {
        "a source": Change({"apps/api/src/index.js": "\nconsole.log('TOKEN')\n"}),
        "a source of another program": Change({"apps/worker/src/index.js": _COMMENT}),
        "a shared source": Change({"packages/shared/src/index.js": "\nconsole.log('TOKEN')\n"}),
        "a shared source that is not bundled": Change(
            {"packages/shared/src/index.js": "\nexport const unused = 'TOKEN'\n"}, mode=_SAME
        ),
        "a document": Change({"README.md": "TOKEN\n"}, mode=_SAME),
        "a manifest": Change(replaced={"apps/worker/package.json": _VERSION}),
        "a mode": Change(modes={"apps/api/src/index.js": 0o755}),
        "a time": Change(touched=("package.json",)),
        "an argument": Change(arguments={"APP": "worker"}),
    },
    "report-job/Dockerfile": {
        "a script": Change({"scripts/render.sh": "# TOKEN\n"}),
        "a template": Change({"templates/daily.txt": "TOKEN\n"}),
        "a mounted file": Change({"limits.conf": "# TOKEN\n"}),
        "a document": Change({"README.md": "TOKEN\n"}),
        "a template's mode": Change(modes={"templates/daily.txt": 0o600}),
        "a time": Change(touched=("limits.conf", "scripts/report.sh")),
        "an argument": Change(arguments={"TIMEZONE": "Etc/TOKEN"}),
    },
}


class Built(NamedTuple):
    """A project as it was built before its changes."""

    folder: Path
    state: tuple[StepGraph, Snapshot]


@pytest.fixture(scope="module")
def builds() -> dict[str, Built]:
    """The projects built so far."""
    return {}


@pytest.mark.parametrize(
    ("project", "change"),
    [(project, change) for project, changes in CHANGES.items() for change in changes],
    ids=lambda name: name,
)
def test_the_engine_reruns_what_the_graph_predicts(
    project: str, change: str, builds: dict[str, Built], tmp_path_factory: pytest.TempPathFactory
) -> None:
    if project not in builds:
        builds[project] = _built(project, _folder(tmp_path_factory))
    before = builds[project]
    what = CHANGES[project][change]
    folder = _folder(tmp_path_factory)
    shutil.copytree(before.folder, folder, dirs_exist_ok=True)
    _make(what, folder)
    arguments = {name: value.replace("TOKEN", _TOKEN) for name, value in what.arguments.items()}
    after = _state(folder, arguments, what.target)
    ran = _names(steps_that_ran(*after, _run(folder, arguments, what.target)))
    lower, upper = (_names(predicted(before.state, after, mode)) for mode in (Mode.SAME, Mode.CHANGES))
    assert set(lower) <= set(ran) <= set(upper)
    if what.reruns is not None:
        assert what.reruns == tuple(name.partition("]")[0].lstrip("[") for name in ran)
    else:
        assert (lower if what.mode is Mode.SAME else upper) == ran


def _folder(factory: pytest.TempPathFactory) -> Path:
    return own_context(factory.mktemp("project"), uuid4().hex[:12])


def _names(steps: Iterable[Step]) -> tuple[str, ...]:
    return tuple(step.name for step in steps)


def _built(project: str, folder: Path) -> Built:
    name, _, dockerfile = project.partition("/")
    shutil.copytree(_PROJECTS / name, folder, dirs_exist_ok=True)
    for other in folder.glob("Dockerfile*"):
        if other.name != dockerfile:
            other.unlink()
    text = (folder / dockerfile).read_text()
    (folder / dockerfile).unlink()
    (folder / "Dockerfile").write_text(_IMAGE.sub(rf"\1\nRUN : {_TOKEN} {project}", text))
    if name == "nuxt-shop":
        _stand_in(folder)
    for path in _LINKED.get(name, ()):
        with (folder / path).open("a") as file:
            file.write(f"\n// {_TOKEN}\n")
    state = _state(folder, {}, None)
    every = predicted((graph_of(""), Snapshot({})), state, Mode.CHANGES)
    ran = _names(steps_that_ran(*state, _run(folder, {}, None)))
    assert _names(every) == ran
    return Built(folder, state)


def _stand_in(folder: Path) -> None:
    """Give the shop an install and a build that take no time."""
    build_ = "mkdir -p node_modules .output && cp -r app package.json .output/"
    manifest = {"name": "shop", "version": "1.0.0", "private": True, "scripts": {"build": build_}}
    lock = {"name": "shop", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": manifest}}
    (folder / "package.json").write_text(json.dumps(manifest, separators=(",", ":")))
    (folder / "package-lock.json").write_text(json.dumps(lock))
    (folder / ".npmrc").touch()


def _make(change: Change, folder: Path) -> None:
    for path, text in change.appended.items():
        with (folder / path).open("a") as file:
            file.write(text.replace("TOKEN", _TOKEN))
    for path, (old, new) in change.replaced.items():
        text = (folder / path).read_text()
        assert old in text
        (folder / path).write_text(text.replace(old, new.replace("TOKEN", _TOKEN), 1))
    for path, mode in change.modes.items():
        (folder / path).chmod(mode)
    for path in change.touched:
        os.utime(folder / path, (1_600_000_000, 1_600_000_000))


def _run(folder: Path, arguments: Mapping[str, str], target: str | None) -> Ran:
    return build(folder, arguments=arguments, target=target)


def _state(folder: Path, arguments: Mapping[str, str], target: str | None) -> tuple[StepGraph, Snapshot]:
    ignored = folder / ".dockerignore"
    matcher = Matcher(ignored.read_text() if ignored.exists() else None)
    files = {}
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and not matcher.excludes(path):
            files[path] = Entry(sha256(file.read_bytes()).hexdigest(), file.stat().st_mode & 0o7777)
    return graph_of((folder / "Dockerfile").read_text(), arguments, target=target), Snapshot(files)
