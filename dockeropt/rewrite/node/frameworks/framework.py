"""A framework as a stack: how its apps are told, and what their build leaves."""

from collections.abc import Callable

from dockeropt.records import NamedTuple
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.intent import read_intent
from dockeropt.rewrite.node.app_plan import plan_app
from dockeropt.rewrite.node.base_choice import NODE_BASES
from dockeropt.rewrite.node.output import Output
from dockeropt.rewrite.node.project import Kind, Project, apps_of, read_packages, read_project
from dockeropt.rewrite.node.start import AppStart, read_app_start
from dockeropt.rewrite.old_files import OldFiles
from dockeropt.rewrite.options import Options
from dockeropt.rewrite.stacks import Draft, Evidence, InPlace, Stack, Strength


class Framework(NamedTuple):
    """A framework; ``read_output`` says what a project's build leaves and what runs it."""

    name: str
    title: str
    kind: Kind
    read_output: Callable[[Project, AppStart | None], Output]
    strength: Strength = Strength.FRAMEWORK


def stack_of(framework: Framework) -> Stack:
    """Return the stack that a framework's apps are."""

    def detect(folder: Folder) -> Evidence | None:
        packages = read_packages(folder)
        found = () if packages is None else apps_of(packages, framework.kind)
        found = tuple(each for each in found if not each.folder.startswith(("example", "docs/")))
        if len(found) != 1:
            return None  # of several the old Dockerfile says which is run, or --app
        place = found[0].folder
        path = f"{place}/package.json" if place else "package.json"
        named = next(
            (each for each in framework.kind.packages if each in found[0].manifest.all_dependencies), ""
        )
        says = f"depends on {named}" if named else "is there"
        return Evidence(path, says, framework.strength, place)

    def draft(folder: Folder, old: OldFiles, options: Options) -> Draft | InPlace:
        project = read_project(folder, framework.kind, options.app)
        scripts = {**project.manifest.scripts, **project.app.manifest.scripts}
        intent = None if old.build is None else read_intent(old.build, scripts)
        start = read_app_start(old.build, project)
        return plan_app(project, intent, start, framework.read_output(project, start), options, old)

    return Stack(framework.name, framework.title, ("node", "bun"), detect, draft, NODE_BASES)
