"""The stack of Python projects: what tells one, and what its Dockerfile becomes."""

from dockeropt.errors import UsageError
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.ignore_plan import IgnorePlan
from dockeropt.rewrite.old_files import OldFiles
from dockeropt.rewrite.options import Base, Options
from dockeropt.rewrite.python.first_dockerfile import first_dockerfile
from dockeropt.rewrite.python.framework import Framework
from dockeropt.rewrite.python.ignore import kept_ignore, plan_ignore
from dockeropt.rewrite.python.plan import NotSplit, PythonPlan, plan_python
from dockeropt.rewrite.python.project import MANIFEST_NAMES, PythonProject, read_project
from dockeropt.rewrite.stacks import Draft, Evidence, InPlace, Stack, Strength
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source

_MADE = (
    "**/__pycache__",
    "**/*.py[cod]",
    "**/.venv",
    "venv",
    "**/*.egg-info",
    "**/.pytest_cache",
    "**/.mypy_cache",
    "**/.ruff_cache",
    ".tox",
    ".nox",
    ".coverage",
    "htmlcov",
    "**/node_modules",
    "**/.DS_Store",
)


def detect(folder: Folder) -> Evidence | None:
    """Return what tells that a folder is a Python project, None where nothing does."""
    name = next((name for name in MANIFEST_NAMES if folder.has(name)), None)
    if name is None:
        if not any(path.endswith(".py") and "/" not in path for path in folder.files):
            return None
        name = next(path for path in folder.files if path.endswith(".py") and "/" not in path)
        return Evidence(name, "is a Python program", Strength.TOOLCHAIN)
    try:
        frameworks = read_project(folder).frameworks
    except UsageError:
        frameworks = ()  # the draft says what is wrong
    for framework in frameworks:
        return Evidence(name, f"depends on {framework.value}", Strength.FRAMEWORK)
    return Evidence(name, "is a Python project's", Strength.TOOLCHAIN)


def draft(folder: Folder, old: OldFiles, options: Options) -> Draft | InPlace:
    """Return the two stages of a Python project; raises UsageError where the project contradicts itself."""
    _refuse(options)
    project = read_project(folder)
    build = old.build
    begun: tuple[Decision, ...] = ()
    if build is None:
        text, begun = first_dockerfile(project)
        build = resolve(parse(Source(text, old.dockerfile)))
    plan = plan_python(project, build)
    if isinstance(plan, NotSplit):
        ignore = kept_ignore(old) or _ignore(folder, old, project, _named(folder, old))
        return InPlace(plan.reason, ignore, ignore.decisions)
    ignore = _ignore(folder, old, project, _needed(plan, folder, old))
    decisions = (_framework(project), *begun, *plan.decisions, *ignore.decisions)
    return Draft("python.j2", plan._asdict(), ignore, plan.kept_texts, decisions)


def _refuse(options: Options) -> None:
    if options.cdn:
        raise UsageError("--cdn is for apps with static files of their own", "leave it out")


def _framework(project: PythonProject) -> Decision:
    found = project.frameworks or (Framework.SCRIPT,)
    titles = " and ".join(each.value for each in found)
    return Decision(
        "framework", titles, "the project depends on it" if project.frameworks else "no other is found"
    )


def _named(folder: Folder, old: OldFiles) -> tuple[str, ...]:
    """Return the files of the context that the old Dockerfile copies by name."""
    text = old.dockerfile_text
    return tuple(path for path in folder.files if path.rpartition("/")[2] in text and len(path) > 3)


def _needed(plan: PythonPlan, folder: Folder, old: OldFiles) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*plan.copied, *_named(folder, old))))


def _ignore(folder: Folder, old: OldFiles, project: PythonProject, needed: tuple[str, ...]) -> IgnorePlan:
    names = ("setup.py", "setup.cfg", "pyproject.toml", "MANIFEST.in")
    texts = (*(folder.read(name) for name in names), *project.sources.values())
    dockerfiles = [path for path in needed if "ockerfile" in path]
    return plan_ignore(folder, old, _MADE, [path for path in needed if path not in dockerfiles], texts)


STACK = Stack("python", "a Python project", ("python", "uv", "pypy"), detect, draft, (Base.SLIM,))
