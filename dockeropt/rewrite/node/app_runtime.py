"""The last stage of an app that is a server: what it gets, who it is, and how it starts and ends."""

import json
import re
from collections.abc import Iterable
from posixpath import join, normpath, relpath

from dockeropt.knowledge.volatile_names import volatility
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Intent, Variable
from dockeropt.rewrite.node.app_build import AppBuild
from dockeropt.rewrite.node.app_start import plan_command
from dockeropt.rewrite.node.environment import BUILD_ONLY, LOCAL_PATH, grouped, plain, used_arguments
from dockeropt.rewrite.node.install_plan import linked_folders
from dockeropt.rewrite.node.output import Server
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.node.prune_plan import Modules
from dockeropt.rewrite.node.runtime_plan import Server as Program
from dockeropt.rewrite.node.runtime_plan import last_workdir, plan_user, written_folders
from dockeropt.rewrite.node.sources import Sources
from dockeropt.rewrite.node.start import AppStart
from dockeropt.rewrite.secrets import is_secret_name
from dockeropt.rewrite.steps import CopyStep

OUTPUT = "/output"
"""where the build sets the app aside, without its packages"""


class AppRuntime(NamedTuple):
    """The last stage; ``kept`` are texts of the old Dockerfile in it."""

    arguments: tuple[Variable, ...]
    environment: tuple[tuple[Variable, ...], ...]
    late_arguments: tuple[Variable, ...]
    late_environment: tuple[tuple[Variable, ...], ...]
    labels: tuple[Variable, ...]
    ports: tuple[int, ...]
    user: str
    owner: str
    workdir: str
    run_folder: str
    """where the program runs, empty for the working directory"""
    outer_folders: tuple[str, ...]
    inner_folders: tuple[str, ...]
    tools: tuple[str, ...]
    """npm packages the start command needs for the whole image"""
    ends_on_signal: bool
    """a few lines that make Node as PID 1 end on SIGTERM are written"""
    copies: tuple[CopyStep, ...]
    health: str
    """what follows HEALTHCHECK, empty for none"""
    volumes: str
    stop_signal: str
    entrypoint: str
    command: str
    needs_bash: bool
    kept: tuple[str, ...]
    decisions: tuple[Decision, ...]


def plan_app_runtime(
    project: Project,
    intent: Intent | None,
    start: AppStart | None,
    server: Server,
    program: Program,
    build_workdir: str,
    modules: Modules,
    build: AppBuild,
    sources: Sources,
    outer_copies: tuple[CopyStep, ...] = (),
) -> AppRuntime:
    """Return the last stage of a server."""
    decisions: list[Decision] = []
    workdir = last_workdir(intent)
    user = plan_user(intent, program, decisions)
    owner = user if ":" in user else f"{user}:{user}"
    port, exposed = _ports(intent, start, server, sources, decisions)
    command = plan_command(project, intent, start, server, sources, program.program, decisions)
    environment = _environment(intent, start, server, port, decisions)
    declared = {} if intent is None else {variable.name: variable for variable in intent.final.arguments}
    labels = () if intent is None else intent.labels
    volatile = {name for name in declared if volatility(name) is not None}
    late = [variable for variable in environment if not volatile.isdisjoint(variable.uses)]
    early = [variable for variable in environment if variable not in late]
    arguments = used_arguments(early, declared)
    late_arguments = [v for v in used_arguments([*late, *labels], declared) if v not in arguments]
    volumes = () if intent is None else intent.volumes
    folders = written_folders(intent, workdir, volumes, decisions)
    inside = workdir.rstrip("/") + "/"
    copies = (*_copies(project, server, build_workdir, modules, build, owner, decisions), *outer_copies)
    if sources.only_local:
        reason = "nothing outside the container reaches it there: let it listen on 0.0.0.0"
        decisions.append(Decision("host", "the sources listen on localhost", reason, is_notice=True))
    is_whole = not server.files or bool(project.app.folder and server.needs_modules)
    run_folder = (start.folder if start is not None else "") or (project.app.folder if is_whole else "")
    is_in_root = command.words[:1] == ("npm",) or (
        start is not None and not start.folder and not server.command
    )
    return AppRuntime(
        tuple(arguments),
        grouped(early),
        tuple(late_arguments),
        grouped(late),
        labels,
        exposed,
        user,
        owner,
        workdir,
        normpath(join(workdir, run_folder)) if run_folder and not is_in_root else "",
        tuple(folder for folder in folders if not folder.startswith(inside)),
        tuple(relpath(folder, workdir) for folder in folders if folder.startswith(inside)),
        command.tools,
        command.ends_on_signal,
        (*copies, *command.copies),
        _health(intent, server, sources, port, program.program, decisions),
        json.dumps(volumes) if volumes else "",
        "" if intent is None or intent.stop_signal in (None, "SIGTERM", "15") else str(intent.stop_signal),
        command.entrypoint,
        command.command,
        command.needs_bash,
        command.kept,
        tuple(decisions),
    )


def _ports(
    intent: Intent | None,
    start: AppStart | None,
    server: Server,
    sources: Sources,
    decisions: list[Decision],
) -> tuple[int | None, tuple[int, ...]]:
    """Return the port the server listens on, None where nothing tells, and all to expose."""
    exposed = () if intent is None else intent.ports
    environment = {} if intent is None else {v.name: v.value or "" for v in intent.final.environment}
    started = {} if start is None else dict(start.environment)
    port: int | None = None
    if started.get("PORT", "").isdecimal():
        port, reason = int(started["PORT"]), "the start command sets PORT"
    elif start is not None and start.port is not None:
        port, reason = start.port, "the start command says so"
    elif environment.get("PORT", "").isdecimal():
        port, reason = int(environment["PORT"]), "the old Dockerfile sets PORT"
    elif sources.port is not None and (not exposed or sources.port in exposed):
        port, reason = sources.port, "the sources listen there"
    elif len(exposed) == 1:
        port, reason = exposed[0], "the old Dockerfile exposes it"
    elif server.port is not None and (not exposed or server.port in exposed):
        port, reason = server.port, "it is the framework's own"
    if port is None:
        return None, exposed
    decisions.append(Decision("port", str(port), reason))
    if port < 1024:
        choice = f"{port} stays, although the server is not root"
        reason = "Docker lets every user listen there since 20.10; an older engine does not"
        decisions.append(Decision("port", choice, reason, is_notice=True))
    return port, tuple(dict.fromkeys((port, *exposed)))


