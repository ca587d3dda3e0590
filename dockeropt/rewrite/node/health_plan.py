"""A health check that needs no program but the one that runs the server."""

import json
import re

from dockeropt.knowledge.nuxt import BASE_VARIABLE, HEALTH_ROUTE
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Intent, Probe
from dockeropt.rewrite.node.project import Project


def plan_health(
    project: Project, intent: Intent | None, program: str, decisions: list[Decision]
) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the options of HEALTHCHECK and its command: the JSON form, or ``NONE``."""
    probe = None if intent is None else intent.health
    if probe is not None and probe.is_off:
        decisions.append(Decision("health check", "NONE", "the old Dockerfile says so"))
        return (), "NONE"
    options = probe.options if probe is not None and probe.options else _PROBE_OPTIONS
    path, reason, is_exact = _probe_path(project, probe, intent)
    condition = "r.ok" if is_exact else "r.status < 500"
    script = (
        f"fetch('http://127.0.0.1:' + process.env.PORT + '{path}')"
        f".then(r => process.exit({condition} ? 0 : 1))"
    )
    decisions.append(Decision("health check", f"{program} asks for {path}", reason))
    return options, json.dumps([program, "-e", script])


_PROBE_OPTIONS = (("interval", "30s"), ("timeout", "5s"), ("start-period", "30s"))


def _probe_path(project: Project, probe: Probe | None, intent: Intent | None) -> tuple[str, str, bool]:
    if probe is not None and probe.path is not None:
        path = re.sub(r"['\"\\$`{}]", "", probe.path)
        return path, "as the old one does, without a program to install for it", path.strip("/") != ""
    base = project.app.text_setting("app.baseURL") or "/"
    for variable in () if intent is None else intent.final.environment:
        if variable.name == BASE_VARIABLE and variable.value and "$" not in variable.value:
            base = variable.value
    base = "/" + base.strip("/") + "/" if base.strip("/") else "/"
    prefix = f"{project.app.folder}/" if project.app.folder else ""
    for file in project.files:
        local = file.removeprefix(prefix)
        if file.startswith(prefix) and re.match(HEALTH_ROUTE + r"(?:\.get)?\.[cm]?[jt]s$", local):
            route = re.sub(
                r"(?:\.get)?\.[cm]?[jt]s$", "", local.removeprefix("server/").removeprefix("routes/")
            )
            return base + route, f"{file} is made for it", True
    was = "" if probe is None else "; the old one asks for no page"
    return base, f"traffic can wait until pages are rendered{was}", False
