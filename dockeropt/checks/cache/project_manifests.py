"""The files that other package managers than Node's read to install, by the contents of the manifests."""

import re
from collections.abc import Iterator

from dockeropt.records import NamedTuple
from dockeropt.semantics.context import Context


class _Files(NamedTuple):
    """What a manager reads: the first of ``needed`` must be there, the others are taken where they are."""

    needed: tuple[str, ...]
    doubts: str
    """a pattern: manifests in which it is found may read more of the project, or depend on a folder of it"""
    read: tuple[str, ...] = ()
    """those whose text is searched for doubts, the first of ``needed`` where none is named"""
    patterns: str = ""
    """a pattern of further files, anywhere below the folder"""


_FILES = {
    "uv": _Files(
        ("pyproject.toml", "uv.lock", "uv.toml", ".python-version"),
        r"tool\.uv\.workspace|workspace\s*=\s*true|\bpath\s*=\s*['\"]"
        r"|dynamic\s*=\s*\[[^\]]*dependencies|@ file:",
    ),
    "poetry": _Files(("pyproject.toml", "poetry.lock", "poetry.toml"), r"\bpath\s*=\s*['\"]|@ file:"),
    "pipenv": _Files(("Pipfile", "Pipfile.lock"), r"\bpath\s*=|\bfile\s*=|editable"),
    "bundle": _Files(
        ("Gemfile", "Gemfile.lock", ".ruby-version", ".tool-versions"),
        r"gemspec|\bpath\b|eval_gemfile|require_relative|File\.(?!read\(['\"]\.ruby-version)|Dir\b|IO\b|load\b",
        patterns=r"vendor/cache/.*",
    ),
    "composer": _Files(
        ("composer.json", "composer.lock", "symfony.lock"),
        r"['\"]type['\"]\s*:\s*['\"]path['\"]|\"patches\"|\"merge-plugin\"",
    ),
    "mix": _Files(
        ("mix.exs", "mix.lock"), r"\bpath:|in_umbrella:|apps_path:|File\.|Code\.|System\.cmd|config_path:"
    ),
    "cargo": _Files(
        ("Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "rust-toolchain"),
        r"(?m)\bpath\s*=|^\s*\[workspace|^\s*\[\[",
        patterns=r"\.cargo/.*",
    ),
    "mvn": _Files(
        ("pom.xml", "mvnw"),
        r"<modules>|<relativePath>\s*[^<\s]|<systemPath>|\$\{(?:project\.)?basedir\}",
        patterns=r"\.mvn/.*",
    ),
    "dotnet": _Files(
        ("global.json", "nuget.config", "NuGet.Config", "packages.lock.json"),
        r"<Import\s",
        patterns=r"(?:.*/)?(?:[^/]+\.(?:sln|slnx|csproj|fsproj|vbproj)|Directory\.(?:Build|Packages)\.(?:props|targets)"
        r"|packages\.lock\.json)",
    ),
}


def project_files(manager: str, context: Context, folder: str) -> tuple[str, ...] | None:
    """Return the files that an install in a folder of the context reads, by path; None if nobody can tell."""
    files = _FILES.get(manager)
    prefix = f"{folder}/" if folder else ""
    if files is None or context.file(f"{prefix}auth.json") is not None:
        return None
    found = tuple(prefix + name for name in files.needed if context.file(prefix + name) is not None)
    more = tuple(_matching(files.patterns, context, prefix)) if files.patterns else ()
    searched = (
        [path for path in more if path.endswith("proj")]
        if manager == "dotnet"
        else [prefix + files.needed[0]]
    )
    if not searched or (manager != "dotnet" and searched[0] not in found):
        return None
    for path in searched:
        text = context.text_of(path)
        if text is None or re.search(files.doubts, re.sub(r"(?m)^\s*(?:#|//).*$", "", text)):
            return None
    return tuple(dict.fromkeys((*found, *more)))


def installs_itself(manager: str, context: Context, folder: str) -> bool:
    """Tell whether a Python project is a package, which an install of its dependencies builds as well."""
    text = context.text_of(f"{folder}/pyproject.toml" if folder else "pyproject.toml") or ""
    if manager == "poetry":
        return re.search(r"(?m)^\s*package-mode\s*=\s*false", text) is None
    return re.search(r"(?m)^\s*\[build-system\]|^\s*package\s*=\s*true", text) is not None and (
        re.search(r"(?m)^\s*package\s*=\s*false", text) is None
    )


def _matching(pattern: str, context: Context, prefix: str) -> Iterator[str]:
    expression = re.compile(pattern)
    for file in context.files:
        if file.path.startswith(prefix) and expression.fullmatch(file.path, len(prefix)):
            yield file.path
