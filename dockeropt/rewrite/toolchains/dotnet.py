""".NET: project files first, what is published on an image with a runtime alone."""

import re
from posixpath import basename, dirname

from dockeropt.errors import UsageError
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.steps import CopyStep, RunStep, cache_mount
from dockeropt.rewrite.toolchains.old_file import OldFile
from dockeropt.rewrite.toolchains.shape import Shape, Toolchain
from dockeropt.rewrite.toolchains.stack import stack_of

_REGISTRY = "mcr.microsoft.com/dotnet"
_CACHE = (cache_mount("/root/.nuget/packages"),)
_RESTORED = (
    "nuget.config",
    "NuGet.config",
    "NuGet.Config",
    "Directory.Build.props",
    "Directory.Packages.props",
    "global.json",
)


def plan(folder: Folder, old: OldFile) -> Shape:
    """Return the shape of a .NET app."""
    projects = [path for path in folder.files if path.endswith((".csproj", ".fsproj"))]
    app = _app(folder, old, projects)
    text = folder.read(app)
    framework = re.search(r"<TargetFrameworks?>net(\d+\.\d+)", text)
    version = framework[1] if framework else "8.0"
    is_web = "Microsoft.NET.Sdk.Web" in text
    name = re.search(r"<AssemblyName>([^<$]+)", text)
    assembly = name[1] if name else basename(app).rpartition(".")[0]
    shared = tuple(n for n in folder.files if "/" not in n and (n in _RESTORED or n.endswith(".sln")))
    copies = [CopyStep(shared, "./")] if shared else []
    copies += [CopyStep((path,), f"{dirname(path)}/" if dirname(path) else "./") for path in projects]
    suffix = "-alpine" if old.is_alpine else ""
    return Shape(
        old.image if "sdk" in old.image else f"{_REGISTRY}/sdk:{version}{suffix}",
        f"{_REGISTRY}/{'aspnet' if is_web else 'runtime'}:{version}{suffix}",
        old.build_arguments,
        tuple(copies),
        RunStep((), _CACHE, (f"dotnet restore {app}",)),
        RunStep((), _CACHE, (f"dotnet publish {app} --configuration Release --no-restore --output /out",)),
        (CopyStep(("/out",), "./", "build"),),
        (),
        has_shell=False,
        user="1654",
        command=("dotnet", f"{assembly}.dll"),
        replaces_start=not old.words or "run" in old.words[:2] or any("/" in word for word in old.words[1:2]),
        decisions=(
            Decision("project", app, "it is the one that runs"),
            Decision("user", "1654", "the image's own app, which APP_UID names from .NET 8 on"),
        ),
    )


def _app(folder: Folder, old: OldFile, projects: list[str]) -> str:
    """Return the project that is published: what the old file names, else the only one that is a program."""
    for part in old.builds("dotnet"):
        for path in projects:
            if path in part.text or basename(path) in part.text:
                return path
    programs = [
        path
        for path in projects
        if "Sdk.Web" in folder.read(path)
        or "<OutputType>Exe" in folder.read(path)
        or "Sdk.Worker" in folder.read(path)
    ]
    found = [path for path in programs or projects if not re.search(r"(?i)tests?\.", path)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(found[:4]) or "none"
    raise UsageError(
        f"the folder has several projects that could be the app: {names}",
        "name one in the dotnet publish of a Dockerfile, then run the command again",
    )


def evidence(folder: Folder) -> str:
    """Return a project or solution file."""
    return next(
        (p for p in folder.files if p.endswith((".csproj", ".fsproj", ".sln")) and p.count("/") < 3), ""
    )


STACK = stack_of(
    Toolchain(
        "dotnet",
        "a .NET app",
        evidence,
        ("sdk", "aspnet", "runtime"),
        frozenset(("dotnet",)),
        plan,
        made=("**/bin", "**/obj"),
    )
)
