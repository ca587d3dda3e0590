"""Installs of other managers than Node's: what they read, and what is fetched before the sources."""

import pytest

from dockeropt.checks.registry import rules
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.finding import Applicability
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.source import Source
from tests.checks.test_manifests_first import START, context_of, fixed

PACKAGE = '[project]\nname = "shop"\n[build-system]\nrequires = ["hatchling"]\n'
UV = {"pyproject.toml": PACKAGE, "uv.lock": "", "app.py": ""}
POETRY = {"pyproject.toml": PACKAGE, "poetry.lock": "", "shop/app.py": ""}
GEMS = {
    "Gemfile": 'gem "rails"\nruby file: ".ruby-version"\n',
    "Gemfile.lock": "",
    ".ruby-version": "3.4",
    "a.rb": "",
}
COMPOSER = {"composer.json": "{}", "composer.lock": "{}", "src/A.php": ""}
MIX = {"mix.exs": "defmodule A do\nend\n", "mix.lock": "", "lib/a.ex": ""}
GO = {"go.mod": "module shop\n", "go.sum": "", "main.go": ""}
DOTNET = {"shop.sln": "", "Shop/Shop.csproj": "<Project/>", "Shop/A.cs": "", "nuget.config": ""}
MAVEN = {"pom.xml": "<project/>", "src/A.java": ""}
CARGO = {"Cargo.toml": "[package]\n", "Cargo.lock": "", "src/main.rs": ""}


@pytest.mark.parametrize(
    ("install", "files", "copies"),
    [
        pytest.param(
            "uv sync --locked",
            {**UV, "pyproject.toml": '[project]\nname = "shop"\n', ".python-version": "3.13"},
            "COPY pyproject.toml uv.lock .python-version ./\n",
            id="uv, of a project that is no package",
        ),
        pytest.param(
            "uv sync --no-install-project",
            UV,
            "COPY pyproject.toml uv.lock ./\n",
            id="uv without the project",
        ),
        pytest.param(
            "pip install poetry==2.2.0 && poetry install --no-root",
            POETRY,
            "COPY pyproject.toml poetry.lock ./\n",
            id="poetry without the project",
        ),
        pytest.param(
            "poetry install",
            {**POETRY, "pyproject.toml": "[tool.poetry]\npackage-mode = false\n"},
            "COPY pyproject.toml poetry.lock ./\n",
            id="poetry, of a project that is no package",
        ),
        pytest.param(
            "pipenv install --deploy",
            {"Pipfile": "[packages]\nflask = '*'\n", "Pipfile.lock": "", "a.py": ""},
            "COPY Pipfile Pipfile.lock ./\n",
            id="pipenv",
        ),
        pytest.param(
            "bundle config set without test && bundle install",
            {**GEMS, "vendor/cache/a.gem": ""},
            "COPY Gemfile Gemfile.lock .ruby-version ./\nCOPY vendor/cache/a.gem ./vendor/cache/\n",
            id="bundler",
        ),
        pytest.param(
            "composer install --no-scripts --no-autoloader",
            COMPOSER,
            "COPY composer.json composer.lock ./\n",
            id="composer without what needs sources",
        ),
        pytest.param("mix local.hex --force && mix deps.get", MIX, "COPY mix.exs mix.lock ./\n", id="mix"),
        pytest.param(
            "dotnet restore",
            DOTNET,
            "COPY nuget.config shop.sln ./\nCOPY Shop/Shop.csproj ./Shop/\n",
            id="dotnet",
        ),
        pytest.param("mvn -B dependency:go-offline", MAVEN, "COPY pom.xml ./\n", id="maven"),
        pytest.param("cargo fetch --locked", CARGO, None, id="cargo, which reads what there is to build"),
    ],
)
def test_manifests_are_copied_first(install: str, files: dict[str, str], copies: str | None) -> None:
    before = f"{START}COPY . .\nRUN {install}\n"
    after = before if copies is None else f"{START}{copies}RUN {install}\nCOPY . .\n"
    assert fixed(before, files) == after


