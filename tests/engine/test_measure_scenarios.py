"""Every kind of rebuild with a real engine: what runs again, what does not, and where the time goes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockeropt.errors import MeasureError, UsageError
from dockeropt.measure.comparison import Options, measure
from dockeropt.measure.model import BuildTime, Candidate, Scenario
from tests.engine.builds import build
from tests.engine.measuring import lines, write_app
from tests.engine.registry import registry
from tests.engine.remote_builder import remote_builder

pytestmark = pytest.mark.engine

LAYERED = """\
FROM node:22-alpine AS tools
RUN sleep 1; echo {token} > /tool

FROM node:22-alpine
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm sleep 2; echo {token} > installed
COPY server.js ./
COPY --from=tools /tool ./
RUN echo {token} > built
"""

ALL = tuple(each for each in Scenario if each is not Scenario.REMOTE)


def commands(build: BuildTime) -> list[str]:
    # Another build's step of the same key counts as that build's; WORKDIR after a base image is such a one.
    names = [step.name.partition("] ")[2].split()[0] for step in build.run]
    return sorted(name for name in names if name != "WORKDIR")


@pytest.fixture
def app(tmp_path: Path, token: str) -> Path:
    folder = write_app(tmp_path / "app", token)
    (folder / "package-lock.json").write_text('{"lockfileVersion": 3}\n')
    (folder / "README.md").write_text("# App\n")
    (folder / ".dockerignore").write_text("Dockerfile*\n")
    return folder


def test_each_change_reruns_what_depends_on_it(app: Path, token: str) -> None:
    naive = f"FROM node:22-alpine\nWORKDIR /app\nCOPY . .\nRUN echo {token} > installed\n"
    candidates = [
        Candidate("before", naive, "Dockerfile*\n"),
        Candidate("after", LAYERED.format(token=token), "Dockerfile*\n*.md\n"),
    ]
    options = Options(runs=2, scenarios=ALL, starts=False)
    comparison = measure(str(app), candidates, options)
    before, after = comparison.measurements
    assert comparison.edited == {
        Scenario.SOURCE: ("server.js",),
        Scenario.DOCUMENT: ("README.md",),
        Scenario.DEPENDENCY: ("package.json", "package-lock.json"),
    }
    assert {scenario: commands(build) for scenario, build in before.builds.items()} == {
        Scenario.COLD: ["COPY", "RUN"],
        Scenario.UNCHANGED: [],
        Scenario.SOURCE: ["COPY", "RUN"],
        Scenario.DOCUMENT: ["COPY", "RUN"],
        Scenario.DEPENDENCY: ["COPY", "RUN"],
    }
    assert {scenario: commands(build) for scenario, build in after.builds.items()} == {
        Scenario.COLD: ["COPY", "COPY", "COPY", "RUN", "RUN", "RUN"],
        Scenario.UNCHANGED: [],
        Scenario.SOURCE: ["COPY", "COPY", "RUN"],
        Scenario.DOCUMENT: [],
        Scenario.DEPENDENCY: ["COPY", "COPY", "COPY", "RUN", "RUN"],
    }
    assert all(len(build.timing.seconds) == 2 for each in (before, after) for build in each.builds.values())
    # The files of the user are as they were.
    assert (app / "README.md").read_text() == "# App\n"


def test_the_critical_path_goes_through_the_longest_stage(app: Path, token: str) -> None:
    candidate = Candidate("only", LAYERED.format(token=token), "Dockerfile*\n")
    cold = measure(str(app), [candidate], Options(starts=False)).measurements[0].cold
    path = [step.name.partition("] ")[2].split(" sleep")[0] for step in cold.critical_path]
    assert "RUN --mount=type=cache,target=/root/.npm" in path
    assert path[-1] == ""
    assert cold.critical_path[-1].name.startswith("exporting to ")
    # The other stage took a second beside it.
    assert not any(each == "RUN" or each.startswith("RUN sleep 1") for each in path)
    assert 2 <= sum(step.seconds for step in cold.critical_path) <= cold.timing.median
    assert "sleep 2" in cold.slowest[0].name
    assert len(cold.slowest) == 5
    for step in (*cold.steps, *cold.beside):
        assert 0 <= step.start <= step.start + step.seconds <= cold.timing.median


def test_without_a_file_to_change_the_scenario_is_named(app: Path, token: str) -> None:
    (app / "README.md").unlink()
    options = Options(scenarios=(Scenario.DOCUMENT,), starts=False)
    with pytest.raises(UsageError, match=r"no document .* for the scenario document"):
        measure(str(app), [Candidate("only", f"FROM scratch\nCOPY server.js /{token}\n", None)], options)


def test_a_manifest_that_no_build_takes_in_is_said(app: Path, token: str) -> None:
    options = Options(scenarios=(Scenario.DEPENDENCY,), starts=False)
    with pytest.raises(UsageError, match=r"no build takes in package\.json or package-lock\.json") as raised:
        measure(str(app), [Candidate("only", f"FROM scratch\nCOPY server.js /{token}\n", None)], options)
    assert "CONTEXT" in raised.value.hint


def test_platforms_are_built_one_beside_the_other(app: Path, token: str) -> None:
    dockerfile = f"FROM scratch\nARG TARGETARCH\nCOPY server.js /${{TARGETARCH}}-{token}\n"
    options = Options(platforms=("linux/amd64", "linux/arm64"), source="server.js", starts=False)
    twins = [Candidate("before", dockerfile, None), Candidate("after", dockerfile, None)]
    found = measure(str(app), twins, options).measurements
    assert [(each.name, each.platform) for each in found] == [
        ("before", "linux/amd64"),
        ("after", "linux/amd64"),
        ("before", "linux/arm64"),
        ("after", "linux/arm64"),
    ]
    for each in found:
        arch = each.platform.removeprefix("linux/")
        assert each.cold.steps[-1].name.endswith(f"COPY server.js /{arch}-{token}")


def test_another_builder_builds(app: Path, token: str, tmp_path: Path) -> None:
    name = f"dockeropt-test-{token}"
    endpoint = lines("docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}")[0]
    lines("docker", "context", "create", name, "--docker", f"host={endpoint}")
    stored = tmp_path / "measured.json"
    (app / "Dockerfile").write_text(LAYERED.format(token=token))
    arguments = [
        "--builder",
        name,
        "--scenario",
        "unchanged",
        "--no-start",
        "--json",
        str(stored),
        "--details",
    ]
    command = [sys.executable, "-m", "dockeropt", "measure", str(app), "--after", str(app / "Dockerfile")]
    # The builder of a docker context can be had while that is in use.
    environment = {**os.environ, "DOCKER_CONTEXT": name}
    try:
        done = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, timeout=300, env=environment
        )
    finally:
        lines("docker", "context", "rm", "--force", name)
    assert done.returncode == 0, done.stderr
    assert f"built by the builder {name}" in done.stdout
    assert "rebuild, nothing changed" in done.stdout
    assert "critical path" in done.stdout
    found = json.loads(stored.read_text())
    assert found["builder"] == name
    assert list(found["measurements"][0]["builds"]) == ["cold", "unchanged"]


def test_a_builder_that_is_none_is_said(app: Path) -> None:
    command = [sys.executable, "-m", "dockeropt", "measure", str(app), "--builder", "none-such", "--no-start"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 4
    assert "none-such" in done.stderr
    assert "docker buildx ls" in done.stderr


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "registry").mkdir()
    with registry(tmp_path / "registry") as address:
        yield f"{address}/app:cache"


@pytest.fixture
def builder(token: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A builder that is none of docker's own; the path of its socket has at most 107 bytes."""
    with remote_builder(f"dockeropt-test-{token}", tmp_path_factory.mktemp("b")) as name:
        yield name


