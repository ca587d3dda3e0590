"""Each toolchain: what stays behind, what is carried over, and where the template stops."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from dockeropt.errors import UsageError
from dockeropt.rewrite.rewriter import Outcome, rewrite

Files = Mapping[str, str]

GO: Files = {
    "go.mod": "module x.dev/shop\n\ngo 1.24\n",
    "main.go": "package main\n\nfunc main() {}\n",
    "templates/index.html": "<p>",
    "Dockerfile": "FROM golang:1.24\nWORKDIR /app\nCOPY . .\nRUN go build -o server .\nENV A=1\nEXPOSE 80\n"
    'CMD ["./server"]\n',
}
RUST: Files = {
    "Cargo.toml": '[package]\nname = "shop"\nversion = "1.0.0"\n',
    "src/main.rs": "fn main() {}\n",
    "Dockerfile": "FROM rust:1.90\nWORKDIR /src\nCOPY . .\nRUN cargo build --release --features tls\n"
    'CMD ["./target/release/shop"]\n',
}
MAVEN: Files = {
    "pom.xml": "<project><properties><java.version>21</java.version></properties></project>",
    "Dockerfile": "FROM maven:3.9-eclipse-temurin-21\nWORKDIR /app\nCOPY . .\nRUN mvn clean package -Pprod\n"
    'CMD ["java", "-Xmx1g", "-jar", "target/shop-1.jar", "--quiet"]\n',
}
GRADLE: Files = {
    "build.gradle.kts": 'plugins { id("org.springframework.boot") }\n',
    "gradlew": "",
    "gradle/wrapper/gradle-wrapper.properties": "",
    "Dockerfile": "FROM eclipse-temurin:21-jdk\nWORKDIR /app\nCOPY . .\nRUN ./gradlew bootJar\n"
    'ENTRYPOINT ["java", "-jar", "build/libs/shop.jar"]\n',
}
DOTNET: Files = {
    "Shop/Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"><TargetFramework>net9.0</TargetFramework>',
    "Dockerfile": "FROM mcr.microsoft.com/dotnet/sdk:9.0\nWORKDIR /src\nCOPY . .\n"
    'RUN dotnet publish Shop/Shop.csproj -o /app\nWORKDIR /app\nENTRYPOINT ["dotnet", "Shop.dll"]\n',
}
RUBY: Files = {
    "Gemfile": "gem 'rails'\n",
    "Gemfile.lock": "",
    "app/assets/a.css": "",
    "Dockerfile": "FROM ruby:3.4-bookworm\n"
    "RUN apt-get update && apt-get install -y build-essential libpq-dev\n"
    "WORKDIR /rails\nCOPY . .\nRUN bundle install\nCMD bundle exec puma\n",
}
PHP: Files = {
    "composer.json": '{"require": {"php": "^8.3"}}',
    "composer.lock": "{}",
    "Dockerfile": "FROM php:8.3-apache\nRUN docker-php-ext-install pdo_mysql\n"
    "COPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nCOPY . /var/www/html\n"
    "WORKDIR /var/www/html\nRUN composer install\n",
}
ALL = {
    "go": GO, "rust": RUST, "maven": MAVEN, "gradle": GRADLE, "dotnet": DOTNET, "ruby": RUBY, "php": PHP,
}  # fmt: skip


def outcome(folder: Path, files: Files, stack: str | None = None) -> Outcome:
    """Write a project and return its rewrite."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return rewrite(str(folder), None, stack=stack)


@pytest.mark.parametrize("name", ALL)
def test_it_is_verified_and_stays_as_it_is(tmp_path: Path, name: str) -> None:
    first = outcome(tmp_path, ALL[name])
    assert not first.is_in_place
    (tmp_path / "Dockerfile").write_text(first.rewritten.dockerfile)
    (tmp_path / ".dockerignore").write_text(first.rewritten.ignore)
    second = rewrite(str(tmp_path), None)
    assert second.is_in_place
    assert first.rewritten.dockerfile == second.rewritten.dockerfile
    assert first.rewritten.ignore == second.rewritten.ignore


