"""A plain Dockerfile for a project that has none: what the rewrite then takes apart."""

import json
import re

from dockeropt.errors import UsageError
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.python.framework import Application, Framework, find_application
from dockeropt.rewrite.python.project import PythonProject
from dockeropt.rewrite.python.version import NEWEST

_ANYWHERE = "0.0.0.0"  # noqa: S104 - inside a container
_PORTS = {Framework.DJANGO: 8000, Framework.FASTAPI: 8000, Framework.FLASK: 5000}


def first_dockerfile(project: PythonProject) -> tuple[str, tuple[Decision, ...]]:
    """Return a one-stage Dockerfile and why it is so.

    Raises UsageError where nothing tells what to install or what to start.
    """
    python = project.python
    version = NEWEST if python is None else ".".join(python.version.split(".")[:2])
    reason = "nothing states a version" if python is None else f"{python.place} says so"
    install, why = _install(project)
    application = _application(project)
    command = _command(project, application)
    port = _PORTS.get(application.framework)
    lines = [f"FROM python:{version}", "WORKDIR /app", "COPY . .", f"RUN {install}"]
    lines += [f"EXPOSE {port}"] if port is not None else []
    lines.append(f"CMD {json.dumps(command)}")
    decisions = (
        Decision("Python", version, reason),
        Decision("install", install, why),
        Decision("start", json.dumps(command), application.reason),
    )
    return "".join(f"{line}\n" for line in lines), decisions


def _install(project: PythonProject) -> tuple[str, str]:
    locks = project.locks
    if len(locks) > 1:
        raise UsageError(
            f"there are lock files of several package managers: {', '.join(locks)}",
            "delete those that are not used",
        )
    if "uv.lock" in locks:
        return "pip install uv && uv sync --locked", "uv.lock is there"
    if "poetry.lock" in locks:
        return "pip install poetry && poetry install", "poetry.lock is there"
    if "Pipfile.lock" in locks:
        return "pip install pipenv && pipenv sync", "Pipfile.lock is there"
    if project.requirements is not None:
        return "pip install -r requirements.txt", "requirements.txt is there"
    if project.pyproject is not None or project.folder.has("setup.py"):
        return "pip install .", "the project is a package"
    raise UsageError(
        "nothing says what the project depends on",
        "write a requirements.txt, an empty one where it needs nothing",
    )


def _application(project: PythonProject) -> Application:
    frameworks = project.frameworks
    if len(frameworks) > 1:
        names = " and ".join(each.value for each in frameworks)
        raise UsageError(
            f"the project is made with {names}, and no Dockerfile says which is to be started",
            "write a Dockerfile with the CMD that starts it, then run the command again",
        )
    return find_application(frameworks[0] if frameworks else Framework.SCRIPT, project.sources)


def _command(project: PythonProject, application: Application) -> list[str]:
    framework, target = application.framework, application.target
    scripts = () if project.pyproject is None else project.pyproject.scripts
    if framework is Framework.SCRIPT and len(scripts) == 1:
        return [scripts[0]]
    if not target:
        raise UsageError(
            f"what starts the app is not found: {application.reason}",
            "write a Dockerfile with the CMD that starts it, then run the command again",
        )
    address = f"{_ANYWHERE}:{_PORTS.get(framework, 0)}"
    if framework is Framework.SCRIPT:
        return ["python", target]
    if framework is Framework.FASTAPI:
        if target.endswith("()"):
            return ["uvicorn", "--factory", target.removesuffix("()"), "--host", _ANYWHERE]
        return ["uvicorn", target, "--host", _ANYWHERE]
    if "gunicorn" in project.direct:
        return ["gunicorn", "--bind", address, target]
    if framework is Framework.DJANGO:
        return ["python", "manage.py", "runserver", address]
    return ["flask", "--app", re.sub(r"\(\)$", "", target), "run", "--host", _ANYWHERE]
