"""What ``dockeropt measure`` says where nothing can be measured; no engine is needed for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY main.go /\n")
    (folder / "main.go").write_text("package main\n")
    return folder


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "dockeropt", "measure", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


def command(folder: Path, script: str) -> str:
    """Put a command ``docker`` of our own before all others and return the PATH for it."""
    folder.mkdir()
    file = folder / "docker"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.parametrize(
    ("script", "said", "hint"),
    [
        pytest.param(
            "echo \"docker: 'buildx' is not a docker command.\" >&2; exit 1",
            "docker has no buildx: docker: 'buildx' is not a docker command.",
            "docker-buildx-plugin",
            id="no buildx",
        ),
        pytest.param(
            "echo github.com/docker/buildx v0.12.1 30feaa1",
            "buildx v0.12.1 is too old to be measured: it has no --progress=rawjson",
            "install buildx 0.13 or newer",
            id="an old buildx",
        ),
        pytest.param(
            "echo github.com/docker/buildx 0.30.0 x",
            "the Docker engine does not answer: ",
            "docker info",
            id="no engine",
        ),
    ],
)
def test_without_a_usable_engine(tmp_path: Path, app: Path, script: str, said: str, hint: str) -> None:
    done = run(str(app), PATH=command(tmp_path / "bin", script), DOCKER_HOST=f"unix://{tmp_path}/none.sock")
    message, advice = done.stderr.splitlines()[-2:]
    assert message.startswith(f"dockeropt: {said}")
    assert hint in advice
    assert (done.returncode, done.stdout) == (4, "")


def test_without_docker_at_all(app: Path, tmp_path: Path) -> None:
    done = run(str(app), PATH=str(tmp_path))
    assert done.stderr.splitlines()[-2] == "dockeropt: there is no docker command"
    assert done.returncode == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["{app}/none"], "{app}/none is no folder", id="no such context"),
        pytest.param(
            ["{app}/empty"], "there is no Dockerfile in {app}/empty", id="a context without a Dockerfile"
        ),
        pytest.param(
            ["{app}", "--after", "{app}/D"], "there is no file {app}/D", id="no such Dockerfile after"
        ),
        pytest.param(
            ["{app}", "--before", "{app}/empty"], "{app}/empty is a folder", id="a folder for a Dockerfile"
        ),
        pytest.param(["{app}", "--before", "{app}/binary"], "{app}/binary is binary data", id="binary data"),
        pytest.param(
            ["{app}", "--json", "{app}/no/file"], "{app}/no/file cannot be written", id="nowhere to write"
        ),
        pytest.param(["{app}", "--scenario", "remote"], "needs a registry for its cache", id="no cache"),
        pytest.param(
            ["{app}", "--scenario", "remote", "--cache-ref", "a/b:c"],
            "prunes its own steps",
            id="a builder that must not forget",
        ),
        pytest.param(["{app}", "--scenario", "warm"], "Invalid value for '--scenario'", id="no scenario"),
        pytest.param(["{app}", "--runs", "0"], "Invalid value for '--runs'", id="no runs"),
        pytest.param(
            ["{app}", "--build-arg", "=x"], "'=x' is not NAME=VALUE", id="a build argument without a name"
        ),
        pytest.param(["{app}", "--port", "web"], "Invalid value for '--port'", id="a port that is no number"),
    ],
)
def test_wrong_use_is_said_before_anything_is_built(app: Path, arguments: list[str], said: str) -> None:
    (app / "empty").mkdir()
    (app / "binary").write_bytes(b"\0\1\2")
    done = run(*(each.format(app=app) for each in arguments), DOCKER_HOST="unix:///none.sock")
    assert said.format(app=app) in done.stderr
    assert (done.returncode, done.stdout) == (2, "")
