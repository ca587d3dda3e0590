"""What the last stage is: environment, port, user, folders, health check and start command."""

import json
import re
from collections.abc import Iterable
from posixpath import join, normpath, relpath

from dockeropt.knowledge.nuxt import DEFAULT_PORT as NUXT_PORT
from dockeropt.knowledge.nuxt import (
    FORMER_PORT_VARIABLES,
    PORT_VARIABLES,
    SERVER_ENTRY,
    VITE_SOCKET_PORT,
)
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision, shortened
from dockeropt.rewrite.intent import Intent
from dockeropt.rewrite.node.environment import Settings, plan_environment
from dockeropt.rewrite.node.health_plan import plan_health
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.roles import Role
from dockeropt.rewrite.start_command import Runner, Start
from dockeropt.rewrite.steps import CopyStep


class RuntimePlan(NamedTuple):
    """The last stage of an app that is a server."""

    settings: Settings
    ports: tuple[int, ...]
    user: str
    owner: str
    """``node:node``, for chown"""
    workdir: str
    outer_folders: tuple[str, ...]
    inner_folders: tuple[str, ...]
    """relative to the working directory"""
    commands: tuple[str, ...]
    copies: tuple[CopyStep, ...]
    health_options: tuple[tuple[str, str], ...]
    health: str
    """the JSON form, ``NONE``, or empty"""
    volumes: str
    """the JSON form, empty for none"""
    stop_signal: str
    entrypoint: str
    command: str
    needs_bash: bool
    decisions: tuple[Decision, ...]


class Server(NamedTuple):
    """The program that serves the app and its image's own user."""

    program: str
    user: str
    number: str
    """the user's, for ``USER``: Kubernetes cannot tell by a name that a user is not root"""


NODE = Server("node", "node", "1000")
BUN = Server("bun", "bun", "1000")


def plan_runtime(
    project: Project, intent: Intent | None, server: Server, build_workdir: str, output: str
) -> RuntimePlan:
    """Return the last stage; ``output`` is the folder the build leaves, below ``build_workdir``."""
    decisions: list[Decision] = []
    start = None if intent is None else intent.start
    workdir = last_workdir(intent)
    port, ports = _ports(intent, start, decisions)
    settings = plan_environment(intent, start, port, decisions)
    user = plan_user(intent, server, decisions)
    volumes = () if intent is None else intent.volumes
    folders = written_folders(intent, workdir, volumes, decisions)
    target = _output_target(intent, workdir, decisions)
    copies = [
        CopyStep(
            (output,),
            target,
            "build",
            (".output is self-contained: no sources, no node_modules",),
        )
    ]
    copies += _extra_copies(project, intent, build_workdir, decisions)
    entrypoint, command, script_copy, needs_bash = _command(
        project, intent, server, target, workdir, decisions
    )
    health_options, health = plan_health(project, intent, server.program, decisions)
    inner = tuple(
        relpath(folder, workdir) for folder in folders if folder.startswith(workdir.rstrip("/") + "/")
    )
    return RuntimePlan(
        settings,
        ports,
        user,
        user if ":" in user else f"{user}:{user}",
        workdir,
        tuple(folder for folder in folders if not folder.startswith(workdir.rstrip("/") + "/")),
        inner,
        last_commands(intent, decisions),
        (*(step for step in copies if not _is_among(step, script_copy)), *script_copy),
        health_options,
        health,
        json.dumps(volumes) if volumes else "",
        "" if intent is None or intent.stop_signal in (None, "SIGTERM", "15") else str(intent.stop_signal),
        entrypoint,
        command,
        needs_bash,
        tuple(decisions),
    )


def last_workdir(intent: Intent | None) -> str:
    for stage in () if intent is None else (intent.final, intent.build):
        if is_usable_folder(stage.workdir):
            return str(stage.workdir)
    return "/app"


def is_usable_folder(workdir: str | None) -> bool:
    """Tell whether a working directory is known and may be one again: not the root, no open variable."""
    return workdir is not None and re.fullmatch(r"/[^\s$\\]+", workdir) is not None


def _ports(
    intent: Intent | None, start: Start | None, decisions: list[Decision]
) -> tuple[int, tuple[int, ...]]:
    """Return the port the server listens on, and all to expose."""
    exposed = () if intent is None else tuple(port for port in intent.ports if port != VITE_SOCKET_PORT)
    if intent is not None and VITE_SOCKET_PORT in intent.ports:
        decisions.append(
            Decision("port", f"{VITE_SOCKET_PORT} is not exposed", "only nuxt dev listens there")
        )
    port, reason = _port(intent, start, exposed)
    decisions.append(Decision("port", str(port), reason))
    if port < 1024:
        choice = f"{port} stays, although the server is not root"
        reason = "Docker lets every user listen there since 20.10; an older engine does not"
        decisions.append(Decision("port", choice, reason, is_notice=True))
    return port, tuple(dict.fromkeys((port, *exposed)))