def _environment(
    intent: Intent | None, start: AppStart | None, server: Server, port: int | None, decisions: list[Decision]
) -> list[Variable]:
    """Return the variables of the last stage: those of the old one, and what the server needs."""
    found: dict[str, Variable] = {}
    for variable in () if intent is None else intent.final.environment:
        name, value = variable.name, variable.value or ""
        if BUILD_ONLY.match(name) and not (name == "PATH" and not LOCAL_PATH.search(value)):
            continue
        if is_secret_name(name) and value:
            reason = "whoever has the image can read it: give it with docker run --env instead"
            decisions.append(Decision("credentials", f"{name} stays in the image", reason, is_notice=True))
        found[name] = variable
    for name, value in () if start is None or start.is_development else start.environment:
        if not BUILD_ONLY.match(name) and not (start is not None and start.builds and "max-old" in value):
            found[name] = plain(name, value)
    replaced = start is not None and (start.is_development or start.serves_files)
    mode = found.get("NODE_ENV")
    if intent is None or server.files or server.command or replaced:
        if mode is not None and mode.value not in ("production", ""):
            reason = f"the old image says {mode.value}; what is built runs as production"
            decisions.append(Decision("NODE_ENV", "production", reason, is_notice=True))
        found["NODE_ENV"] = plain("NODE_ENV", "production")
    for name, value in server.environment:
        found[name] = plain(name, value)
    if server.reads_port and port is not None and server.command:
        found["PORT"] = plain("PORT", str(port))
    return list(found.values())


def _copies(
    project: Project,
    server: Server,
    workdir: str,
    modules: Modules,
    build: AppBuild,
    owner: str,
    decisions: list[Decision],
) -> Iterable[CopyStep]:
    """Return what the last stage gets: packages first, which change least."""
    app = normpath(join(workdir, project.app.folder))
    is_whole = not server.files or bool(project.app.folder and server.needs_modules)
    flags = (f"--chown={owner}",)
    is_built = build.step is not None
    is_one = bool(project.members) or (is_built and not modules.is_apart)
    if is_whole:
        reason = "what the build leaves is not known to be all the server reads"
        decisions.append(Decision("copies", "the whole app", reason if is_built else "it runs as it stands"))
        comment = ("The app's own files are its user's: it may write beside them, as it could as root",)
        if is_one:
            return [CopyStep((workdir,), "./", "build", comment, flags)]
        stage = "production" if modules.is_apart else "build"
        steps = [CopyStep((join(workdir, "node_modules"),), "node_modules", stage)]
        if is_built:
            return [*steps, CopyStep((OUTPUT,), "./", "build", comment, flags)]
        return [*steps, CopyStep((".",), "./", "", comment, flags)]
    steps = []
    if server.needs_modules:
        stage = "production" if modules.is_apart else "build"
        steps.append(CopyStep((join(workdir, "node_modules"),), "node_modules", stage))
        comment = ("node_modules links to it",)
        steps += [
            CopyStep((join(workdir, path),), path, "build", comment) for path in linked_folders(project)
        ]
    for at, (path, target) in enumerate(server.files):
        why = (server.reason,) if at == 0 and server.reason else ()
        steps.append(CopyStep((normpath(join(app, path)),), target, "build", why, flags))
    return steps


def _health(
    intent: Intent | None,
    server: Server,
    sources: Sources,
    port: int | None,
    program: str,
    decisions: list[Decision],
) -> str:
    """Return what follows HEALTHCHECK: the old one's page asked for by Node itself, empty for none."""
    probe = None if intent is None else intent.health
    if probe is not None and probe.is_off:
        return "NONE"
    options = probe.options if probe is not None and probe.options else _OPTIONS
    written = " ".join(f"--{name}={value}" for name, value in options)
    if probe is not None and probe.path is None:
        decisions.append(Decision("health check", "as the old one", "it is a program of the app's own"))
        return f"{written} \\\n    CMD {probe.text}" if written else f"CMD {probe.text}"
    if port is None or not (probe is not None or sources.listens or server.port is not None):
        decisions.append(Decision("health check", "none", "no port is known where it answers"))
        return ""
    if probe is not None and probe.path is not None:
        path = re.sub(r"['\"\\$`{}]", "", probe.path)
        at = _probe_port(probe.text) or port
        reason, is_exact = "as the old one does, without a program to install for it", path.strip("/") != ""
    else:
        at, path, is_exact = port, sources.health_path or "/", False
        reason = "traffic can wait until it answers"
    condition = "r.ok" if is_exact else "r.status < 500"
    script = f"fetch('http://127.0.0.1:{at}{path}').then(r => process.exit({condition} ? 0 : 1))"
    decisions.append(Decision("health check", f"{program} asks for {path}", reason))
    return f"{written} \\\n    CMD {json.dumps([program, '-e', script])}"


_OPTIONS = (("interval", "30s"), ("timeout", "5s"), ("start-period", "30s"))


def _probe_port(text: str) -> int | None:
    found = re.search(r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d+)", text)
    return None if found is None else int(found[1])