@pytest.mark.parametrize("name", ALL)
def test_it_needs_no_old_file(tmp_path: Path, name: str) -> None:
    files = {path: text for path, text in ALL[name].items() if path != "Dockerfile"}
    made = outcome(tmp_path, files)
    assert " AS build\n" in made.rewritten.dockerfile


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        pytest.param(
            "go",
            (
                "ENV CGO_ENABLED=0\n",
                'go build -trimpath -ldflags="-s -w" -o server .\n',
                "FROM gcr.io/distroless/static-debian12:nonroot\nENV A=1\n",
                "COPY --from=build /app/server /app/server\nCOPY templates templates\n",
                'USER 65532\nCMD ["./server"]\n',
            ),
            id="go",
        ),
        pytest.param(
            "rust",
            (
                "--mount=type=cache,target=/src/target",
                "cargo build --release --features tls && \\\n    cp target/release/shop /shop\n",
                'CMD ["/usr/local/bin/shop"]\n',
            ),
            id="rust",
        ),
        pytest.param(
            "maven",
            (
                "COPY pom.xml ./\n",
                "mvn --batch-mode package -Pprod",
                "FROM eclipse-temurin:21-jre\n",
                'CMD ["java", "-Xmx1g", "-jar", "/app/app.jar", "--quiet"]\n',
            ),
            id="maven",
        ),
        pytest.param(
            "gradle",
            (
                "COPY build.gradle.kts gradlew ./\nCOPY gradle gradle\n",
                "./gradlew --no-daemon bootJar",
                'CMD ["java", "-jar", "/app/app.jar"]\n',
            ),
            id="gradle",
        ),
        pytest.param(
            "dotnet",
            (
                "COPY Shop/Shop.csproj Shop/\n",
                "FROM mcr.microsoft.com/dotnet/aspnet:9.0\n",
                'USER 1654\nENTRYPOINT ["dotnet", "Shop.dll"]\n',
            ),
            id="dotnet",
        ),
        pytest.param(
            "ruby",
            (
                "SECRET_KEY_BASE_DUMMY=1 bundle exec rails assets:precompile\n",
                "FROM ruby:3.4-slim-bookworm\n",
                "--no-install-recommends libpq5\n",
                'CMD ["bundle", "exec", "puma"]\n',
            ),
            id="ruby",
        ),
        pytest.param(
            "php",
            (
                "FROM composer:2 AS build\n",
                "FROM php:8.3-apache\nRUN docker-php-ext-install pdo_mysql\n",
                "COPY --from=build /var/www/html ./\n",
            ),
            id="php",
        ),
    ],
)
def test_what_the_files_say(tmp_path: Path, name: str, parts: tuple[str, ...]) -> None:
    text = outcome(tmp_path, ALL[name]).rewritten.dockerfile
    for part in parts:
        assert part in text


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        pytest.param("go", "RUN ./setup.sh\n", "`./setup.sh` leaves behind", id="a script"),
        pytest.param(
            "php",
            "COPY php.ini /usr/local/etc/php/\n",
            "puts something beside the app",
            id="a file elsewhere",
        ),
        pytest.param(
            "go", "COPY --from=busybox /bin/sh /bin/sh\n", "takes something of another image", id="an image"
        ),
        pytest.param("go", 'CMD ["./start.sh"]\n', "starts with ./start.sh", id="a start script"),
    ],
)
def test_what_has_no_place_in_the_template(tmp_path: Path, name: str, line: str, reason: str) -> None:
    made = outcome(tmp_path, {**ALL[name], "Dockerfile": ALL[name]["Dockerfile"] + line})
    assert made.is_in_place
    assert reason in " ".join(each.reason for each in made.rewritten.notices)


def test_a_go_program_with_c_in_it_gets_a_c_library(tmp_path: Path) -> None:
    made = outcome(tmp_path, {**GO, "main.go": 'package main\n\nimport "C"\n\nfunc main() {}\n'})
    assert "CGO_ENABLED" not in made.rewritten.dockerfile
    assert "FROM debian:bookworm-slim\n" in made.rewritten.dockerfile


def test_a_vendor_folder_of_go_stays_in_the_context(tmp_path: Path) -> None:
    made = outcome(tmp_path, {**GO, "vendor/modules.txt": ""})
    assert "vendor" not in made.rewritten.ignore
    assert "go mod download" not in made.rewritten.dockerfile


def test_several_programs_of_dotnet(tmp_path: Path) -> None:
    files = {"A/A.csproj": "<OutputType>Exe</OutputType>", "B/B.csproj": "<OutputType>Exe</OutputType>"}
    with pytest.raises(UsageError, match=r"several projects that could be the app: A/A.csproj, B/B.csproj"):
        outcome(tmp_path, files)


def test_a_broken_manifest_of_rust(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"Cargo.toml is not valid TOML"):
        outcome(tmp_path, {"Cargo.toml": "[package"})