def _port(intent: Intent | None, start: Start | None, exposed: tuple[int, ...]) -> tuple[int, str]:
    environment = {} if intent is None else {v.name: v.value or "" for v in intent.final.environment}
    started = {} if start is None else dict(start.environment)
    for values, where in ((started, "the start command sets"), (environment, "the old Dockerfile sets")):
        for name in PORT_VARIABLES:
            if values.get(name, "").isdecimal():
                return int(values[name]), f"{where} {name}"
    if len(exposed) == 1 or (exposed and NUXT_PORT not in exposed):
        return exposed[0], "the old Dockerfile exposes it"
    for name in FORMER_PORT_VARIABLES:
        if environment.get(name, "").isdecimal():
            return int(
                environment[name]
            ), f"the old Dockerfile sets {name}, which the server itself does not read"
    return NUXT_PORT, "it is Nuxt's own"


def plan_user(intent: Intent | None, server: Server, decisions: list[Decision]) -> str:
    old = "root" if intent is None or not intent.final.user else intent.final.user
    name = old.partition(":")[0]
    choice = f"{server.number}, the image's own {server.user}"
    if name in ("root", "0", ""):
        reason = "the old image runs as root" if intent is not None else "a server has no need of root"
        reason += "; the working directory is that user's, to write into"
    elif old in (server.user, server.number):
        reason = "by number, so that Kubernetes can tell it from root"
    elif name.isdecimal():
        decisions.append(Decision("user", old, "the old Dockerfile says so"))
        return old if ":" in old else f"{name}:{name}"
    else:
        number = "" if intent is None else intent.user_ids.get(name, "")
        if number not in ("", server.number) and intent is not None and intent.volumes:
            reason = f"the number of the old user {name}, so that it may write into the volumes there are"
            decisions.append(Decision("user", f"{number}:{number}", reason))
            return f"{number}:{number}"
        reason = f"the image has this user already, so that {name} need not be made"
    decisions.append(Decision("user", choice, reason))
    return server.number


def written_folders(
    intent: Intent | None, workdir: str, volumes: Iterable[str], decisions: list[Decision]
) -> tuple[str, ...]:
    found = [normpath(join(workdir, volume)) for volume in volumes]
    if intent is not None:
        for each in intent.final.commands(Role.FOLDER):
            if each.command.name != "mkdir":
                continue
            for word in each.command.words:
                path = normpath(join(workdir, word.value))
                if not re.search(r"^-|[$*?~{]|node_modules|\.output|\.nuxt|\.npm|\.cache|/home/", word.value):
                    found.append(path)
    kept = tuple(dict.fromkeys(p for p in found if p != workdir and not workdir.startswith(p + "/")))
    if kept:
        decisions.append(
            Decision("folders", ", ".join(kept), "the app writes there, so they belong to its user")
        )
    return kept


def _output_target(intent: Intent | None, workdir: str, decisions: list[Decision]) -> str:
    """Return where the output goes, relative to the working directory: where the old last stage has it."""
    for copy in () if intent is None or not intent.is_multi_stage else intent.copies:
        if any(normpath(source).rpartition("/")[2] == ".output" for source in copy.sources):
            target = normpath(join(workdir, copy.target))
            if copy.target.rstrip().endswith("/") and len(copy.sources) > 1:
                continue
            inside = target == workdir or target.startswith(workdir.rstrip("/") + "/")
            relative = relpath(target, workdir) if inside else target
            if relative != ".output":
                decisions.append(
                    Decision("output folder", f"copied to {target}", "the old Dockerfile has it there")
                )
            return "./" if relative == "." else relative
    return ".output"


_NOT_NEEDED = re.compile(
    r"(?:^|/)(?:\.output(?:/.*)?|\.nuxt(?:/.*)?|node_modules|package(?:-lock)?\.json|package\*\.json|yarn\.lock"
    r"|pnpm-lock\.yaml|pnpm-workspace\.yaml|bun\.lockb?|nuxt\.config\.\w+|\.npmrc|tsconfig\.json|public"
    r"|ecosystem\.config\.\w+)/?$"
)


def _extra_copies(
    project: Project, intent: Intent | None, workdir: str, decisions: list[Decision]
) -> Iterable[CopyStep]:
    """Return the old last stage's other copies: what the server may read beside .output."""
    if intent is None or not intent.is_multi_stage:
        return
    for copy in intent.copies:
        sources = [source for source in copy.sources if not _NOT_NEEDED.search(source.rstrip("/"))]
        dropped = [source for source in copy.sources if source not in sources and ".output" not in source]
        if dropped:
            reason = (
                "node_modules would only be .output's dependencies once more"
                if any("node_modules" in d for d in dropped)
                else "the server reads none of it"
            )
            decisions.append(Decision("copies", f"{', '.join(dropped)} left out of the last stage", reason))
        sources = [source for source in sources if _exists(project, intent, copy.stage, source)]
        if not sources or normpath(sources[0]) in (".", "/", workdir):
            continue
        if copy.stage is None and any(source.rpartition("/")[2].startswith(".env") for source in sources):
            decisions.append(
                Decision(
                    "copies",
                    f"{', '.join(sources)} left out",
                    "the built server reads no .env",
                    is_notice=True,
                )
            )
            continue
        stage = "" if copy.stage is None else "build" if copy.is_stage else copy.stage
        decisions.append(
            Decision(
                "copies", f"{', '.join(sources)} kept in the last stage", "the old Dockerfile has it there"
            )
        )
        if copy.is_stage and intent.build.workdir in (None, "/"):
            sources = [
                join(workdir, source.lstrip("/")) for source in sources
            ]  # the old one built in the root
        yield CopyStep(tuple(sources), copy.target, stage)


