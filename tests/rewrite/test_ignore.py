# ruff: noqa: E501
"""The .dockerignore beside the Dockerfile: completed, never against what the build needs."""

from pathlib import Path
from subprocess import run

import pytest

from dockeropt.rewrite.rewriter import rewrite
from dockeropt.semantics.dockerignore import Matcher
from tests.rewrite.projects import DEFAULTS, NPM_LOCK, choices, make, manifest, rewritten


def test_an_old_one_stays_and_is_completed(tmp_path: Path) -> None:
    old = "# ours\nnode_modules\n.git\nprivate/\n"
    ignore = rewritten(make(tmp_path, {"package-lock.json": NPM_LOCK, ".dockerignore": old})).ignore
    assert ignore.startswith(old)
    assert "node_modules" not in ignore.removeprefix(old)
    assert "\n**/.output\n" in ignore


def test_one_that_hides_the_sources_is_replaced(tmp_path: Path) -> None:
    result = rewritten(make(tmp_path, {"package-lock.json": NPM_LOCK, ".dockerignore": "*\n!.output\n"}))
    assert choices(result, ".dockerignore") == ["replaced"]
    assert not Matcher(result.ignore).excludes("nuxt.config.ts")


def test_a_lock_file_it_hides_comes_back(tmp_path: Path) -> None:
    files = {"package-lock.json": NPM_LOCK, ".dockerignore": "package-lock.json\n"}
    matcher = Matcher(rewritten(make(tmp_path, files)).ignore)
    assert not matcher.excludes("package-lock.json")


def test_the_dockerfiles_own_ignore_file_is_the_one(tmp_path: Path) -> None:
    files = {"package-lock.json": NPM_LOCK, "Dockerfile": "FROM node:22\n", "Dockerfile.dockerignore": "a\n"}
    outcome = rewrite(str(make(tmp_path, files)), None, DEFAULTS)
    assert str(tmp_path / "Dockerfile.dockerignore") == outcome.ignore_path


@pytest.mark.parametrize(
    ("path", "is_excluded"),
    [
        pytest.param(".git/HEAD", True, id="history"),
        pytest.param("node_modules/nuxt/package.json", True, id="dependencies"),
        pytest.param("packages/ui/node_modules/a.js", True, id="dependencies of a member"),
        pytest.param("README.md", True, id="the readme"),
        pytest.param("content/README.md", False, id="a page that is called readme"),
        pytest.param("docs/guide.md", True, id="documents"),
        pytest.param("tests/home.spec.ts", True, id="tests"),
        pytest.param("app/pages/index.vue", False, id="a page"),
        pytest.param("patches/a.patch", False, id="patches"),
        pytest.param("public/Dockerfile", False, id="a public file of that name"),
        pytest.param("deploy/Dockerfile.old", False, id="a Dockerfile below, once the pattern is narrowed"),
        pytest.param("Dockerfile", True, id="the Dockerfile"),
    ],
)
def test_what_is_left_out(tmp_path: Path, path: str, is_excluded: bool) -> None:
    files = {
        "package-lock.json": NPM_LOCK,
        "docs/guide.md": "",
        "tests/home.spec.ts": "",
        "content/README.md": "",
        "patches/a.patch": "",
        "public/Dockerfile": "",
    }
    assert is_excluded == Matcher(rewritten(make(tmp_path, files)).ignore).excludes(path)


def test_a_folder_the_config_names_is_no_document(tmp_path: Path) -> None:
    files = {
        "package-lock.json": NPM_LOCK,
        "docs/guide.md": "",
        "nuxt.config.ts": "export default defineNuxtConfig({ content: { sources: { docs: { base: './docs' } } } })",
    }
    assert not Matcher(rewritten(make(tmp_path, files)).ignore).excludes("docs/guide.md")


def _commit(folder: Path, *paths: str) -> None:
    for command in (["init", "--quiet"], ["add", "--force", *paths]):
        run(["git", "-C", str(folder), *command], check=True, capture_output=True)


def test_a_committed_env_file_stays(tmp_path: Path) -> None:
    make(tmp_path, {"package-lock.json": NPM_LOCK, ".env": "A=1\n"})
    _commit(tmp_path, ".env")
    result = rewritten(tmp_path)
    assert not Matcher(result.ignore).excludes(".env")
    assert choices(result, ".env") == ["stays in the context"]


def test_an_env_file_of_this_machine_goes(tmp_path: Path) -> None:
    make(tmp_path, {"package-lock.json": NPM_LOCK, ".env": "A=1\n"})
    _commit(tmp_path, "package.json")
    result = rewritten(tmp_path)
    assert Matcher(result.ignore).excludes(".env")
    assert choices(result, ".env") == ["left out of the context"]


def test_an_env_file_the_build_names_stays(tmp_path: Path) -> None:
    scripts = {"build": "nuxi build --dotenv .env.production"}
    make(tmp_path, {"package-lock.json": NPM_LOCK, "package.json": manifest(scripts=scripts)})
    result = rewritten(tmp_path)
    assert not Matcher(result.ignore).excludes(".env.production")
    assert choices(result, ".env.production") == ["has to be in the context when the image is built"]


def test_a_build_that_asks_git_keeps_its_history(tmp_path: Path) -> None:
    config = "import { execSync } from 'node:child_process'\nconst sha = execSync('git rev-parse HEAD')\n"
    files = {
        "package-lock.json": NPM_LOCK,
        "nuxt.config.ts": config + "export default defineNuxtConfig({})\n",
    }
    result = rewritten(make(tmp_path, files))
    assert not Matcher(result.ignore).excludes(".git/HEAD")
    assert choices(result, ".git") == ["stays in the context"]
