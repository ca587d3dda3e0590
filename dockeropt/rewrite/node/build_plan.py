"""How the app is built: its command, preset, arguments, and what it leaves."""

import re
from collections.abc import Iterable

from dockeropt.knowledge.nuxt import (
    CDN_VARIABLE,
    OUTPUT,
    PRESET_VARIABLES,
    STAND_IN_PRESET,
    Preset,
    preset_of,
)
from dockeropt.knowledge.volatile_names import volatility
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision, shortened
from dockeropt.rewrite.intent import Intent, Segment, Variable
from dockeropt.rewrite.node.environment import grouped
from dockeropt.rewrite.node.install_plan import InstallPlan, execute, run_script
from dockeropt.rewrite.node.managers import Manager
from dockeropt.rewrite.node.project import Project, is_computed
from dockeropt.rewrite.roles import Classified, Role, script_called
from dockeropt.rewrite.scripts import expand, nuxt_verbs
from dockeropt.rewrite.secrets import is_secret_name
from dockeropt.rewrite.start_command import Runner
from dockeropt.rewrite.steps import RunStep, Secret, secret_mount


class BuildPlan(NamedTuple):
    """The build step and its surroundings."""

    preset: Preset
    install_environment: tuple[tuple[Variable, ...], ...]
    """set before the install, which reads them"""
    environment: tuple[tuple[Variable, ...], ...]
    arguments: tuple[Variable, ...]
    before_install: tuple[str, ...]
    step: RunStep
    kept_commands: tuple[str, ...]
    """those of the old build that stand in ``step``"""
    output: str
    """relative to the working directory"""
    secrets: tuple[Secret, ...]
    decisions: tuple[Decision, ...]


INSTALL_VARIABLE = re.compile(
    r"(?i)^(?:npm_config_|yarn_(?!version)|pnpm_(?!home)|bun_|cypress_|puppeteer_|playwright_|sharp_|prisma_"
    r"|electron_|husky|ci$|node_extra_ca|node_tls|https?_proxy|no_proxy|sass_binary|python$)"
)
DROPPED = frozenset(
    ("NODE_ENV", "PNPM_HOME", "PATH", "PORT", "HOST", "NITRO_PORT", "NITRO_HOST", "NUXT_PORT", "NUXT_HOST")
)
_TOOL_ARGUMENT = re.compile(
    r"(?i)^(?:node|npm|pnpm|yarn|bun|alpine|debian|nginx)_?(?:version|tag|image)$|^(?:UID|GID|USER|USERNAME)$"
)


