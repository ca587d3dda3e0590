"""What a search leaves out is what git ignores."""

import os
import subprocess
from pathlib import Path

import pytest

from dockeropt import files
from dockeropt.config.gitignore import GitIgnore

TREE = [
    "Dockerfile",
    "build/Dockerfile",
    "src/build/Dockerfile",
    "src/Dockerfile.dev",
    "src/keep/Dockerfile",
    "src/keep/deep/Dockerfile",
    "out/a/Dockerfile",
    "out/b/Dockerfile",
    "local/Dockerfile",
]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for path in TREE:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("FROM scratch\n")
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    return tmp_path


def found(folder: Path) -> list[str]:
    paths = files.find_dockerfiles(str(folder), ignores=GitIgnore(str(folder)).ignores)
    return [os.path.relpath(path, folder) for path in paths]


@pytest.mark.parametrize(
    "ignores",
    [
        pytest.param({}, id="nothing ignored"),
        pytest.param({".gitignore": "build/\n"}, id="a folder at any depth"),
        pytest.param({".gitignore": "/build\n"}, id="a folder at the root"),
        pytest.param({".gitignore": "*\n!*/\n!src/**\n"}, id="everything but a folder"),
        pytest.param({".gitignore": "out/*\n!out/b\n"}, id="a folder taken back"),
        pytest.param({".gitignore": "src\n!src/keep/Dockerfile\n"}, id="a file below an ignored folder"),
        pytest.param({"src/.gitignore": "/build\nDockerfile.*\n"}, id="a file of a folder inside"),
        pytest.param(
            {".gitignore": "Dockerfile\n", "src/.gitignore": "!Dockerfile\n"}, id="taken back inside"
        ),
        pytest.param(
            {".gitignore": "Dockerfile\n", "src/keep/.gitignore": "!/Dockerfile\n"}, id="taken back anchored"
        ),
        pytest.param({".git/info/exclude": "local/\n"}, id="the repository's own list"),
        pytest.param({".git/info/exclude": "local/\n", ".gitignore": "!local/\n"}, id="a list overruled"),
    ],
)
def test_git_leaves_out_the_same(repository: Path, ignores: dict[str, str]) -> None:
    for path, text in ignores.items():
        (repository / path).write_text(text)
    command = ["git", "ls-files", "-z", "--others", "--exclude-standard", "*Dockerfile*"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "XDG_CONFIG_HOME": str(repository / "none")}
    done = subprocess.run(
        command, cwd=repository, capture_output=True, text=True, check=True, env=environment
    )
    assert sorted(done.stdout.split("\0")[:-1]) == sorted(found(repository))


def test_files_above_the_searched_folder_hold_too(repository: Path) -> None:
    (repository / ".gitignore").write_text("src/build/\n")
    assert found(repository / "src") == ["Dockerfile.dev", "keep/Dockerfile", "keep/deep/Dockerfile"]


def test_outside_of_a_repository_no_file_above_holds(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / ".gitignore").write_text("Dockerfile\n")
    (tmp_path / "a/b/Dockerfile").write_text("")
    assert found(tmp_path / "a") == ["b/Dockerfile"]
    (tmp_path / "a/.gitignore").write_text("Dockerfile\n")
    assert found(tmp_path / "a") == []
