"""SvelteKit: a server by adapter-node, static files by adapter-static; other adapters make neither.

Sources: https://svelte.dev/docs/kit/adapter-node, https://svelte.dev/docs/kit/adapter-static
"""

import re

from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.node.frameworks.framework import Framework, stack_of
from dockeropt.rewrite.node.output import Output, Server, Static
from dockeropt.rewrite.node.project import Kind, Project
from dockeropt.rewrite.node.start import AppStart

_CONFIGS = ("svelte.config.js", "svelte.config.ts", "svelte.config.mjs")


def read_output(project: Project, start: AppStart | None) -> Output:
    """Return what ``vite build`` leaves with the adapter there is."""
    app = project.app
    build = "" if "build" in app.manifest.scripts else "vite build"
    made = (".svelte-kit", "build")
    text = app.config_text
    base = re.search(r"\bbase:\s*['\"]/?([^'\"]*)['\"]", text)
    if "adapter-static" in text:
        folder = _literal(text, "pages") or "build"
        fallback = _literal(text, "fallback") or "404.html"
        static = Static(folder, base[1] if base else "", ("_app/immutable/",), fallback)
        decision = Decision("output", "static files", f"{app.config_path} uses adapter-static")
        return Output(static, build, made=(*made, folder), decisions=(decision,))
    if "adapter-node" in text:
        folder = _literal(text, "out") or "build"
        has_modules = bool(app.manifest.dependencies)
        for_cdn = ((f"{folder}/client/{base[1]}" if base and base[1] else f"{folder}/client", "/"),)
        server = Server(
            ((folder, folder), ("package.json", "./")),
            ("node", folder),
            needs_modules=has_modules,
            port=3000,
            reads_port=True,
            ends_by_itself=True,
            bundles=True,
            reason="what adapter-node makes; devDependencies are bundled into it",
            static=for_cdn,
        )
        if start is not None and (start.before or start.script or start.shell):
            server = Server(port=3000, reads_port=True, static=for_cdn)
        decision = Decision("output", "a server for Node.js", f"{app.config_path} uses adapter-node")
        return Output(server, build, made=(*made, folder), decisions=(decision,))
    reason = (
        f"{app.config_path or 'svelte.config.js'} uses neither adapter-node nor adapter-static, so that the "
        "build makes nothing a container can run: add @sveltejs/adapter-node"
    )
    return Output(Server(), build, made=made, refusal=reason)


FRAMEWORK = Framework(
    "sveltekit", "a SvelteKit app", Kind("SvelteKit", ("@sveltejs/kit",), _CONFIGS), read_output
)
STACK = stack_of(FRAMEWORK)


def _literal(text: str, key: str) -> str:
    found = re.search(rf"\b{key}:\s*['\"]([^'\"]+)['\"]", text)
    return "" if found is None else found[1].removeprefix("./").rstrip("/")
