"""Single-page apps of Vite, Create React App and Vue CLI: static files whose names carry a hash.

Sources: https://vite.dev/config/build-options, https://create-react-app.dev/docs/deployment,
https://cli.vuejs.org/config
"""

import re
from posixpath import join, normpath

from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.node.frameworks.framework import Framework, stack_of
from dockeropt.rewrite.node.frameworks.plain import read_output as read_plain
from dockeropt.rewrite.node.output import Output, Static
from dockeropt.rewrite.node.project import Kind, Project
from dockeropt.rewrite.node.start import AppStart
from dockeropt.rewrite.stacks import Strength

_VITE = ("vite.config.ts", "vite.config.js", "vite.config.mts", "vite.config.mjs", "vite.config.cjs")


def read_output(project: Project, start: AppStart | None) -> Output:
    """Return what the build leaves: files for a file server, unless the app has a server of its own."""
    app = project.app
    is_own = start is not None and not (start.serves_files or start.is_development)
    if is_own and start is not None and (start.words or start.shell or start.script):
        return read_plain(project, start)
    packages = app.manifest.all_dependencies
    hashed: tuple[str, ...]
    if "react-scripts" in packages:
        command, folder, hashed = "react-scripts build", "build", ("static/",)
    elif "@vue/cli-service" in packages:
        command, folder, hashed = "vue-cli-service build", "dist", ("js/", "css/", "img/", "fonts/")
    else:
        command, folder, hashed = "vite build", "dist", ("assets/",)
    path = app.text_setting("build.outDir") or app.text_setting("outputDir") or folder
    root = app.text_setting("root")
    folder = normpath(join(root or "", path))
    base = app.text_setting("base") or app.text_setting("publicPath") or app.manifest.homepage
    base = re.sub(r"^https?://[^/]+", "", base or "").strip("./")
    build = "" if "build" in app.manifest.scripts else command
    made = (folder,) if not folder.startswith("..") else ()
    forwards = re.search(r"\bproxy\s*:", app.config_text) or app.manifest.has_proxy
    if start is not None and start.is_development and forwards:
        reason = (
            f"{start.text!r} is a development server that forwards requests to another one, which a file "
            "server does not: say in nginx.conf where they go, then move the old Dockerfile away"
        )
        return Output(Static(folder), build, made=made, refusal=reason)
    if "electron" in packages:
        return Output(Static(folder), build, made=made, refusal="an Electron app is no server")
    decisions = (Decision("output", "static files", f"{command} makes a page that routes in the browser"),)
    return Output(Static(folder, base, hashed), build, made=made, decisions=decisions)


STACK = stack_of(
    Framework("vite", "a Vite app", Kind("Vite", ("vite",), _VITE), read_output, Strength.BUNDLER)
)
