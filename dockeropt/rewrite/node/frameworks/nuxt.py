"""Nuxt 3 and 4: a self-contained .output that Node or Bun runs, or static files."""

from dockeropt.errors import UsageError
from dockeropt.knowledge.frameworks import NUXT
from dockeropt.knowledge.nuxt import CONFIG_NAMES
from dockeropt.knowledge.words import words
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.ignore_plan import IgnoreFacts
from dockeropt.rewrite.intent import read_intent
from dockeropt.rewrite.node.base_choice import NODE_BASES
from dockeropt.rewrite.node.plan import decide
from dockeropt.rewrite.node.project import Kind, Project, apps_of, read_packages, read_project
from dockeropt.rewrite.node.versions import major_of
from dockeropt.rewrite.old_files import OldFiles
from dockeropt.rewrite.options import Options
from dockeropt.rewrite.stacks import Draft, Evidence, Stack, Strength

KIND = Kind("Nuxt", NUXT.packages, CONFIG_NAMES)
_RANGE_STARTS = tuple("^~=v0123456789")
_MADE = ("**/node_modules", "**/.nuxt", "**/.output", "**/.nitro", "**/.cache")
_SOURCE_FOLDERS = words(
    "app pages components content public server assets layouts plugins modules composables utils stores "
    "locales i18n shared layers middleware"
)


def detect(folder: Folder) -> Evidence | None:
    """Return the package.json that depends on Nuxt."""
    packages = read_packages(folder)
    found = () if packages is None else apps_of(packages, KIND)
    if not found:
        return None
    path = f"{found[0].folder}/package.json" if found[0].folder else "package.json"
    return Evidence(path, "depends on nuxt", Strength.FRAMEWORK, found[0].folder)


def draft(folder: Folder, old: OldFiles, options: Options) -> Draft:
    """Return the Dockerfile of a Nuxt app."""
    project = read_project(folder, KIND, options.app)
    _refuse_nuxt_2(project)
    scripts = {**project.manifest.scripts, **project.app.manifest.scripts}
    intent = None if old.build is None else read_intent(old.build, scripts)
    plan = decide(project, intent, options, old, _ignore_facts(project))
    values: dict[str, object] = {**plan._asdict(), "base": "/"}
    template = "nuxt-server.j2"
    if plan.static is not None:
        template = "nuxt-static.j2"
        values["base"] = f"/{plan.static.base}/" if plan.static.base else "/"
    return Draft(template, values, plan.ignore, plan.kept_texts, plan.decisions)


STACK = Stack("nuxt", "a Nuxt app", ("node", "bun"), detect, draft, NODE_BASES)


def _refuse_nuxt_2(project: Project) -> None:
    dependencies = project.app.manifest.all_dependencies
    if "nuxt" not in dependencies or "@nuxt/bridge" in dependencies:
        return
    locked = {version for lock in project.locks for version in (lock.packages or {}).get("nuxt", ())}
    stated = dependencies["nuxt"]
    majors = [
        major_of(version) or 0 for version in locked or ([stated] if stated[:1] in _RANGE_STARTS else [])
    ]
    if majors and max(majors) in (1, 2):
        raise UsageError(
            f"this is a Nuxt {max(majors)} app, which builds no self-contained .output",
            "upgrade to Nuxt 3 or later, or add @nuxt/bridge, then run the command again",
        )


def _ignore_facts(project: Project) -> IgnoreFacts:
    app = project.app
    sources = [app.config_path] if app.config_path else []
    prefix = f"{app.folder}/" if app.folder else ""
    for name in ("app", "pages", "components", "layouts", "server"):
        sources += [file for file in project.files if file.startswith(f"{prefix}{name}/")][:1]
    texts = (
        app.config_text,
        *project.manifest.scripts.values(),
        *app.manifest.scripts.values(),
        *app.manifest.all_dependencies,
        *(project.read(name) for name in ("content.config.ts", "tsconfig.json")),
    )
    return IgnoreFacts(
        _MADE, tuple(sources), texts, app.manifest.scripts.get("build", ""), frozenset(_SOURCE_FOLDERS)
    )
