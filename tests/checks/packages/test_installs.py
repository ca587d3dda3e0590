"""Command lines and what they install."""

import pytest

from dockeropt.checks.packages.installs import installs_of
from dockeropt.knowledge.package_manager import Reads
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source


def read(line: str) -> list[tuple[str, Reads, str]]:
    """Return manager, what is read and the shortest form of every install in a RUN."""
    build = resolve(parse(Source(f"FROM debian:12\nRUN {line}\n")))
    (run,) = (view for view in build.stages[0].views if isinstance(view, Run))
    return [(install.manager.name, install.reads, install.line) for install in installs_of(run, build)]


@pytest.mark.parametrize(
    ("line", "manager", "short"),
    [
        ("npm ci --omit=dev", "npm", "npm ci"),
        ("npm install", "npm", "npm install"),
        ("npm --prefix web i --no-audit", "npm", "npm i"),
        ("cd web && npm clean-install", "npm", "npm clean-install"),
        ("yarn", "yarn", "yarn"),
        ("yarn --frozen-lockfile --network-timeout 100000", "yarn", "yarn"),
        ("yarn install --immutable", "yarn", "yarn install"),
        ("corepack yarn install", "yarn", "yarn install"),
        ("pnpm -C web install --frozen-lockfile", "pnpm", "pnpm install"),
        ("pnpm fetch --prod", "pnpm", "pnpm fetch"),
        ("bun install", "bun", "bun install"),
        ("pip install -r requirements.txt", "pip", "pip install -r requirements.txt"),
        ("pip3.11 install --no-cache-dir -rdev.txt", "pip", "pip install -r dev.txt"),
        ("python3 -m pip install --requirement=a.txt", "pip", "pip install -r a.txt"),
        ("/venv/bin/pip install -r a.txt -r b.txt", "pip", "pip install -r a.txt -r b.txt"),
        ("uv sync --locked", "uv", "uv sync"),
        ("uv pip install -r requirements.txt", "uv", "uv pip install -r requirements.txt"),
        ("poetry install --no-root --only main", "poetry", "poetry install"),
        ("pipenv install --deploy --system", "pipenv", "pipenv install"),
        ("bundle", "bundle", "bundle"),
        ("bundle install --jobs 4", "bundle", "bundle install"),
        ("composer install -d app --no-dev", "composer", "composer install"),
        ("php composer.phar install", "composer", "composer.phar install"),
        ("go mod download", "go", "go mod download"),
        ("cargo fetch", "cargo", "cargo fetch"),
        ("cargo chef cook --release --recipe-path recipe.json", "cargo", "cargo chef cook"),
        ("./mvnw -B dependency:go-offline", "mvn", "mvnw dependency:go-offline"),
        ("gradle dependencies --no-daemon", "gradle", "gradle dependencies"),
        ("dotnet restore shop.sln -r linux-x64", "dotnet", "dotnet restore"),
        ("sudo env A=1 sh -c 'npm ci'", "npm", "npm ci"),
        ('["npm", "ci"]', "npm", "npm ci"),
    ],
)
def test_an_install_of_manifests(line: str, manager: str, short: str) -> None:
    assert [(manager, Reads.MANIFESTS, short)] == read(line)


@pytest.mark.parametrize(
    ("line", "manager", "short"),
    [
        ("go build -o /shop ./cmd/shop", "go", "go build"),
        ("CGO_ENABLED=0 go install ./...", "go", "go install"),
        ("cargo build --release --target x86_64-unknown-linux-musl", "cargo", "cargo build"),
        ("cargo +nightly build", "cargo", "cargo build"),
        ("mvn -f pom.xml clean package", "mvn", "mvn package"),
        ("mvn -B -DskipTests package", "mvn", "mvn package"),
        ("mvn dependency:resolve package", "mvn", "mvn package"),
        ("./gradlew :app:bootJar -x test", "gradle", "gradlew :app:bootJar"),
        ("dotnet publish -c Release -o /out", "dotnet", "dotnet publish"),
        ("pip install .", "pip", "pip install"),
        ("pip install -e .[dev]", "pip", "pip install"),
        ("pip install -r requirements.txt ./lib", "pip", "pip install -r requirements.txt"),
        ("cargo install --path .", "cargo", "cargo install"),
    ],
)
def test_an_install_that_reads_the_sources(line: str, manager: str, short: str) -> None:
    assert [(manager, Reads.SOURCES, short)] == read(line)


@pytest.mark.parametrize(
    ("line", "short"),
    [
        ("npm install -g pnpm@9", "npm install"),
        ("yarn add vue", "yarn add"),
        ("pip install --upgrade pip", "pip install"),
        ("pip install git+https://example.com/a.git", "pip install"),
        (
            "pip install -r https://example.com/requirements.txt",
            "pip install -r https://example.com/requirements.txt",
        ),
        ("apt-get -o Acquire::Retries=3 install -y curl", "apt-get install"),
        ("apk add --no-cache --virtual .build gcc", "apk add"),
        ("dnf -y module install nodejs:22", "dnf module install"),
        ("go install github.com/air-verse/air@latest", "go install"),
        ("go get -u github.com/golang/dep/cmd/dep", "go get"),
        ("dotnet tool install -g dotnet-ef", "dotnet tool install"),
    ],
)
def test_an_install_of_packages_named_on_the_line(line: str, short: str) -> None:
    assert [(Reads.NOTHING, short)] == [(reads, line) for _, reads, line in read(line)]


@pytest.mark.parametrize(
    "line",
    [
        "npm run build",
        "npm --version",
        "yarn build",
        "yarn --version",
        "pip --help",
        "pip install",
        "pip install /tmp/tool-1.0-py3-none-any.whl",
        "bundle exec rake",
        "go build -mod=vendor ./...",
        "cargo build --offline",
        "mvn -o package",
        "dotnet publish --no-restore",
        "gradle --offline build",
        "echo npm ci",
        "apt-cache search curl",
    ],
)
def test_no_install(line: str) -> None:
    assert read(line) == []
