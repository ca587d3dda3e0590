"""The hook does its work under the real pre-commit, which installs this checkout as it would a release."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dockeropt.files import is_dockerfile_name

ROOT = Path(__file__).parent.parent
PRE_COMMIT = (sys.executable, "-m", "pre_commit")
BAD = "FROM node:latest\n"
GOOD = "FROM node:22-alpine\nUSER node\nHEALTHCHECK NONE\n"
NAMES = (
    "Dockerfile",
    "Dockerfile.prod",
    "Dockerfile.prod.arm64",
    "web.Dockerfile",
    "Containerfile",
    "DOCKERFILE.ci",
    "Containerfile.dev",
    "web.containerfile",
    "Dockerfile.j2",
    "Dockerfile.prod.tmpl",
    "Dockerfile.dockerignore",
    "Dockerfile.",
    "Dockerfile..prod",
    "Dockerfile~",
    "Dockerfile-old",
    "MyDockerfile",
    ".Dockerfile",
    "README.md",
)


def test_a_commit_waits_until_its_dockerfiles_are_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _leave_git_alone(tmp_path, monkeypatch)
    revision = _publish(tmp_path / "dockeropt")
    project = tmp_path / "project"
    for name in NAMES:
        for folder in (project, project / "some where"):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(BAD)
    (project / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {tmp_path / 'dockeropt'}\n  rev: {revision}\n"
        "  hooks:\n  - id: dockeropt-lint\n    args: [--format, gnu, --select, latest-tag]\n"
    )
    _git(project, "init", "--quiet")
    subprocess.run((*PRE_COMMIT, "install"), cwd=project, check=True, capture_output=True)
    _git(project, "add", ".")

    refused = _commit(project)
    assert refused.returncode == 1
    found = {line.split(":")[1] for line in refused.stdout.splitlines() if " DL3007 " in line}
    expected = {name for name in NAMES if is_dockerfile_name(name)}
    assert expected | {f"some where/{name}" for name in expected} == found, refused.stdout

    for path in found:
        (project / path).write_text(GOOD)
    _git(project, "add", ".")
    taken = _commit(project)
    assert taken.returncode == 0, taken.stdout
    assert "dockeropt lint" in taken.stdout
    assert "Passed" in taken.stdout


def test_a_commit_gets_its_dockerfiles_fixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _leave_git_alone(tmp_path, monkeypatch)
    revision = _publish(tmp_path / "dockeropt")
    project = tmp_path / "project"
    project.mkdir()
    (project / "Dockerfile").write_text("FROM node:22-alpine as build\nUSER node\n")
    (project / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {tmp_path / 'dockeropt'}\n  rev: {revision}\n"
        "  hooks:\n  - id: dockeropt-fix\n    args: [--select, FromAsCasing]\n"
    )
    _git(project, "init", "--quiet")
    subprocess.run((*PRE_COMMIT, "install"), cwd=project, check=True, capture_output=True)
    _git(project, "add", ".")

    refused = _commit(project)
    assert refused.returncode == 1
    assert "files were modified by this hook" in refused.stdout
    assert "fixed 1 finding (1 FromAsCasing), 0 left" in refused.stdout
    assert (project / "Dockerfile").read_text() == "FROM node:22-alpine AS build\nUSER node\n"

    _git(project, "add", ".")
    taken = _commit(project)
    assert taken.returncode == 0, taken.stdout
    assert "Passed" in taken.stdout


def _leave_git_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's git and pre-commit, and a hook this test may run under, out of it."""
    for name in os.environ:
        if name.startswith(("GIT_", "PRE_COMMIT", "HADOLINT_")) or name == "SKIP":
            monkeypatch.delenv(name)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Someone")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "someone@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(folder / "pre-commit"))
    monkeypatch.setenv("PRE_COMMIT_COLOR", "never")


def _publish(repository: Path) -> str:
    """Put what a clone of this checkout would hold into a repository, and return its commit.

    The files are taken as they lie here, so an edit is tested before it is committed.
    """
    listing = ("-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    for name in _git(ROOT, *listing).split("\0"):
        if name and (ROOT / name).is_file():
            (repository / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, repository / name)
    _git(repository, "init", "--quiet")
    _git(repository, "add", "--force", ".")
    _git(repository, "commit", "--quiet", "--message", "dockeropt")
    return _git(repository, "rev-parse", "HEAD").strip()


def _commit(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ("git", "commit", "--message", "Change the Dockerfiles"),
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(("git", *arguments), cwd=folder, check=True, capture_output=True, text=True).stdout
