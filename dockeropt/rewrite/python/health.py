"""A health check that needs no program but Python."""

import json
import re

from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.python.framework import Framework
from dockeropt.rewrite.python.project import PythonProject
from dockeropt.rewrite.python.recipe import Recipe
from dockeropt.rewrite.python.start import Start
from dockeropt.syntax.instructions import Healthcheck

_OPTIONS = "--interval=30s --timeout=5s --start-period=30s"
_SERVERS = frozenset(
    (
        "gunicorn",
        "uvicorn",
        "hypercorn",
        "daphne",
        "granian",
        "fastapi",
        "flask",
        "waitress-serve",
        "streamlit",
    )
)
_ROUTE = re.compile(
    r"""[\"'(](?:r\^|\^)?/?((?:api/)?(?:healthz?|health[-_]?check|livez|readyz|ping|_health|up|heartbeat|__heartbeat__)/?)\$?[\"']"""
)


def plan_health(project: PythonProject, recipe: Recipe, start: Start, decisions: list[Decision]) -> str:
    """Return the text after HEALTHCHECK, empty for none."""
    view = next((s.view for s in reversed(recipe.steps) if isinstance(s.view, Healthcheck)), None)
    if view is not None:
        return _kept(view, recipe, start, decisions)
    name = start.words[0].rpartition("/")[2] if start.words else ""
    served = name in _SERVERS or ("-m" in start.words[1:2] and set(start.words[2:3]) & _SERVERS)
    is_web = served or "runserver" in start.words or _runs_server(project, start)
    if start.port is None or not is_web:
        return ""
    path = _path(project)
    decisions.append(
        Decision(
            "health check",
            f"asks for {path}",
            "traffic can wait until the app answers; Python asks, no program for it is installed",
        )
    )
    return f"{_OPTIONS} \\\n    CMD {_ask(start.port, path, is_exact=False)}"


def probe_program(recipe: Recipe) -> str:
    """Return curl or wget where the old health check only fetches a page with it, which Python can do."""
    view = next((s.view for s in reversed(recipe.steps) if isinstance(s.view, Healthcheck)), None)
    if view is None or view.command is None or _address(view.command.script.text) is None:
        return ""
    return "curl" if "curl" in view.command.script.text else "wget"


def _kept(view: Healthcheck, recipe: Recipe, start: Start, decisions: list[Decision]) -> str:
    if view.command is None:
        return "NONE"
    text = view.command.script.text
    found = _address(text)
    flags = " ".join(
        f"--{flag.name}={flag.value.raw}" for flag in view.instruction.flags if flag.value is not None
    )
    before = f"{flags} \\\n    " if flags else ""
    if found is None:
        return f"{before}CMD {text}"
    port_text, path = found
    variable = re.fullmatch(r"\$\{?(\w+)(?::-(\d+))?\}?", port_text)
    port = int(port_text) if port_text.isdecimal() else start.port or 80
    if variable is not None:
        value = recipe.end.variables.get(variable[1], variable[2] or "")
        port = int(value) if value.isdecimal() else port
    elif not port_text:
        port = 80
    decisions.append(
        Decision(
            "health check", f"asks for {path}", "as the old one does, without a program to install for it"
        )
    )
    return f"{before}CMD {_ask(port, path, is_exact=True)}"


def _address(text: str) -> tuple[str, str] | None:
    """Return port and path of the page a curl or wget fetches; None where the check does more."""
    if not re.match(r"\s*(?:\[\s*\"(?:CMD\", \")?)?(?:curl|wget)\b", text) or re.search(
        r"-H|--header|-X|-d |--data|-u |grep|https://|&&", text
    ):
        return None
    found = re.search(
        r"http://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\$\{?\w+(?::-\d+)?\}?|\d+))?(/[^\s'\"|;)\],]*)?",
        text,
    )
    if found is None or "$" in (found[2] or ""):
        return None
    return found[1] or "", found[2] or "/"


def _ask(port: int, path: str, is_exact: bool) -> str:
    """Return the command: no redirect is followed, since it may lead out of the container."""
    worst = 400 if is_exact else 500
    script = (
        "import http.client, sys; "
        f"c = http.client.HTTPConnection('127.0.0.1', {port}, timeout=4); "
        f"c.request('GET', '{path}'); sys.exit(c.getresponse().status >= {worst})"
    )
    return json.dumps(["python", "-c", script])


def _path(project: PythonProject) -> str:
    for path in sorted(project.sources, key=lambda path: (path.count("/"), path)):
        found = _ROUTE.search(project.sources[path])
        if found is not None:
            return "/" + found[1]
    return "/"


def _runs_server(project: PythonProject, start: Start) -> bool:
    """Tell whether a script that is started serves pages itself: ``uvicorn.run(app)``."""
    is_script = len(start.words) > 1 and start.words[1].endswith(".py")
    if not is_script:
        return False
    text = project.sources.get(start.words[1].removeprefix("./"), "")
    return bool(
        re.search(
            r"uvicorn\.run\(|\bapp\.run\(|waitress|web\.run_app\(|\.launch\(|HTTPServer\(|socketio\.run\(",
            text,
        )
    ) and bool(set(project.frameworks) - {Framework.SCRIPT} or "HTTPServer(" in text or "uvicorn" in text)