def plan_build(project: Project, intent: Intent | None, install: InstallPlan, manager: Manager) -> BuildPlan:
    """Return how the app is built and what kind of output that makes."""
    decisions: list[Decision] = []
    command, is_generate, source = _build_command(project, intent, manager)
    decisions.append(Decision("build", command, source))
    if intent is not None and _copies_output(intent):
        reason = "the old Dockerfile copies an .output that was built elsewhere"
        decisions.append(Decision("build", "in the image from now on", reason, is_notice=True))
    preset, preset_environment = _preset(project, intent, is_generate, decisions)
    environment = () if intent is None else intent.build.environment
    environment = tuple(v for v in environment if v.name not in (*DROPPED, *PRESET_VARIABLES, CDN_VARIABLE))
    environment = tuple(v for v in environment if not v.name.startswith("COREPACK_"))
    hidden = {*install.credentials.variables}
    build_secrets = tuple(dict.fromkeys(secret_names(intent, hidden)))
    environment = tuple(v for v in environment if v.name not in (*hidden, *build_secrets))
    arguments = tuple(build_arguments(intent, {*hidden, *build_secrets}, decisions))
    early = tuple(v for v in environment if INSTALL_VARIABLE.match(v.name))
    late = (*(v for v in environment if v not in early), *preset_environment)
    if any(v.name == "NODE_ENV" for v in (() if intent is None else intent.build.environment)):
        decisions.append(
            Decision(
                "NODE_ENV",
                "only in the last stage",
                "before the install it would leave out devDependencies; nuxt build sets it itself",
            )
        )
    before_install, before, after = carried_commands(project, intent, decisions)
    scripts = tuple(run_script(manager, name, folder) for folder, name in install.lifecycle.with_sources)
    before = tuple(text for text in before if text not in scripts)
    prisma = prisma_step(project, manager, before, decisions)
    for name in build_secrets:
        reason = "a build argument or ENV would stay in the image's history"
        choice = f"secret {name}: docker build --secret id={name},env={name}"
        decisions.append(Decision("credentials", choice, reason, is_notice=True))
    secrets = tuple(Secret(name, f"id={name},env={name}") for name in build_secrets)
    # variables first, so that the project's own scripts see them
    exports = tuple(f'export {name}="$(cat /run/secrets/{name})"' for name in build_secrets)
    exports += tuple(text for text in before if text.startswith("export ") and text not in exports)
    before = tuple(text for text in before if text not in exports)
    mounts = (*install.build_mounts, *(secret_mount(name) for name in build_secrets))
    mounts += tuple(mount for mount in old_mounts(intent, manager) if mount not in mounts)
    if install.build_prefix:
        mounts += tuple(mount for mount in install.credentials.mounts if mount not in mounts)
    prefix = "" if command.startswith(install.build_prefix) else install.build_prefix
    commands = (*exports, *scripts, *before, *prisma, prefix + command, *after)
    return BuildPlan(
        preset,
        grouped(early),
        grouped(late),
        arguments,
        before_install,
        RunStep((), mounts, commands),
        (*before, *after, *((command,) if intent is not None else ())),
        _output(project, decisions),
        secrets,
        tuple(decisions),
    )


def old_mounts(intent: Intent | None, manager: Manager) -> tuple[str, ...]:
    """Return the mounts of the old build step, but for the manager's cache, which only the install fills."""
    found = () if intent is None else intent.build.mounts(Role.BUILD, Role.GENERATE)
    both = () if intent is None else intent.build.mounts(Role.INSTALL)
    return tuple(m for m in found if m not in both and f"target={manager.cache_target}" not in m)


def _copies_output(intent: Intent) -> bool:
    """Tell whether the old image gets its .output out of the context."""
    builds = intent.build.has(Role.BUILD, Role.GENERATE) or (intent.start is not None and intent.start.builds)
    sources = [source for copy in intent.copies if copy.stage is None for source in copy.sources]
    return not builds and any(".output" in source for source in sources)


def _build_command(project: Project, intent: Intent | None, manager: Manager) -> tuple[str, bool, str]:
    """Return the command, whether it generates static files, and why it is this one."""
    old = () if intent is None else intent.build.commands(Role.BUILD, Role.GENERATE)
    root, app = project.manifest.scripts, project.app.manifest.scripts
    folder = project.app.folder
    if old:
        each = old[-1]
        return (*same_build(project, each, manager), f"the old Dockerfile runs {each.text}")
    if (
        intent is not None
        and intent.start is not None
        and intent.start.runner is Runner.STATIC
        and "generate" in app
    ):
        return run_script(manager, "generate", folder), True, "the old image serves static files"
    if "build" in app and nuxt_verbs(app["build"], {**root, **app}) & {"build", "generate"}:
        verbs = nuxt_verbs(app["build"], {**root, **app})
        return (
            run_script(manager, "build", folder),
            "generate" in verbs,
            f"package.json's build is {app['build']!r}",
        )
    return execute(manager, "nuxt build", folder), False, "package.json has no script that builds the app"


