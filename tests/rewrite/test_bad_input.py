"""What is no project to rewrite: one sentence that names the fault, one that says what to do."""

from pathlib import Path

import pytest

from dockeropt.errors import ExitCode, UsageError
from dockeropt.rewrite.options import Base, Options
from dockeropt.rewrite.rewriter import rewrite
from dockeropt.rewrite.stacks import STACKS, Entry
from tests.rewrite.projects import NPM_LOCK, YARN_LOCK, Files, make, manifest, rewritten


@pytest.mark.parametrize(
    ("files", "message", "hint"),
    [
        pytest.param(
            {"package.json": '{"name": '},
            "is not valid JSON",
            "correct it",
            id="package.json that ends early",
        ),
        pytest.param(
            {"package.json": "[]"}, "is not a JSON object", "correct it", id="package.json with a list"
        ),
        pytest.param(
            {"package.json": {"dependencies": {"vue": "3"}}},
            "neither the old Dockerfile nor package.json says what starts it",
            "write a first Dockerfile",
            id="a package.json that starts nothing",
        ),
        pytest.param(
            {"package.json": {"dependencies": {"nuxt": "^4", "next": "^15"}}},
            "a Nuxt app (package.json depends on nuxt) and a Next.js app (package.json depends on next)",
            "--nuxt",
            id="two frameworks in one folder",
        ),
        pytest.param(
            {"package.json": {"dependencies": {"nuxt": "^2.18.1"}}},
            "this is a Nuxt 2 app",
            "upgrade to Nuxt 3",
            id="Nuxt 2",
        ),
        pytest.param(
            {"package-lock.json": NPM_LOCK, "yarn.lock": YARN_LOCK},
            "there are lock files of several package managers: package-lock.json, yarn.lock",
            "delete those that are not used",
            id="lock files of two managers at once",
        ),
        pytest.param(
            {"Dockerfile": "FROM scratch AS a\nCOPY --from=b / /\nFROM a AS b\nCOPY --from=a / /\n"},
            "does not build",
            "correct it first",
            id="a cycle of stages",
        ),
        pytest.param(
            {"Dockerfile": "FROM node:22\nRUN <<EOF\nnpm ci\n"},
            "Dockerfile:2 does not build",
            "correct it first",
            id="a heredoc that does not end",
        ),
        pytest.param({"Dockerfile": "FROM node:22\0"}, "is binary data", "Dockerfile", id="binary data"),
        pytest.param({"Dockerfile": ""}, "Dockerfile", "", id="an empty Dockerfile"),
        pytest.param(
            {
                "package-lock.json": NPM_LOCK,
                "package.json": {"workspaces": ["apps/*"]},
                "apps/a/package.json": manifest(name="a"),
                "apps/b/package.json": manifest(name="b"),
            },
            "several members of the workspace are Nuxt apps: apps/a, apps/b",
            "--app apps/a",
            id="two apps in a workspace",
        ),
        pytest.param(
            {"package-lock.json": NPM_LOCK, "Dockerfile": "FROM node:22\nRUN apt-get install -y libfoo7\n"},
            "",
            "",
            id="a package without an Alpine name is fine without --base",
        ),
    ],
)
def test_it_is_refused_in_one_sentence(tmp_path: Path, files: Files, message: str, hint: str) -> None:
    make(tmp_path, files)
    if not message:
        assert "FROM node:22-slim\n" in rewritten(tmp_path).dockerfile
        return
    with pytest.raises(UsageError) as raised:
        rewritten(tmp_path)
    assert raised.value.exit_code == ExitCode.USAGE
    assert message in raised.value.message
    assert hint in raised.value.hint


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for entry in STACKS])
@pytest.mark.parametrize("base", Base)
def test_a_flavour_that_a_stack_does_not_have_is_refused(tmp_path: Path, entry: Entry, base: Base) -> None:
    stack = entry.load()
    make(tmp_path, {"go.mod": "module a\n", "requirements.txt": "flask\n"})
    if base in stack.bases:
        assert base is not Base.DISTROLESS
        return
    with pytest.raises(UsageError) as raised:
        rewrite(str(tmp_path), None, Options(base=base), entry.name)
    assert raised.value.message == f"--base {base.value} is not for {stack.title}"


def test_a_folder_without_package_json_names_the_app_below(tmp_path: Path) -> None:
    make(tmp_path / "web", {})
    with pytest.raises(UsageError) as raised:
        rewritten(tmp_path)
    assert "tells what it is built with" in raised.value.message
    assert f"dockeropt rewrite {tmp_path / 'web'}" in raised.value.hint


def test_a_context_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        rewritten(tmp_path / "gone")


def test_a_context_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is a file, not a folder"):
        rewritten(tmp_path / "file")


def test_a_member_of_a_workspace_cannot_be_the_context(tmp_path: Path) -> None:
    make(tmp_path, {"package.json": {"workspaces": ["apps/*"]}, "package-lock.json": NPM_LOCK})
    make(tmp_path / "apps" / "web", {})
    with pytest.raises(UsageError) as raised:
        rewritten(tmp_path / "apps" / "web")
    assert "is a member of the workspace in ../.." in raised.value.message
    assert "dockeropt rewrite" in raised.value.hint


def test_an_app_the_workspace_does_not_have(tmp_path: Path) -> None:
    make(tmp_path, {"package.json": {"workspaces": ["apps/*"]}, "apps/web/package.json": manifest()})
    with pytest.raises(UsageError) as raised:
        rewritten(tmp_path, app="apps/shop")
    assert raised.value.message == "the workspace has no member apps/shop"
    assert raised.value.hint == "its members: apps/web"
