"""How an app is built: what the old Dockerfile ran, or what package.json or the framework says."""

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Intent, Variable
from dockeropt.rewrite.node.build_plan import (
    DROPPED,
    INSTALL_VARIABLE,
    build_arguments,
    carried_commands,
    old_mounts,
    prisma_step,
    same_build,
    secret_names,
)
from dockeropt.rewrite.node.environment import grouped
from dockeropt.rewrite.node.install_plan import InstallPlan, execute, run_script
from dockeropt.rewrite.node.manager_choice import ManagerChoice
from dockeropt.rewrite.node.output import Output, Server
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.node.start import AppStart
from dockeropt.rewrite.roles import Role
from dockeropt.rewrite.steps import RunStep, cache_mount, secret_mount


class AppBuild(NamedTuple):
    """The build step and its surroundings; ``step`` is None where nothing is built."""

    install_environment: tuple[tuple[Variable, ...], ...]
    environment: tuple[tuple[Variable, ...], ...]
    arguments: tuple[Variable, ...]
    before_install: tuple[str, ...]
    step: RunStep | None
    kept_commands: tuple[str, ...]
    writes_modules: bool
    """something beside the install may write into node_modules: a generator, the project's own scripts"""
    decisions: tuple[Decision, ...]


def plan_app_build(
    project: Project,
    intent: Intent | None,
    start: AppStart | None,
    install: InstallPlan,
    choice: ManagerChoice,
    output: Output,
) -> AppBuild:
    """Return how the app is built."""
    decisions: list[Decision] = []
    manager = choice.manager
    command = _command(project, intent, start, choice, output, decisions)
    environment = () if intent is None else intent.build.environment
    build_secrets = tuple(dict.fromkeys(secret_names(intent, {*install.credentials.variables})))
    hidden = {*install.credentials.variables, *build_secrets}
    environment = tuple(
        v for v in environment if v.name not in {*DROPPED, *hidden} and not v.name.startswith("COREPACK_")
    )
    arguments = tuple(build_arguments(intent, hidden, decisions))
    early = tuple(v for v in environment if INSTALL_VARIABLE.match(v.name))
    late = (*(v for v in environment if v not in early), *output.build_environment)
    before_install, before, after = carried_commands(project, intent, decisions)
    scripts = tuple(run_script(manager, name, folder) for folder, name in install.lifecycle.with_sources)
    before = tuple(text for text in before if text not in scripts)
    prisma = prisma_step(project, manager, before, decisions)
    used = build_secrets if command else ()
    for name in used:
        reason = "a build argument or ENV would stay in the image's history"
        choice_text = f"secret {name}: docker build --secret id={name},env={name}"
        decisions.append(Decision("credentials", choice_text, reason, is_notice=True))
    exports = tuple(f'export {name}="$(cat /run/secrets/{name})"' for name in used)
    exports += tuple(text for text in before if text.startswith("export ") and text not in exports)
    before = tuple(text for text in before if text not in exports)
    folder = f"{project.app.folder}/" if project.app.folder else ""
    mounts = (*install.build_mounts, *(secret_mount(name) for name in used))
    mounts += tuple(mount for mount in old_mounts(intent, manager) if mount not in mounts)
    if command:
        mounts += tuple(cache_mount(f"{folder}{path}") for path in output.build_caches)
    prefix = "" if command.startswith(install.build_prefix) else install.build_prefix
    main = (prefix + command,) if command else ()
    commands = (*exports, *scripts, *before, *prisma, *main, *after)
    return AppBuild(
        grouped(early),
        grouped(late) if commands else (),
        arguments if commands else (),
        before_install,
        RunStep((), mounts, commands) if commands else None,
        (*before, *after, *((command,) if intent is not None and command else ())),
        bool(scripts or prisma or before or after),
        tuple(decisions),
    )


def with_argument(build: AppBuild, argument: Variable | None, commands: tuple[str, ...]) -> AppBuild:
    """Return the build with other commands, and with one more build argument unless it sets it already."""
    if build.step is not None:
        build = build._replace(step=build.step._replace(commands=commands))
    known = {v.name for v in (*build.arguments, *(v for group in build.environment for v in group))}
    if argument is None or argument.name in known:
        return build
    return build._replace(arguments=(*build.arguments, argument))


def _is_of(choice: ManagerChoice, programs: list[str]) -> bool:
    """Tell whether the old commands call the manager that is there, or none."""
    named = {name for name in programs if name in ("npm", "yarn", "pnpm", "bun")}
    return named <= {choice.manager.program, "npm"}


def _command(
    project: Project,
    intent: Intent | None,
    start: AppStart | None,
    choice: ManagerChoice,
    output: Output,
    decisions: list[Decision],
) -> str:
    """Return what builds the app, empty where nothing does."""
    old = () if intent is None else intent.build.commands(Role.BUILD, Role.GENERATE)
    folder, manager = project.app.folder, choice.manager
    scripts = project.app.manifest.scripts
    if old:
        is_same = _is_of(choice, [each.command.name for each in old])
        texts = [each.text if is_same else same_build(project, each, manager)[0] for each in old]
        command = " && \\\n    ".join(dict.fromkeys(texts))
        decisions.append(Decision("build", " && ".join(texts), "the old Dockerfile runs it"))
        return command
    is_server = isinstance(output.result, Server)
    needs_it = not is_server or bool(output.result.files) if isinstance(output.result, Server) else True
    built_at_start = start is not None and (start.builds or start.is_development)
    if is_server and not needs_it and intent is not None and not built_at_start:
        return ""  # the old image runs the sources as they are
    for name in ("build", "build:prod", "build:production", "compile"):
        if name in scripts:
            command = run_script(manager, name, folder)
            decisions.append(Decision("build", command, f"package.json's {name} is {scripts[name]!r}"))
            return command
    if output.build and needs_it:
        command = execute(manager, output.build, folder)
        decisions.append(Decision("build", command, "package.json has no script that builds the app"))
        return command
    return ""
