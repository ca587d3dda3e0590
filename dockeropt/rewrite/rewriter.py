"""From a folder to its rewritten Dockerfile and .dockerignore."""

import os
import re

from dockeropt.errors import UsageError
from dockeropt.files import list_files, read_source, read_text
from dockeropt.lint.linter import lint_source
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Intent, read_intent
from dockeropt.rewrite.plan import OldFiles, Options, decide
from dockeropt.rewrite.project import Project, read_project, select_app
from dockeropt.rewrite.render import Rewritten, render
from dockeropt.rewrite.verify import verify
from dockeropt.semantics.context import Context, File
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source

DOCKERFILE_NAMES = ("Dockerfile", "dockerfile", "Containerfile", "docker/Dockerfile", ".docker/Dockerfile")


class Outcome(NamedTuple):
    """The rewritten files, and those they replace: paths, and texts that are empty for new files."""

    rewritten: Rewritten
    dockerfile_path: str
    old_dockerfile: str
    ignore_path: str
    old_ignore: str


def rewrite(
    root: str, dockerfile: str | None, options: Options, is_nuxt: bool = False, app: str | None = None
) -> Outcome:
    """Return the rewrite of the project in ``root``; nothing is written.

    Raises UsageError for what cannot be rewritten, InternalError when the result fails its own checks.
    """
    project = read_project(root, is_nuxt)
    if app is not None:
        project = select_app(project, app)
    path = dockerfile or _find(project)
    source = None if path is None else read_source(path)
    if path is None:
        path = os.path.join(root, "Dockerfile")
    intent = None if source is None else _read_old(source, project)
    ignore_path, ignore_text = _find_ignore(root, path)
    old = OldFiles(path, os.path.basename(ignore_path), ignore_text)
    plan = decide(project, intent, options, old)
    rewritten = render(plan)
    if source is not None and intent is not None and _is_lean(source, intent):
        rewritten = rewritten._replace(decisions=(*rewritten.decisions, _LITTLE_TO_GAIN))
    notices = verify(rewritten, _context(root, rewritten), plan.kept_texts)
    rewritten = rewritten._replace(decisions=(*rewritten.decisions, *notices))
    return Outcome(rewritten, path, "" if source is None else source.text, ignore_path, ignore_text or "")


_WINDOWS = re.compile(r"windows|nanoserver|servercore")
_LITTLE_TO_GAIN = Decision(
    "gain",
    "little: the old Dockerfile has two stages and our linter finds no cache or size fault in it",
    "measure both before you change it: dockeropt measure",
    is_notice=True,
)


def _is_lean(source: Source, intent: Intent) -> bool:
    """Tell whether the old Dockerfile already does what a rewrite is for."""
    return intent.is_multi_stage and not any(
        diagnostic.code.startswith(("DO1", "DO2")) for diagnostic in lint_source(source)
    )


def _find(project: Project) -> str | None:
    """Return the old Dockerfile: of the app or of the context, in any of its usual spellings."""
    folders = [project.app.folder, ""] if project.app.folder else [""]
    for folder in folders:
        for name in DOCKERFILE_NAMES:
            path = f"{folder}/{name}" if folder else name
            if project.has(path):
                return os.path.join(project.root, path)
    return None


def _read_old(source: Source, project: Project) -> Intent:
    dockerfile = parse(source)
    build = resolve(dockerfile)
    for problem in (*dockerfile.problems, *build.problems):
        position = source.position(problem.span.start)
        raise UsageError(
            f"{source.path}:{position.line} does not build: {problem.message}",
            "correct it first: a rewrite keeps what the old Dockerfile wants",
        )
    windows = next((stage.base for stage in build.stages if _WINDOWS.search(stage.base.lower())), None)
    if windows is not None:
        raise UsageError(
            f"{source.path} builds a Windows image, from {windows}",
            "a rewrite makes Linux images: move the old Dockerfile away to start afresh",
        )
    intent = read_intent(build, {**project.manifest.scripts, **project.app.manifest.scripts})
    if intent is None:
        raise UsageError(
            f"{source.path} has no FROM, so it is no Dockerfile",
            "name another with --dockerfile, or remove it to start afresh",
        )
    return intent


def _find_ignore(root: str, dockerfile: str) -> tuple[str, str | None]:
    """Return the .dockerignore that BuildKit reads for a Dockerfile, and its text."""
    own = f"{dockerfile}.dockerignore"
    text = read_text(own)
    if text is not None:
        return own, text
    path = os.path.join(root, ".dockerignore")
    return path, read_text(path)


def _context(root: str, rewritten: Rewritten) -> Context:
    def files() -> tuple[File, ...]:
        return tuple(File(*file) for file in list_files(root))

    return Context(files, rewritten.ignore, root)