def same_build(project: Project, each: Classified, manager: Manager) -> tuple[str, bool]:
    """Return the old build command, called through this manager and for this workspace member."""
    words = [word.value for word in each.command.words]
    name = script_called(
        each.command.name.rpartition("/")[2],
        words,
        {**project.manifest.scripts, **project.app.manifest.scripts},
    )
    prefix = "".join(f"{word.raw} " for word in each.command.assignments)
    is_generate = each.role is Role.GENERATE
    if name is None:
        raw = [word.raw for word in each.command.words]
        program = each.command.name.rpartition("/")[2]
        text = " ".join([program, *raw])
        text = re.sub(
            r"^(?:npx|bunx|pnpx|(?:pnpm|npm|yarn|bun)(?: exec| x| run| dlx)?)\s+(?:--?\S+\s+)*", "", text
        )
        return prefix + execute(manager, text, project.app.folder), is_generate
    rest = [word.raw for word in each.command.words]
    extra = " ".join(rest[words.index("--") :]) if "--" in words else ""
    if extra and manager is not Manager.NPM:
        extra = extra.removeprefix("-- ")
    names_member = any(
        word.startswith(("--filter", "-F", "--workspace", "-w", "--cwd", "--dir", "-C", "--prefix"))
        for word in words
    )
    in_root = not project.app.folder or (name in project.manifest.scripts and not names_member)
    script = run_script(manager, name, "" if in_root else project.app.folder)
    return prefix + script + (f" {extra}" if extra else ""), is_generate


def _preset(
    project: Project, intent: Intent | None, is_generate: bool, decisions: list[Decision]
) -> tuple[Preset, tuple[Variable, ...]]:
    """Return what the build makes, and the variable that overrides a preset no container can run."""
    serves_files = intent is not None and intent.start is not None and intent.start.runner is Runner.STATIC
    serves_files |= _is_file_server(intent)
    if is_generate or serves_files:
        what = "nuxt generate" if is_generate else "the old image's file server"
        decisions.append(
            Decision("output", "static files", f"{what} says so: they need a file server, not Node")
        )
        return Preset.STATIC, ()
    variables = () if intent is None else intent.build.environment
    for variable in variables:
        if variable.name in PRESET_VARIABLES and variable.value:
            found = preset_of(variable.value)
            decisions.append(
                Decision("output", found.value, f"the old Dockerfile sets {variable.name}={variable.value}")
            )
            return found, (variable,)
    script = project.app.manifest.scripts.get("build", "")
    flag = re.search(r"(?:--preset[= ]|NITRO_PRESET=)['\"]?([\w-]+)", script)
    name = flag[1] if flag else project.app.text_setting("nitro.preset")
    if name is None:
        if is_computed(project.app.setting("nitro.preset")):
            reason = "nuxt.config computes nitro.preset, which cannot be read without running it"
            decisions.append(Decision("output", "a server for Node.js", reason, is_notice=True))
        else:
            decisions.append(Decision("output", "a server for Node.js", _server_reason(project)))
        return Preset.NODE, ()
    found = preset_of(name)
    where = "the build script" if flag else "nuxt.config"
    if found is Preset.PLATFORM:
        reason = f"{where} sets the preset {name}, whose output no container can run"
        decisions.append(Decision("output", f"NITRO_PRESET={STAND_IN_PRESET}", reason, is_notice=True))
        return Preset.NODE, (Variable("NITRO_PRESET", STAND_IN_PRESET, STAND_IN_PRESET, ()),)
    decisions.append(Decision("output", found.value, f"{where} sets the preset {name}"))
    return found, ()


def _server_reason(project: Project) -> str:
    if project.app.setting("ssr") is False:
        return "with ssr: false pages render in the browser; nuxt build still makes a server for them"
    return "it is what nuxt build makes, and .output needs nothing beside it"


def _is_file_server(intent: Intent | None) -> bool:
    """Tell whether the old last stage is an image that serves files and gets the public folder."""
    if intent is None or not intent.is_multi_stage or intent.final.image is None:
        return False
    name = intent.final.image.last_name
    return any(server in name for server in ("nginx", "caddy", "httpd"))


def secret_names(intent: Intent | None, known: set[str]) -> Iterable[str]:
    """Return build arguments and variables that hold credentials by their name."""
    for variable in () if intent is None else (*intent.build.arguments, *intent.build.environment):
        if variable.name not in known and is_secret_name(variable.name):
            yield variable.name


