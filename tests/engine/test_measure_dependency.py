"""Every package manager takes a dependency that was added, told to refuse a stale lock file."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from dockeropt.measure.changes import edits_of
from dockeropt.measure.model import Scenario
from tests.engine.builds import build, own_context
from tests.measure.lock_files import NODE, PACKAGE

pytestmark = pytest.mark.engine

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "projects"

INSTALLS = {
    "npm": "npm ci && npm ls ms",
    "yarn": "yarn install --frozen-lockfile && yarn check --integrity",
    "pnpm": "pnpm install --frozen-lockfile && test -e node_modules/ms",
    "bun": "bun install --frozen-lockfile && test -e node_modules/ms",
    "uv": "uv sync --locked --no-dev --no-install-project",
    "poetry": "poetry install --no-root --only main",
}
"""what fails where manifest and lock file do not agree"""

CHANGED = {"pnpm": "pnpm-lock.yaml", "uv": "uv.lock"}
"""refused without the dependency; npm and bun look no further than that it is installed"""

DOCKERFILE = """\
FROM node:22 AS node
RUN npm install -g pnpm@10 bun@1

{node}
FROM python:3.13-slim AS python
RUN pip install uv poetry

{python}
FROM scratch
{copies}
"""


def added(files: Mapping[str, bytes], mark: str) -> dict[str, bytes]:
    """Return the files of a project after an edit for the scenario."""
    edits = edits_of(Scenario.DEPENDENCY, files, files.get)
    return {**files, **{edit.path: edit.change(files[edit.path], mark) for edit in edits}}


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for path, content in files.items():
        (folder / path).write_bytes(content)


def stage(base: str, name: str) -> str:
    """Return a stage that installs; where the lock file changes, the old one must be refused."""
    stale = f"COPY {name}-stale ./\nRUN ! {{ {INSTALLS[name]}; }}\n" if name in CHANGED else ""
    copied = f"COPY {name} ./\nRUN {INSTALLS[name]} && touch /{name}\n"
    return f"FROM {base} AS {name}\nWORKDIR /app\n{stale}{copied}"


def test_installs_that_refuse_a_stale_lock_file_take_it(tmp_path: Path, token: str) -> None:
    projects = {
        name: {"package.json": PACKAGE.encode(), lock: text.encode()} for name, (lock, text) in NODE.items()
    }
    for name, project in (("uv", "fastapi-uv"), ("poetry", "poetry-api")):
        names = ("pyproject.toml", f"{name}.lock")
        projects[name] = {each: (FIXTURES / project / each).read_bytes() for each in names}
    context = own_context(tmp_path, token)
    for name, files in projects.items():
        changed = added(files, token)
        write(context / name, changed)
        if name in CHANGED:
            write(context / f"{name}-stale", {**changed, CHANGED[name]: files[CHANGED[name]]})
    text = DOCKERFILE.format(
        node="\n".join(stage("node", name) for name in NODE),
        python="\n".join(stage("python", name) for name in ("uv", "poetry")),
        copies="\n".join(f"COPY --from={name} /{name} /" for name in projects),
    )
    (context / "Dockerfile").write_text(text)
    ran = build(context).ran.values()
    assert all(any(step.startswith(f"RUN {command}") for step in ran) for command in INSTALLS.values())
