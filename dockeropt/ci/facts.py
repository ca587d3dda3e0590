"""What a pipeline has to know of a project. Nothing is run; this module alone reads the project."""

import os
import re

from dockeropt.ci import values
from dockeropt.errors import UsageError
from dockeropt.files import read_source, read_text
from dockeropt.knowledge.static_files import ASSETS, CDN_ARGUMENT, StaticLayout, layout_of
from dockeropt.records import NamedTuple
from dockeropt.rewrite.node.assets import ENDINGS, argument_of, lines_to_add
from dockeropt.rewrite.node.javascript import read_config
from dockeropt.rewrite.node.manifest import read_manifest
from dockeropt.rewrite.steps import CopyStep
from dockeropt.semantics.build import Build, Stage
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.instructions import Healthcheck
from dockeropt.syntax.parser import parse

_DOCKERFILES = ("Dockerfile", "dockerfile", "Containerfile", "docker/Dockerfile", ".docker/Dockerfile")
_FILE_SERVERS = ("nginx", "nginx-unprivileged", "httpd", "caddy", "static-web-server")
_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")


class Facts(NamedTuple):
    """A project with a Dockerfile. Paths are relative to the root of the repository, where pipelines run."""

    context: str
    """``.`` for the root itself"""
    dockerfile: str
    build: Build
    layout: StaticLayout | None
    """None where package.json names no framework that we know"""
    address_argument: str | None
    """the build argument with the CDN's address, None where no stage declares it"""
    address_setting: str = ""
    """what to write for the build to read that argument, empty where it does"""

    @property
    def has_assets(self) -> bool:
        """Whether the Dockerfile has a stage with the static files alone."""
        return self.build.stage_named(ASSETS) is not None

    @property
    def final(self) -> Stage:
        """The stage that becomes the image."""
        return self.build.stages[-1]

    @property
    def health(self) -> Healthcheck | None:
        """The last HEALTHCHECK of the image, as far as this Dockerfile says it."""
        number: int | None = self.final.number
        while number is not None:
            stage = self.build.stages[number]
            for view in reversed(stage.views):
                if isinstance(view, Healthcheck):
                    return view
            number = stage.base_stage
        return None


def read_facts(context: str, dockerfile: str | None = None) -> Facts:
    """Return the facts of the project in a folder.

    Raises UsageError where the folder or its Dockerfile is not there, or cannot be built.
    """
    if not os.path.isdir(context):
        what = "is a file, not a folder" if os.path.exists(context) else "does not exist"
        raise UsageError(f"the context {context} {what}", "name the folder that is built")
    file = dockerfile or _find(context)
    source = read_source(file)
    parsed = parse(source)
    build = resolve(parsed)
    for problem in (*parsed.problems, *build.problems):
        line = source.position(problem.span.start).line
        raise UsageError(f"{file}:{line} does not build: {problem.message}", "correct it first")
    if not build.stages:
        raise UsageError(f"{file} has no FROM, so it is no Dockerfile", "name another with --dockerfile")
    root = _root(context)
    layout = _layout(context, build)
    argument, setting = _address(context, build, layout)
    return Facts(_relative(context, root), _relative(file, root), build, layout, argument, setting)


def missing_assets(facts: Facts) -> UsageError:
    """Return the error for a project whose static files nothing takes out, with the lines that would."""
    copies = (("dist", "/"),) if facts.layout is None else facts.layout.copies
    hint = lines_to_add(facts.build, tuple(CopyStep((source,), target) for source, target in copies))
    if facts.layout is not None:
        hint = f"`dockeropt rewrite --cdn` writes one; by hand, {hint}"
    return UsageError(
        f"{facts.dockerfile} has no stage {ASSETS}, so there are no static files to upload", hint
    )


def _find(context: str) -> str:
    for name in _DOCKERFILES:
        path = os.path.join(context, name)
        if os.path.isfile(path):
            return path
    where = "this folder" if context in (".", "") else context
    raise UsageError(
        f"there is no Dockerfile in {where}", "`dockeropt rewrite --write` makes one, --dockerfile names one"
    )


def _root(context: str) -> str:
    """Return the root of the Git repository a folder is in, the folder itself where it is in none."""
    folder = start = os.path.realpath(context)
    while not os.path.exists(os.path.join(folder, ".git")):
        folder, inner = os.path.dirname(folder), folder
        if folder == inner:
            return start
    return folder


def _relative(path: str, root: str) -> str:
    relative = os.path.relpath(os.path.realpath(path), root).replace(os.sep, "/")
    if relative.startswith("../"):
        raise UsageError(
            f"{path} is outside of {root}, where the pipeline runs", "move it into the repository"
        )
    # A path that begins with - would be read as an option
    return values.path(f"./{relative}" if relative.startswith("-") else relative)


def _layout(context: str, build: Build) -> StaticLayout | None:
    """Return the layout of the project, with the folder that its configuration moves the hashed files to."""
    path = os.path.join(context, "package.json")
    text = read_text(path)
    layout = None if text is None else layout_of(read_manifest(text, path).all_dependencies)
    if layout is None:
        return None
    image = build.root_stage(build.stages[-1]).image
    if layout.is_address_read_at_start and image is not None and image.last_name in _FILE_SERVERS:
        layout = layout._replace(is_address_read_at_start=False)
    return _own_folder(context, layout) if layout.folder_key else layout


def _own_folder(context: str, layout: StaticLayout) -> StaticLayout:
    for name in (f"{config}.{ending}" for config in layout.configs for ending in ENDINGS):
        settings = read_config(read_text(os.path.join(context, name)) or "") or {}
        folder = settings.get(layout.folder_key)
        if isinstance(folder, str) and _FOLDER.fullmatch(folder.strip("/")):
            own, former = folder.strip("/") + "/", layout.hashed[0]
            polled = tuple(own + path.removeprefix(former) for path in layout.polled)
            return layout._replace(hashed=(own, *layout.hashed[1:]), polled=polled)
    return layout


def _address(context: str, build: Build, layout: StaticLayout | None) -> tuple[str | None, str]:
    """Return the build argument of the address that a stage declares, and what its build needs to read it."""
    declared = {name for stage in build.stages for name in stage.end.arguments}
    if layout is None:
        return (CDN_ARGUMENT if CDN_ARGUMENT in declared else None), ""
    wanted = argument_of(layout, lambda name: read_text(os.path.join(context, name)) or "")
    name = next((each for each in (wanted.name, CDN_ARGUMENT) if each in declared), None)
    used = re.search(rf"\$\{{?{name}\b", build.dockerfile.source.text)
    return name, "" if used else wanted.setting