def _exists(project: Project, intent: Intent, stage: str | None, source: str) -> bool:
    if stage is not None:
        return True
    path = normpath(source).lstrip("/")
    return "*" in path or project.has(path) or project.has_folder(path)


def _is_among(step: CopyStep, others: tuple[CopyStep, ...]) -> bool:
    return not step.stage and any(step.sources == other.sources for other in others)


def last_commands(intent: Intent | None, decisions: list[Decision]) -> tuple[str, ...]:
    """Return the old last stage's own commands, where it is a stage of its own."""
    if intent is None or not intent.is_multi_stage:
        return ()
    kept: list[str] = []
    for run in intent.final.runs:
        own = [segment.text for segment in run.segments if segment.has(Role.OTHER)]
        if own and run.has_heredoc:
            reason = "a here-document stays a step of its own: put it where it belongs"
            decisions.append(
                Decision("commands", f"not kept: RUN {shortened(run.text)}", reason, is_notice=True)
            )
            continue
        kept += own
        decisions.extend(
            Decision(
                "commands",
                f"kept in the last stage: {shortened(text)}",
                "what it does is not known",
                is_notice=True,
            )
            for text in own
        )
    return tuple(kept)


def _command(
    project: Project,
    intent: Intent | None,
    server: Server,
    target: str,
    workdir: str,
    decisions: list[Decision],
) -> tuple[str, str, tuple[CopyStep, ...], bool]:
    """Return ENTRYPOINT, CMD, the copy of a start script, and whether that needs bash."""
    start = None if intent is None else intent.start
    entry = normpath(join(target, SERVER_ENTRY))
    options = () if start is None else tuple(o for o in start.options if not o.startswith("--env-file"))
    command = json.dumps([server.program, *options, entry])
    if start is None:
        decisions.append(
            Decision(
                "start",
                command,
                f"{server.program} as PID 1 gets SIGTERM itself; Nitro's server then ends in order",
            )
        )
        return "", command, (), False
    if start.runner is Runner.SCRIPT and intent is not None:
        return _script(project, intent, start, command, workdir, decisions)
    reason = f"{server.program} as PID 1 gets SIGTERM itself, so that docker stop need not kill it"
    if start.init:
        reason = f"Nitro's server handles SIGTERM, so that {start.init} is not needed"
    if start.runner is Runner.DEVELOPMENT:
        reason = f"{start.text!r} is the development server; the built one takes its place"
    decisions.append(Decision("start", command, reason, is_notice=start.runner is Runner.DEVELOPMENT))
    if start.runner is Runner.OTHER:
        gone = f"{start.text!r} is not kept"
        decisions.append(Decision("start", gone, "it is not known to start a Nuxt server", is_notice=True))
    for text in start.before:
        reason = "it needs what is not in .output; run it as a step of its own when deploying"
        decisions.append(Decision("start", f"{text!r} before the server is not kept", reason, is_notice=True))
    if start.builds:
        decisions.append(
            Decision("start", "no build when the container starts", "the image has the built app")
        )
    return "", command, (), False


def _script(
    project: Project, intent: Intent, start: Start, command: str, workdir: str, decisions: list[Decision]
) -> tuple[str, str, tuple[CopyStep, ...], bool]:
    name = start.script.rpartition("/")[2]
    candidates = [path for path in project.files if path.rpartition("/")[2] == name]
    if not candidates:
        reason = f"{start.script} is not in the project"
        decisions.append(Decision("start", command, reason, is_notice=True))
        return "", command, (), False
    path = min(candidates, key=len)
    text = project.read(path)
    target = start.script if start.script.startswith("/") else f"/usr/local/bin/{name}"
    entrypoint = json.dumps([target])
    reason = f"{path} runs first, as in the old image"
    tools = re.search(r"\b(?:npm|npx|yarn|pnpm|prisma|drizzle-kit)\b", text)
    decisions.append(Decision("start", f"{entrypoint} {command}", reason))
    if tools:
        reason = f"it calls {tools[0]}, which needs node_modules: take that out, or run it when deploying"
        decisions.append(Decision("start", f"{path} needs a change", reason, is_notice=True))
    step = CopyStep((path,), target, flags=("--chmod=755",))
    needs_bash = text.startswith("#!") and "bash" in text.splitlines()[0]
    return entrypoint, command if '"$@"' in text else "", (step,), needs_bash
