"""Files told by their names: manifests, quiet ones, sources, credentials."""

import pytest

from dockeropt.knowledge.credentials import credentials_in
from dockeropt.knowledge.manifests import is_manifest, is_quiet, is_source


@pytest.mark.parametrize(
    "path",
    [
        "package.json",
        "package*.json",
        "apps/web/package.json",
        "pnpm-workspace.yaml",
        ".yarn/releases/yarn-4.5.0.cjs",
        "patches/vue+3.5.0.patch",
        "prisma/schema.prisma",
        "requirements-dev.txt",
        "requirements/base.txt",
        "req*.txt",
        "Gemfile*",
        "go.sum",
        "Shop.csproj",
        "*.csproj",
        "gradle/wrapper/gradle-wrapper.properties",
        "poetry.lock*",
        ".mvn",
    ],
)
def test_a_manifest(path: str) -> None:
    assert is_manifest(path)
    assert not is_source(path)


@pytest.mark.parametrize(
    "path", ["src", "*", "*.*", "server.js", "app", "tsconfig.json", "package", "src/*.go"]
)
def test_no_manifest(path: str) -> None:
    assert not is_manifest(path)


@pytest.mark.parametrize(
    "path",
    ["README.md", "Dockerfile.dev", "compose.yaml", "docker/nginx.conf", ".eslintrc.cjs", "vite.config.ts"],
)
def test_a_quiet_file(path: str) -> None:
    assert is_quiet(path)
    assert not is_source(path)


@pytest.mark.parametrize("path", ["main.go", "src/app.py", "pages/index.vue", "lib/shop.rb", "App.CS"])
def test_a_source(path: str) -> None:
    assert is_source(path)


@pytest.mark.parametrize(
    ("path", "holds"),
    [
        (".npmrc", "a registry token"),
        ("docker/.npmrc", "a registry token"),
        ("deploy/id_rsa", "a private SSH key"),
        (".ssh", "a private SSH key"),
        (".ssh/deploy_key", "a private SSH key"),
        ("home/.aws/credentials", "AWS access keys"),
        (".docker/config.json", "registry passwords"),
        ("service-account-prod.json", "a cloud service account's key"),
    ],
)
def test_a_file_with_credentials(path: str, holds: str) -> None:
    found = credentials_in(path)
    assert found is not None
    assert holds == found.holds


@pytest.mark.parametrize(
    "path",
    [".npmrc.example", ".ssh/authorized_keys", "id_rsa.pub", "config.json", "credentials", "src/netrc.py"],
)
def test_no_credentials(path: str) -> None:
    assert credentials_in(path) is None
