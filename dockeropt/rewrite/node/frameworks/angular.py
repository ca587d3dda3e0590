"""Angular: static files, or a server where the build renders on one.

Sources: https://angular.dev/tools/cli/build-system-migration, https://angular.dev/reference/configs/workspace-config
"""

import json
import re

from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.node.frameworks.framework import Framework, stack_of
from dockeropt.rewrite.node.output import Output, Server, Static
from dockeropt.rewrite.node.project import Kind, Project
from dockeropt.rewrite.node.start import AppStart

_HASHED = r"[^/]*[.-][0-9A-Za-z_-]{8,}\.(?:js|css|woff2?)$"


def read_output(project: Project, start: AppStart | None) -> Output:
    """Return what ``ng build`` leaves."""
    app = project.app
    build = "" if "build" in app.manifest.scripts else "ng build"
    name, target = _target(app.config_text)
    made = ("dist", ".angular")
    if not name:
        reason = "angular.json does not say where the build goes"
        return Output(Server(), build, made=made, refusal=reason)
    options = target.get("options")
    options = options if isinstance(options, dict) else {}
    path = options.get("outputPath")
    browser: object = "browser"
    if isinstance(path, dict):
        browser, path = path.get("browser", "browser"), path.get("base")
    folder = path if isinstance(path, str) else f"dist/{name}"
    is_new = str(target.get("builder", "")).endswith(":application")
    if options.get("ssr") and not (start is not None and (start.serves_files or start.is_development)):
        server = Server(
            ((folder, folder), ("package.json", "./")),
            ("node", f"{folder}/server/server.mjs"),
            port=4000,
            reads_port=True,
            reason="the built server and its pages",
            static=((f"{folder}/{browser}", "/"),),
        )
        return Output(
            server, build, made=made, decisions=(Decision("output", "a server", "angular.json sets ssr"),)
        )
    inner = f"{folder}/{browser}" if is_new and browser else folder
    base = options.get("baseHref")
    decision = Decision("output", "static files", f"ng build puts them into {inner}")
    static = Static(inner, base.strip("/") if isinstance(base, str) else "", (_HASHED,))
    return Output(static, build, made=made, decisions=(decision,))


FRAMEWORK = Framework(
    "angular",
    "an Angular app",
    Kind("Angular", ("@angular/cli", "@angular/build"), ("angular.json",)),
    read_output,
)
STACK = stack_of(FRAMEWORK)


def _target(text: str) -> tuple[str, dict[str, object]]:
    """Return the name and the build target of the first application, empty where there is none."""
    try:
        data: object = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
    except ValueError:
        return "", {}
    projects = data.get("projects") if isinstance(data, dict) else None
    for name, each in projects.items() if isinstance(projects, dict) else ():
        targets = (each.get("architect") or each.get("targets")) if isinstance(each, dict) else None
        target = targets.get("build") if isinstance(targets, dict) else None
        if isinstance(target, dict) and each.get("projectType", "application") == "application":
            return name, target
    return "", {}
