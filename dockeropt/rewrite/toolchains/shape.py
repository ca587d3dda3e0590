"""The shape all toolchains share: build with everything, run with what was built."""

import re
from collections.abc import Callable
from posixpath import join, normpath

from dockeropt.knowledge.libraries import needs_at_run_time
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.python.lines import Line
from dockeropt.rewrite.steps import CopyStep, RunStep
from dockeropt.rewrite.toolchains.old_file import OldFile


class Shape(NamedTuple):
    """What a toolchain decides; the rest comes from the old file."""

    build_image: str
    run_image: str
    build_environment: tuple[str, ...]
    """``CGO_ENABLED=0``, set before anything is fetched"""
    manifests: tuple[CopyStep, ...]
    fetch: RunStep | None
    build: RunStep
    outputs: tuple[CopyStep, ...]
    """copied out of the build stage"""
    data: tuple[str, ...]
    """files and folders of the project that the program may read when it runs"""
    has_shell: bool
    """the image to run on has a shell and a package manager"""
    user: str
    """of the image to run on; empty where one has to be made"""
    command: tuple[str, ...]
    """what to run where the old file does not say, or what it says does not hold any more"""
    replaces_start: bool
    decisions: tuple[Decision, ...]
    packages_stay: bool = False
    """the system packages are those of the running image: what they are for is compiled in it"""
    kept: tuple[str, ...] = ()
    """commands of the old file that set up the running image"""
    run_environment: tuple[str, ...] = ()
    """set in the last stage too"""


class Toolchain(NamedTuple):
    """A language and its build tool."""

    name: str
    title: str
    evidence: Callable[[Folder], str]
    """the file that tells of it, empty for none"""
    images: tuple[str, ...]
    """last parts of the names of images it builds on"""
    programs: frozenset[str]
    """programs whose commands the template writes anew"""
    plan: Callable[[Folder, OldFile], Shape]
    kept: frozenset[str] = frozenset()
    """programs whose commands the last stage runs too"""
    made: tuple[str, ...] = ()
    """patterns of what its builds leave behind"""


class ToolchainPlan(NamedTuple):
    """Everything the template writes."""

    shape: Shape
    build_workdir: str
    build_packages: RunStep | None
    run_packages: RunStep | None
    steps_of_last: tuple[Line | CopyStep | RunStep, ...]
    """of the last stage, in order"""
    user: str
    entrypoint: str
    command: str
    decisions: tuple[Decision, ...]
    kept_texts: tuple[str, ...]


_QUIET = re.compile(
    r"(?i)^(?:\..*|docs?|tests?|spec|examples?|scripts?|hack|tools|ci|deploy\w*|k8s|charts?|bin|build|target|dist"
    r"|vendor|node_modules|readme.*|license.*|changelog.*|contributing.*|makefile|dockerfile.*|.*compose.*"
    r"|cargo\.toml|rust-toolchain.*|rustfmt\.toml|clippy\.toml|.*\.md|.*\.lock|.*\.sum|.*\.mod|.*\.log|coverage|obj)$"
)
_DATA_FILE = re.compile(
    r"(?i).*\.(?:ya?ml|json|toml|ini|conf|properties|html|tmpl|txt|csv|sql|db|pem|crt|xml)$"
)


def data_of(folder: Folder, sources: tuple[str, ...]) -> tuple[str, ...]:
    """Return top-level files and folders a program may read when it runs: data, and no sources of it.

    ``sources`` are the endings of the language's own files. A folder of them alone is not wanted, and what
    the sources embed is in the program already.
    """
    found: list[str] = []
    embedded = " ".join(
        line
        for path in folder.files
        if path.endswith(".go")
        for line in folder.read(path).splitlines()
        if line.startswith("//go:embed")
    )
    tops = dict.fromkeys(path.partition("/")[0] for path in folder.files)
    for top in tops:
        inner = [path for path in folder.files if path.startswith(top + "/")]
        if _QUIET.match(top) or re.search(rf"(?<![\w.-]){re.escape(top)}(?![\w.-])", embedded):
            continue
        is_data = not any(path.endswith(sources) for path in inner) if inner else bool(_DATA_FILE.match(top))
        if is_data and not (not inner and top.endswith(sources)):
            found.append(top)
    return tuple(found)


def assemble(shape: Shape, old: OldFile) -> ToolchainPlan:
    """Return the plan: the toolchain's shape with what the old file says of the running image."""
    decisions = [
        Decision(
            "image", f"{shape.build_image} to build, {shape.run_image} to run", "the toolchain stays behind"
        ),
        *shape.decisions,
    ]
    build: list[str] = []
    run: list[str] = []
    for name, text in old.packages:
        if shape.packages_stay:
            run.append(text)
            continue
        needs = needs_at_run_time(name, old.is_alpine)
        build.append(text)
        run += needs if needs is not None else (() if name in _OF_BUILD else (text,))
    script = next((word for word in old.words[:2] if word.endswith(".sh")), "")
    takes_sources = any(step.sources == (old.workdir or "/app",) for step in shape.outputs)
    if script and not shape.replaces_start and not takes_sources:
        raise ValueError(f"it starts with {script}, which may need what the build leaves behind")
    if run and not shape.has_shell:
        raise ValueError(f"the old image has {', '.join(run)}, and {shape.run_image} takes no packages")
    is_alpine = "alpine" in shape.run_image
    lines = (*shape.run_environment, *old.lines_before)
    steps: list[Line | CopyStep | RunStep] = [Line(text) for text in lines]
    workdir = old.workdir or "/app"
    user = old.user or shape.user
    if user == "root":
        user = ""
    elif not user and shape.has_shell:
        make = "adduser -D -u 10001 app" if is_alpine else "useradd --uid 10001 --create-home app"
        folders = " ".join(dict.fromkeys((workdir, *old.volumes)))
        commands = (make, f"mkdir -p {folders}", f"chown app:app {folders}")
        steps.append(RunStep(("Not root; what the app writes to is that user's own",), (), commands))
        user = "10001"
        decisions.append(Decision("user", "10001, a user app made for it", "a server has no need of root"))
    if shape.kept:
        steps.append(RunStep((), (), shape.kept))
    steps.append(Line(f"WORKDIR {workdir}"))
    steps += shape.outputs
    if shape.data:
        reason = "the program may read them when it runs; leave out what it does not"
        decisions.append(
            Decision("files", f"{', '.join(shape.data)} in the last stage", reason, is_notice=True)
        )
        files = [
            name
            for name in shape.data
            if "." in name and not any(f.startswith(name + "/") for f in old.files)
        ]
        steps += [CopyStep((name,), name) for name in shape.data if name not in files]
        steps += [CopyStep(tuple(files), "./")] if files else []
    steps += [Line(text) for text in old.lines_after]
    entrypoint, command = old.entrypoint, old.command
    if shape.replaces_start or not (entrypoint or command):
        entrypoint, command = "", old.json(shape.command)
    return ToolchainPlan(
        shape,
        workdir,
        old.package_step(tuple(build), "For the build alone", is_alpine=old.is_alpine),
        old.package_step(tuple(run), "For the app itself", is_alpine=is_alpine),
        tuple(steps),
        user,
        entrypoint,
        command,
        tuple(decisions),
        (*old.lines_before, *old.lines_after, *shape.kept, entrypoint, command),
    )


_OF_BUILD = frozenset(
    ("git", "curl", "wget", "unzip", "zip", "bash", "upx", "protobuf-compiler", "mercurial")
)


def place(workdir: str, path: str) -> str:
    """Return a path of the build stage, absolute."""
    return normpath(join(workdir, path))
