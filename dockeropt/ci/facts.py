"""What a pipeline has to know of a project. Nothing is run; this module alone reads the project."""

import os
import re

from dockeropt.ci import values
from dockeropt.errors import UsageError
from dockeropt.files import read_source, read_text
from dockeropt.knowledge.static_files import CDN_ARGUMENT, LAYOUTS, NUXT, StaticLayout
from dockeropt.records import NamedTuple
from dockeropt.rewrite.node.javascript import read_config
from dockeropt.rewrite.node.manifest import read_manifest
from dockeropt.semantics.build import Build, Stage
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.instructions import Healthcheck
from dockeropt.syntax.parser import parse

ASSETS = "assets"
"""the stage with the static files alone"""
_DOCKERFILES = ("Dockerfile", "dockerfile", "Containerfile", "docker/Dockerfile", ".docker/Dockerfile")
_NUXT_CONFIGS = tuple(f"nuxt.config.{ending}" for ending in ("ts", "js", "mjs", "mts", "cjs"))
_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")


class Facts(NamedTuple):
    """A project with a Dockerfile. Paths are relative to the root of the repository, where pipelines run."""

    context: str
    """``.`` for the root itself"""
    dockerfile: str
    build: Build
    layout: StaticLayout | None
    """None where package.json names no framework that we know"""

    @property
    def has_assets(self) -> bool:
        """Whether the Dockerfile has a stage with the static files alone."""
        return self.build.stage_named(ASSETS) is not None

    @property
    def takes_address(self) -> bool:
        """Whether a stage declares the build argument with the CDN's address."""
        return any(CDN_ARGUMENT in stage.end.arguments for stage in self.build.stages)

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
    return Facts(_relative(context, root), _relative(file, root), build, _layout(context))


def missing_assets(facts: Facts) -> UsageError:
    """Return the error for a project whose static files nothing takes out, with the lines that would."""
    if facts.layout is not None and facts.layout.framework == NUXT.framework:
        hint = "`dockeropt rewrite --cdn` writes one"
    elif len(facts.build.stages) == 1:
        hint = f"build in a stage of its own, and copy what it makes into another: FROM scratch AS {ASSETS}"
    else:
        copies = (("dist", "/"),) if facts.layout is None else facts.layout.copies
        app = _folder_of(facts)
        lines = [f"COPY --from={app.stage} {app.workdir}/{source} {target}" for source, target in copies]
        hint = "add before the last FROM: " + "; ".join((f"FROM scratch AS {ASSETS}", *lines))
    return UsageError(
        f"{facts.dockerfile} has no stage {ASSETS}, so there are no static files to upload", hint
    )


class _App(NamedTuple):
    stage: str
    workdir: str


def _folder_of(facts: Facts) -> _App:
    """Return where the app is built: the stage before the last."""
    stage = facts.build.stages[-2]
    return _App(stage.name or str(stage.number), (stage.end.workdir or "/app").rstrip("/"))


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


def _layout(context: str) -> StaticLayout | None:
    path = os.path.join(context, "package.json")
    text = read_text(path)
    if text is None:
        return None
    packages = read_manifest(text, path).all_dependencies
    layout = next((each for each in LAYOUTS if not packages.keys().isdisjoint(each.packages)), None)
    return _own_folder(context, layout) if layout is NUXT else layout


def _own_folder(context: str, layout: StaticLayout) -> StaticLayout:
    """Return Nuxt's layout with the folder that ``app.buildAssetsDir`` names."""
    for name in _NUXT_CONFIGS:
        text = read_text(os.path.join(context, name))
        if text is None:
            continue
        folder = (read_config(text) or {}).get("app.buildAssetsDir")
        if isinstance(folder, str) and _FOLDER.fullmatch(folder.strip("/")):
            own = folder.strip("/") + "/"
            polled = tuple(own + path.removeprefix(layout.hashed) for path in layout.polled)
            return layout._replace(hashed=own, polled=polled)
    return layout
