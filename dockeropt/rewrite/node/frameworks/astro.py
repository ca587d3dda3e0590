"""Astro: static files, or a server by the Node adapter.

Sources: https://docs.astro.build/en/guides/integrations-guide/node/
"""

import re

from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.node.frameworks.framework import Framework, stack_of
from dockeropt.rewrite.node.output import Output, Server, Static
from dockeropt.rewrite.node.project import Kind, Project
from dockeropt.rewrite.node.start import AppStart

_CONFIGS = ("astro.config.mjs", "astro.config.ts", "astro.config.js", "astro.config.mts", "astro.config.cjs")
_PORT = 4321


def read_output(project: Project, start: AppStart | None) -> Output:
    """Return what ``astro build`` leaves."""
    app = project.app
    build = "" if "build" in app.manifest.scripts else "astro build"
    folder = (app.text_setting("outDir") or "dist").removeprefix("./").rstrip("/")
    made = (".astro", folder)
    adapter = re.search(r"from\s+['\"]@astrojs/(node|vercel|netlify|cloudflare|deno)", app.config_text)
    if adapter is None:
        base = (app.text_setting("base") or "").strip("/")
        decision = Decision(
            "output", "static files", "no adapter is set, so that every page is made by the build"
        )
        static = Static(folder, base, ("_astro/",), "404.html")
        return Output(static, build, made=made, decisions=(decision,))
    if adapter[1] != "node":
        reason = (
            f"{app.config_path} uses the adapter of {adapter[1]}, which makes nothing a container can run"
        )
        return Output(Server(), build, made=made, refusal=reason)
    is_standalone = re.search(r"mode:\s*['\"]standalone['\"]", app.config_text) is not None
    is_own = start is not None and (start.before or start.script or start.shell or not is_standalone)
    decision = Decision("output", "a server for Node.js", f"{app.config_path} uses the Node adapter")
    for_cdn = ((f"{folder}/client", "/"),)
    if is_own:
        server = Server(port=_PORT, reads_port=True, static=for_cdn)
        return Output(server, build, made=made, decisions=(decision,))
    server = Server(
        ((folder, folder), ("package.json", "./")),
        ("node", f"./{folder}/server/entry.mjs"),
        needs_modules=bool(app.manifest.dependencies),
        environment=(("HOST", "0.0.0.0"),),  # noqa: S104 - by itself it listens on localhost alone
        port=_PORT,
        reads_port=True,
        reason="the built server and its pages",
        static=for_cdn,
    )
    return Output(server, build, made=made, decisions=(decision,))


FRAMEWORK = Framework("astro", "an Astro site", Kind("Astro", ("astro",), _CONFIGS), read_output)
STACK = stack_of(FRAMEWORK)
