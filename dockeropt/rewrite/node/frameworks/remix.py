"""Remix and React Router in framework mode: a server, or with ``ssr: false`` the files of one page.

Sources: https://reactrouter.com/start/framework/deploying, https://remix.run/docs/en/main/guides/spa-mode
"""

import re

from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.node.frameworks.framework import Framework, stack_of
from dockeropt.rewrite.node.output import Output, Server, Static
from dockeropt.rewrite.node.project import Kind, Project
from dockeropt.rewrite.node.start import AppStart

_CONFIGS = (
    "react-router.config.ts",
    "react-router.config.js",
    "vite.config.ts",
    "vite.config.js",
    "remix.config.js",
)
_FOR_CDN = (("build/client", "/"),)
_SERVERS = {"@react-router/serve": "react-router-serve", "@remix-run/serve": "remix-serve"}


def read_output(project: Project, start: AppStart | None) -> Output:
    """Return what the build leaves."""
    app = project.app
    is_remix = "@remix-run/dev" in app.manifest.all_dependencies
    build = (
        "" if "build" in app.manifest.scripts else ("remix vite:build" if is_remix else "react-router build")
    )
    made = ("build", ".react-router", "public/build", ".cache")
    prefix = f"{app.folder}/" if app.folder else ""
    text = app.config_text + project.read(f"{prefix}vite.config.ts")
    if re.search(r"\bssr:\s*false", text):
        decision = Decision("output", "static files", "ssr: false makes one page that routes in the browser")
        return Output(Static("build/client", "", ("assets/",)), build, made=made, decisions=(decision,))
    named = next((bin_ for package, bin_ in _SERVERS.items() if package in app.manifest.dependencies), "")
    is_plain = start is None or (start.program == named and not (start.before or start.script or start.shell))
    decision = Decision("output", "a server for Node.js", "the build makes build/server and build/client")
    if start is not None and start.is_development:
        is_plain = True
    if not named or not is_plain:
        server = Server(port=3000, reads_port=True, static=_FOR_CDN)
        return Output(server, build, made=made, decisions=(decision,))
    is_classic = project.has(f"{prefix}remix.config.js") and not project.has(f"{prefix}vite.config.ts")
    entry = "./build/index.js" if is_classic else "./build/server/index.js"
    arguments = () if start is None or start.is_development else start.words[1:]
    files = [("build", "build"), ("package.json", "./")]
    if is_classic:
        files.append(("public", "public"))
    server = Server(
        tuple(files),
        (f"node_modules/.bin/{named}", *(arguments or (entry,))),
        port=3000,
        reads_port=True,
        ends_by_itself=True,
        reason="the built server and its client",
        static=() if is_classic else _FOR_CDN,
    )
    return Output(server, build, made=made, decisions=(decision,))


FRAMEWORK = Framework(
    "remix",
    "a Remix or React Router app",
    Kind("Remix or React Router", ("@react-router/dev", "@remix-run/dev"), _CONFIGS),
    read_output,
)
STACK = stack_of(FRAMEWORK)
