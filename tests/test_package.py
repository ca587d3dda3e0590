"""The wheel and the sdist carry everything, and the wheel works away from the checkout."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RULES = {path.name for path in (ROOT / "rules").glob("*.md") if path.stem != "README"}
TEMPLATES = {
    str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*") if path.is_file()
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def test_the_wheel_carries_rules_templates_and_the_type_marker(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"dockeropt/data/rules/{name}" for name in RULES} <= names
    assert {f"dockeropt/data/templates/{name}" for name in TEMPLATES} <= names
    assert "dockeropt/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "fixtures/"))]


def test_the_sdist_carries_rules_and_templates(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as files:
        names = {name.split("/", 1)[1] for name in files.getnames() if "/" in name}
    assert {f"rules/{name}" for name in RULES} <= names
    assert {f"templates/{name}" for name in TEMPLATES} <= names
    assert {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "dockeropt/py.typed"} <= names


def test_an_installed_wheel_lints_and_prints_its_pages(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        files.extractall(tmp_path / "site")
    (tmp_path / "Dockerfile").write_text("FROM node:latest\n")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        # -S keeps the editable checkout out; the wheel comes first, then the libraries.
        path = os.pathsep.join(
            [str(tmp_path / "site"), *(entry for entry in sys.path if "site-packages" in entry)]
        )
        return subprocess.run(
            [sys.executable, "-S", "-m", "dockeropt", *words],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    found = run("lint", "Dockerfile")
    assert (found.returncode, found.stderr) == (1, "")
    assert "DL3007" in found.stdout
    page = run("rule", "latest-tag")
    assert (page.returncode, page.stdout) == (0, (ROOT / "rules/DL3007.md").read_text())
    listed = run("rules")
    assert {name.removesuffix(".md") for name in RULES} == {
        line.split()[0].rstrip("…") for line in listed.stdout.splitlines()
    }
    assert run("rule", "DL0").returncode == 2