def fetched(cache: str, tmp_path: Path) -> int:
    """Return the bytes of blobs that the registry has sent."""
    lines = (tmp_path / "registry" / "log").read_text().splitlines()
    found = (re.search(r'"GET /v2/app/blobs/\S+ HTTP/1\.1" 200 (\d+)', line) for line in lines)
    return sum(int(each[1]) for each in found if each)


def marked() -> set[str]:
    """Return the marks of fresh machines that the builder has."""
    return {line for line in lines("docker", "buildx", "du", "--verbose") if "/.dockeropt-" in line}


def test_a_fresh_machine_has_the_registry_alone(
    app: Path, token: str, tmp_path: Path, cache: str, builder: str
) -> None:
    dockerfile = f"""\
FROM node:22-alpine AS build
WORKDIR /app
COPY package.json ./
RUN --mount=type=cache,target=/c : {token}; test ! -e /c/a && touch /c/a; head -c 3000000 /dev/urandom > big
COPY server.js ./
RUN test ! -e /none && cp server.js built.js

FROM node:22-alpine
COPY --from=build /app/big /app/built.js ./
"""
    # The user has built the same before: that must not help.
    (app / "Dockerfile").write_text(dockerfile)
    assert len(build(app).ran) > 3
    earlier = marked()
    candidates = [Candidate("only", dockerfile, "Dockerfile*\n")]
    options = Options(runs=2, scenarios=(Scenario.REMOTE,), cache=cache, builder=builder, starts=False)
    comparison = measure(str(app), candidates, options)
    remote = comparison.measurements[0].builds[Scenario.REMOTE]
    assert comparison.edited == {Scenario.REMOTE: ("server.js",)}
    assert comparison.builder == builder
    assert commands(remote) == ["COPY", "COPY", "RUN"]
    # The image came out of the builder as an archive, and was weighed in the engine.
    assert any(step.name == "sending tarball" or "exporting to " in step.name for step in remote.beside)
    assert sum(layer.compressed_bytes for layer in comparison.measurements[0].image.layers[-2:]) > 3_000_000
    assert {step.name.partition("] ")[0] for step in remote.steps} == {
        "[build 2/6", "[build 3/6", "[build 4/6", "[build 5/6", "[build 6/6", "[stage-1 2/2"
    }  # fmt: skip
    assert not any("dockeropt" in step.name for step in (*remote.steps, *remote.critical_path))
    # Twice the three random megabytes came out of the registry.
    assert 6_000_000 < fetched(cache, tmp_path) < 8_000_000
    # Nothing of it is left in the builder.
    assert marked() <= earlier


def test_the_users_cached_steps_stay_cached(app: Path, token: str) -> None:
    install = f"RUN --mount=type=cache,target=/c : {token}; touch /c/a"
    dockerfile = f"FROM node:22-alpine\nWORKDIR /app\nCOPY . .\n{install}\n"
    (app / "Dockerfile").write_text(dockerfile)
    assert "RUN" in str(build(app).ran)
    measure(str(app), [Candidate("only", LAYERED.format(token=token), "*.md\n")], Options(starts=False))
    assert build(app).ran == {}


def test_a_registry_that_cannot_be_reached_is_said(app: Path, token: str) -> None:
    candidates = [Candidate("only", f"FROM scratch\nCOPY server.js /{token}\n", None)]
    options = Options(scenarios=(Scenario.REMOTE,), cache="127.0.0.1:1/app:cache", starts=False)
    with pytest.raises(MeasureError, match=r"127\.0\.0\.1:1"):
        measure(str(app), candidates, options)
