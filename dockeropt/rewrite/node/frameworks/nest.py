"""NestJS: the whole app with its production dependencies, run by Node itself."""

import json

from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.node.frameworks.framework import Framework, stack_of
from dockeropt.rewrite.node.output import Output, Server
from dockeropt.rewrite.node.project import Kind, Project
from dockeropt.rewrite.node.start import AppStart


def read_output(project: Project, start: AppStart | None) -> Output:
    """Return what ``nest build`` leaves."""
    app = project.app
    build = "" if "build" in app.manifest.scripts else "nest build"
    decisions: tuple[Decision, ...] = ()
    command: tuple[str, ...] = ()
    if start is None or start.is_development:
        command = ("node", _entry(project))
        decisions = (Decision("start", " ".join(command), "nest start builds first and needs the CLI"),)
    return Output(Server((), command, port=3000), build, made=("dist",), decisions=decisions)


FRAMEWORK = Framework(
    "nest", "a NestJS app", Kind("NestJS", ("@nestjs/core",), ("nest-cli.json",)), read_output
)
STACK = stack_of(FRAMEWORK)


def _entry(project: Project) -> str:
    """Return the built entry: ``dist/main.js``, or that of the first app of a Nest monorepo."""
    try:
        settings: object = json.loads(project.app.config_text or "{}")
    except ValueError:
        settings = {}
    root = settings.get("root") if isinstance(settings, dict) and settings.get("monorepo") else None
    return f"dist/{root}/main.js" if isinstance(root, str) else "dist/main.js"