def build_arguments(intent: Intent | None, hidden: set[str], decisions: list[Decision]) -> Iterable[Variable]:
    """Return the build arguments that the build may read, those that change most last."""
    found: list[Variable] = []
    for variable in () if intent is None else intent.build.arguments:
        if variable.name == CDN_VARIABLE:
            reason = (
                "the server reads it when it starts: one image fits every CDN, and a new value builds nothing"
            )
            decisions.append(
                Decision(CDN_VARIABLE, "given at run time, no build argument", reason, is_notice=True)
            )
        elif variable.name in hidden or _TOOL_ARGUMENT.match(variable.name) or variable.name in DROPPED:
            continue
        else:
            found.append(variable)
            if volatility(variable.name) is not None:
                reason = "it changes with every build, so it stands right before the step that may read it"
                decisions.append(Decision("build argument", variable.name, reason))
    return sorted(found, key=lambda variable: volatility(variable.name) is not None)


def carried_commands(
    project: Project, intent: Intent | None, decisions: list[Decision]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the old build stage's own commands: before the install, before the build and after it."""
    before_install: list[str] = []
    before: list[str] = []
    after: list[str] = []
    into = before_install
    runs = () if intent is None else intent.build.runs
    installs = any(command.role is Role.INSTALL for run in runs for command in run.commands)
    into = before_install if installs else before
    for run in runs:
        if run.has_heredoc and any(_is_own(segment, project) for segment in run.segments):
            reason = "a here-document stays a step of its own: put it where it belongs"
            decisions.append(
                Decision("commands", f"not kept: RUN {shortened(run.text)}", reason, is_notice=True)
            )
            continue
        for segment in run.segments:
            if segment.has(Role.BUILD, Role.GENERATE):
                into = after
            elif segment.has(Role.INSTALL):
                into = before if into is before_install else into
            elif _is_own(segment, project):
                into.append(segment.text)
                choice = f"kept: {shortened(segment.text)}"
                decisions.append(Decision("commands", choice, "what it does is not known", is_notice=True))
            elif segment.has(Role.CHECK) and into is not after:
                into.append(segment.text)
                choice = f"kept: {shortened(segment.text)}"
                decisions.append(Decision("commands", choice, "the old build fails where it fails"))
    return tuple(before_install), tuple(before), tuple(after)


def _is_own(segment: Segment, project: Project) -> bool:
    """Tell whether a part of the old build is something that no other decision takes the place of."""
    if not segment.has(Role.OTHER) or _is_covered(segment.text):
        return False
    return "prisma generate" not in segment.text or not _makes_prisma_client(project)


def _is_covered(text: str) -> bool:
    """Tell whether another decision takes a command's place: registry tokens, Node from a script, links."""
    return (
        re.search(r"_auth(?:Token)?\b|npm login|nodesource|nvm\b|\bn \d+\b|^ln |^curl[^|]*nodesource", text)
        is not None
    )


def _makes_prisma_client(project: Project) -> bool:
    """Tell whether the project's own scripts run ``prisma generate`` for a build or an install."""
    scripts = {**project.manifest.scripts, **project.app.manifest.scripts}
    names = ("prebuild", "build", "postinstall", "prepare")
    return any("prisma generate" in expand(scripts.get(name, ""), scripts) for name in names)


def prisma_step(
    project: Project, manager: Manager, before: Iterable[str], decisions: list[Decision]
) -> tuple[str, ...]:
    dependencies = {**project.manifest.all_dependencies, **project.app.manifest.all_dependencies}
    if "@prisma/client" not in dependencies or "prisma" not in dependencies:
        return ()
    if _makes_prisma_client(project) or any("prisma generate" in text for text in before):
        return ()
    reason = "its client is made from the schema, which is a source"
    decisions.append(Decision("prisma", "prisma generate before the build", reason))
    return (execute(manager, "prisma generate", project.app.folder),)


def _output(project: Project, decisions: list[Decision]) -> str:
    folder = project.app.text_setting("nitro.output.dir") or OUTPUT
    if folder != OUTPUT:
        decisions.append(Decision("output folder", folder, "nuxt.config sets nitro.output.dir"))
    folder = folder.removeprefix("./").rstrip("/")
    return f"{project.app.folder}/{folder}" if project.app.folder else folder
