"""The commands that fetch what an install needs and leave the rest of it to later."""

from collections.abc import Sequence

from dockeropt.checks.cache.files_first import files_first
from dockeropt.checks.cache.project_manifests import installs_itself
from dockeropt.checks.packages.installs import Install
from dockeropt.knowledge.package_manager import Reads
from dockeropt.knowledge.words import words
from dockeropt.semantics.build import Build
from dockeropt.semantics.context import Context
from dockeropt.syntax.instructions import Copy, Run

DEPENDENCIES_ONLY = {
    "uv": ("--no-install-project",),
    "poetry": ("--no-root",),
    "composer": ("--no-scripts", "--no-autoloader"),
}
"""options with which an install leaves out the project itself"""
_PROJECTS = (".csproj", ".fsproj", ".vbproj", ".sln", ".slnx")
_MAVEN_OPTIONS = words("-B --batch-mode -q --quiet -e -U -DskipTests -ntp --no-transfer-progress")


def fetch_line(install: Install, build: Build, context: Context, folder: str) -> str | None:
    """Return the command that fetches what an install needs, and nothing else; None where there is none."""
    command, manager = install.command, install.manager.name
    if command.wrappers or command.redirects:
        return None
    given = build.dockerfile.text_of(command.span)
    if "\n" in given:
        return None
    if manager in ("uv", "poetry", "composer"):
        missing = [flag for flag in DEPENDENCIES_ONLY[manager] if not command.has_flag(flag)]
        return " ".join((given, *missing))
    if manager == "go":
        return "go mod download"
    if manager == "dotnet":
        return _restore(install)
    if manager == "mvn":
        options = [word.value for word in command.words if word.value.startswith("-")]
        plain = all(word in _MAVEN_OPTIONS or word.startswith("-Dmaven.") for word in options)
        return f"{command.name} {' '.join((*options, 'dependency:go-offline'))}" if plain else None
    if manager == "cargo" and install.line.startswith("cargo build"):
        prefix = f"{folder}/" if folder else ""
        for source in ("src/main.rs", "src/lib.rs"):
            if context.file(prefix + source) is not None:
                return f"mkdir src && touch {source} && cargo fetch && rm -r src"
    return None


def goes_on(install: Install, run: Run, copies: Sequence[Copy], build: Build, context: Context) -> bool:
    """Tell whether an install needs the sources once it has fetched the dependencies."""
    name = install.manager.name
    if install.reads is not Reads.MANIFESTS:
        return install.reads is Reads.SOURCES
    flags = DEPENDENCIES_ONLY.get(name)
    if flags is None or install.line not in ("uv sync", "poetry install", "poetry sync", "composer install"):
        return False
    if all(install.command.has_flag(flag) for flag in flags):
        return False
    found = files_first(install, run, copies, build, context)
    return found is None or name == "composer" or installs_itself(name, context, found[1])


def _restore(install: Install) -> str:
    """Return the `dotnet restore` of what is built, for the same runtime."""
    operands = install.command.operands(install.manager.valued_options)[1:]
    project = [word.raw for word in operands if word.value.endswith(_PROJECTS)][:1]
    runtime = install.command.option_value("-r", "--runtime")
    return " ".join(("dotnet restore", *project, *(("-r", runtime) if runtime else ())))
