"""Next.js: the standalone server with the files it traces, an export of static files, or ``next start``.

Sources: https://nextjs.org/docs/app/api-reference/config/next-config-js/output; from 13.4 on Next reads
NEXT_PRIVATE_STANDALONE, which gives the standalone output without an edit of the configuration.
"""

import re

from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.node.frameworks.framework import Framework, stack_of
from dockeropt.rewrite.node.output import Output, Server, Static, literal, versions_of
from dockeropt.rewrite.node.project import Kind, Project, is_computed
from dockeropt.rewrite.node.start import AppStart

_CONFIGS = ("next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs", "next.config.mts")
_VARIABLE = "NEXT_PRIVATE_STANDALONE"
_HOST = (("HOSTNAME", "0.0.0.0"),)  # noqa: S104 - Docker sets HOSTNAME to the container's own name
_STANDALONE_SINCE = (13, 4)
_PORT = 3000


def read_output(project: Project, start: AppStart | None) -> Output:
    """Return what ``next build`` leaves."""
    folder = project.app.text_setting("distDir") or ".next"
    app = project.app
    base = (app.text_setting("basePath") or "").strip("/")
    build = "" if "build" in app.manifest.scripts else "next build"
    made = (".next", "out")
    if app.setting("output") == "export":
        static = Static("out" if folder == ".next" else folder, base, ("_next/static/",), "404.html")
        reason = f'{app.config_path} sets output: "export"'
        return Output(
            static, build, (), (f"{folder}/cache",), made, (Decision("output", "static files", reason),)
        )
    reason = _whole_reason(project, start)
    for_cdn = ((f"{folder}/static", "/_next/static"),)
    caches = (f"{folder}/cache",) if not is_computed(app.setting("distDir")) else ()
    if reason:
        server = Server(
            (),
            ("node_modules/.bin/next", "start"),
            port=_PORT,
            reads_port=True,
            ends_by_itself=True,
            static=for_cdn,
        )
        if start is not None and (start.program not in ("next", "") or _runs_more(start)):
            reads_port = "process.env.PORT" in _entry_text(project, start)
            server = Server(port=_PORT, reads_port=reads_port, static=for_cdn)
        decision = Decision(
            "output", "the whole app with its production dependencies", reason, is_notice=True
        )
        return Output(server, build, (), caches, made, (decision,))
    files = [(f"{folder}/standalone", "./"), (f"{folder}/static", _in_app(project, f"{folder}/static"))]
    prefix = f"{app.folder}/" if app.folder else ""
    if project.has_folder(f"{prefix}public"):
        files.append(("public", _in_app(project, "public")))
    server = Server(
        tuple(files),
        ("node", f"{prefix}server.js"),
        needs_modules=False,
        environment=_HOST,
        port=_PORT,
        reads_port=True,
        ends_by_itself=True,
        reason="the standalone server and the files it traces: no sources, no other packages",
        static=for_cdn,
    )
    if app.setting("output") == "standalone":
        decision = Decision("output", "standalone", f'{app.config_path} sets output: "standalone"')
        return Output(server, build, (), caches, made, (decision,))
    reason = "it gives the standalone output without an edit of the configuration, which does not ask for it"
    decision = Decision("output", f"standalone, by {_VARIABLE}=true", reason, is_notice=True)
    return Output(server, build, (literal(_VARIABLE, "true"),), caches, made, (decision,))


FRAMEWORK = Framework("next", "a Next.js app", Kind("Next.js", ("next",), _CONFIGS), read_output)
STACK = stack_of(FRAMEWORK)


def _whole_reason(project: Project, start: AppStart | None) -> str:
    """Return why the standalone output will not do, empty where it will."""
    app = project.app
    runs_next = start is None or start.program in ("next", "")
    if start is not None and not runs_next and not any("standalone" in word for word in start.words):
        is_server = start.program == "node" and not (start.words[1:] and start.words[1].endswith("next"))
        if is_server and not any(word.endswith("/server.js") and ".next" in word for word in start.words):
            return f"{' '.join(start.words)} is a server of the app's own, which standalone output leaves out"
    if start is not None and _runs_more(start):
        return f"{start.text!r} runs more than Next, and what that needs is not known"
    if is_computed(app.setting("distDir")):
        return "next.config computes distDir, so that the place of the output is not known"
    if app.setting("output") == "standalone":
        return ""
    found = [_version(text) for text in versions_of(project, "next")]
    known = [version for version in found if version is not None]
    if known and max(known) < _STANDALONE_SINCE:
        return "before 13.4 the standalone output has to be asked for in next.config: output: 'standalone'"
    return ""


def _runs_more(start: AppStart) -> bool:
    return bool(start.before or start.script or start.shell)


def _version(text: str) -> tuple[int, int] | None:
    found = re.search(r"(\d+)(?:\.(\d+))?", text)
    return None if found is None else (int(found[1]), int(found[2] or 99))


def _entry_text(project: Project, start: AppStart) -> str:
    return " ".join(project.read(word) for word in start.words[1:] if project.has(word))


def _in_app(project: Project, path: str) -> str:
    return f"{project.app.folder}/{path}" if project.app.folder else path
