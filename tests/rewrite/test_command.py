"""The command: where its output goes, and its exit codes."""

from pathlib import Path

import pytest

from dockeropt.cli.main import main
from tests.rewrite.projects import NPM_LOCK, make

OLD = "FROM node:22\nCOPY . .\nRUN npm install && npm run build\nCMD npm start\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make(tmp_path, {"package-lock.json": NPM_LOCK, "Dockerfile": OLD})


def test_it_prints_the_dockerfile(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rewrite", "--nuxt", str(project)]) == 0
    output = capsys.readouterr()
    assert output.out.startswith("FROM node:22-alpine AS build\n")
    assert output.out.endswith('CMD ["node", ".output/server/index.mjs"]\n')
    assert (project / "Dockerfile").read_text() == OLD


def test_it_explains(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rewrite", "--explain", str(project)]) == 0
    assert "node: version 22 (the old Dockerfile says node:22)\n" in capsys.readouterr().err


def test_it_prints_a_diff(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rewrite", "--diff", str(project)]) == 0
    output = capsys.readouterr().out
    assert "\n-FROM node:22\n" in output
    assert "\n+FROM node:22-alpine AS build\n" in output
    assert "\n--- /dev/null\n" in output
    assert "\n+**/node_modules\n" in output


def test_it_writes_both_files(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "Dockerfile").chmod(0o640)
    assert main(["rewrite", "--write", str(project)]) == 0
    assert (project / "Dockerfile").read_text().startswith("FROM node:22-alpine AS build\n")
    assert (project / "Dockerfile").stat().st_mode & 0o777 == 0o640
    assert (project / ".dockerignore").read_text().endswith("!**/.env.example\n")
    assert capsys.readouterr().out == ""


def test_it_writes_elsewhere(project: Path, tmp_path: Path) -> None:
    target = tmp_path / "Dockerfile.new"
    assert main(["rewrite", "--output", str(target), str(project)]) == 0
    assert target.read_text().startswith("FROM node:22-alpine AS build\n")
    assert (tmp_path / "Dockerfile.new.dockerignore").exists()
    assert (project / "Dockerfile").read_text() == OLD


def test_another_dockerfile_is_read_and_written(project: Path) -> None:
    other = project / "deploy.Dockerfile"
    other.write_text("FROM node:20\nEXPOSE 9000\n")
    assert main(["rewrite", "--dockerfile", str(other), "--write", str(project)]) == 0
    assert "\nEXPOSE 9000\n" in other.read_text()
    assert (project / "Dockerfile").read_text() == OLD


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["--diff", "--write"], "exclude each other", id="two places for the output"),
        pytest.param(["--dockerfile", "gone"], "there is no file gone", id="a Dockerfile that is not there"),
        pytest.param(["--base", "fedora"], "fedora", id="an unknown flavour"),
        pytest.param(["--app", "apps/web"], "has no member apps/web", id="an unknown member"),
    ],
)
def test_wrong_use(project: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    assert main(["rewrite", *words, str(project)]) == 2
    assert message in capsys.readouterr().err


def test_a_folder_that_cannot_be_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rewrite", "--output", str(project / "gone" / "Dockerfile"), str(project)]) == 2
    assert "cannot write" in capsys.readouterr().err