@pytest.mark.parametrize(
    ("install", "files", "first", "then"),
    [
        pytest.param(
            "uv sync --locked",
            UV,
            "COPY pyproject.toml uv.lock ./\nRUN uv sync --locked --no-install-project\n",
            "RUN uv sync --locked\n",
            id="uv",
        ),
        pytest.param(
            "--mount=type=cache,target=/x UV_LINK_MODE=copy uv sync && echo done",
            UV,
            "COPY pyproject.toml uv.lock ./\n"
            "RUN --mount=type=cache,target=/x UV_LINK_MODE=copy uv sync --no-install-project\n",
            "RUN --mount=type=cache,target=/x UV_LINK_MODE=copy uv sync && echo done\n",
            id="with its mounts and variables",
        ),
        pytest.param(
            "pip install poetry==2.2.0 && poetry install && rm a",
            POETRY,
            "COPY pyproject.toml poetry.lock ./\nRUN pip install poetry==2.2.0 && poetry install --no-root\n",
            "RUN poetry install && rm a\n",
            id="poetry, itself installed before",
        ),
        pytest.param(
            "composer install --no-dev --no-scripts",
            COMPOSER,
            "COPY composer.json composer.lock ./\n"
            "RUN composer install --no-dev --no-scripts --no-autoloader\n",
            "RUN composer install --no-dev --no-scripts\n",
            id="composer",
        ),
        pytest.param(
            "CGO_ENABLED=0 go build -o /shop .",
            GO,
            "COPY go.mod go.sum ./\nRUN CGO_ENABLED=0 go mod download\n",
            "RUN CGO_ENABLED=0 go build -o /shop .\n",
            id="go",
        ),
        pytest.param(
            "dotnet publish Shop/Shop.csproj -c Release -r linux-x64 -o /out",
            DOTNET,
            "COPY nuget.config shop.sln ./\nCOPY Shop/Shop.csproj ./Shop/\n"
            "RUN dotnet restore Shop/Shop.csproj -r linux-x64\n",
            "RUN dotnet publish Shop/Shop.csproj -c Release -r linux-x64 -o /out\n",
            id="dotnet",
        ),
        pytest.param(
            "./mvnw -B -DskipTests package",
            {**MAVEN, "mvnw": "", ".mvn/wrapper/maven-wrapper.properties": ""},
            "COPY pom.xml mvnw ./\nCOPY .mvn/wrapper/maven-wrapper.properties ./.mvn/wrapper/\n"
            "RUN ./mvnw -B -DskipTests dependency:go-offline\n",
            "RUN ./mvnw -B -DskipTests package\n",
            id="maven by its wrapper",
        ),
    ],
)
def test_dependencies_are_fetched_before_the_sources_are_there(
    install: str, files: dict[str, str], first: str, then: str
) -> None:
    assert fixed(f"{START}COPY . .\nRUN {install}\n", files) == f"{START}{first}COPY . .\n{then}"


def test_what_is_there_already_is_not_copied_again() -> None:
    before = f"{START}COPY pyproject.toml uv.lock ./\nCOPY shop shop\nRUN uv sync\n"
    first = "COPY pyproject.toml uv.lock ./\nRUN uv sync --no-install-project\n"
    after = f"{START}{first}COPY shop shop\nRUN uv sync\n"
    assert fixed(before, {**UV, "shop/a.py": ""}) == after


@pytest.mark.parametrize(
    ("install", "files"),
    [
        pytest.param("composer install", {**COMPOSER, "auth.json": "{}"}, id="a password for composer"),
        pytest.param(
            "uv sync", {**UV, "pyproject.toml": PACKAGE + "[tool.uv.workspace]\n"}, id="a uv workspace"
        ),
        pytest.param(
            "uv sync", {**UV, "pyproject.toml": PACKAGE + 'a = {path = "lib"}\n'}, id="a folder for uv"
        ),
        pytest.param(
            "poetry install", {**POETRY, "pyproject.toml": 'a = {path = "lib"}\n'}, id="one for poetry"
        ),
        pytest.param("pip install .", POETRY, id="pip of the project itself"),
        pytest.param(
            "bundle install", {**GEMS, "Gemfile": "gemspec\n"}, id="a gem, whose list reads its sources"
        ),
        pytest.param(
            "bundle install", {**GEMS, "Gemfile": 'gem "a", path: "a"\n'}, id="a gem that is a folder"
        ),
        pytest.param(
            "composer install",
            {**COMPOSER, "composer.json": '{"repositories": [{"type": "path", "url": "lib"}]}'},
            id="a package that is a folder",
        ),
        pytest.param("mix deps.get", {**MIX, "mix.exs": '{:a, path: "a"}'}, id="a folder for mix"),
        pytest.param("mix deps.get", {**MIX, "mix.exs": 'File.read!("VERSION")'}, id="a version from a file"),
        pytest.param(
            "mvn package",
            {**MAVEN, "pom.xml": "<modules><module>a</module></modules>"},
            id="modules of maven",
        ),
        pytest.param("mvn -f x/pom.xml package", MAVEN, id="another project of maven"),
        pytest.param("gradle build", {"build.gradle": "", "A.java": ""}, id="gradle"),
        pytest.param("ls && go build .", GO, id="a command before it that reads the sources"),
        pytest.param("export A=1 && go build .", GO, id="a variable set before it"),
        pytest.param("cd . && go build .", GO, id="another folder"),
        pytest.param("sudo uv sync", UV, id="a wrapper"),
    ],
)
def test_nothing_is_moved_that_may_be_read(install: str, files: dict[str, str]) -> None:
    before = f"{START}COPY . .\nRUN {install}\n"
    assert fixed(before, files) == before


def test_the_fix_for_cargo_is_shown_only() -> None:
    text = f"{START}COPY . .\nRUN cargo build --release\n"
    settings = Settings(select=frozenset(("do1001",)))
    (found,) = lint_source(Source(text), settings, context_of(CARGO))
    assert found.finding.fix is not None
    assert found.finding.fix.applicability is Applicability.DISPLAY
    assert "mkdir src && touch src/main.rs && cargo fetch" in found.finding.fix.title
    assert fixed(text, CARGO) == text
    assert next(rule for rule in rules() if rule.code == "DO1001").fixes is Applicability.UNSAFE
