"""The Dockerfile of any Node app: install, build, then the files, or the server with what it needs."""

import os
from posixpath import join, normpath

from dockeropt.errors import UsageError
from dockeropt.rewrite.ignore_plan import IgnoreFacts, plan_ignore
from dockeropt.rewrite.intent import Intent
from dockeropt.rewrite.node.app_build import AppBuild, plan_app_build, with_argument
from dockeropt.rewrite.node.app_runtime import OUTPUT, AppRuntime, plan_app_runtime
from dockeropt.rewrite.node.assets import Assets, insert_assets, plan_assets
from dockeropt.rewrite.node.base_choice import choose_base, image_name, native_packages, without_musl
from dockeropt.rewrite.node.install_plan import InstallPlan, plan_install
from dockeropt.rewrite.node.layout import Layout, read_layout
from dockeropt.rewrite.node.manager_choice import choose_manager
from dockeropt.rewrite.node.node_choice import choose_node
from dockeropt.rewrite.node.output import Output, Server, Static
from dockeropt.rewrite.node.plan import build_workdir, bun_image
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.node.prune_plan import Modules, plan_modules
from dockeropt.rewrite.node.runtime_plan import BUN, NODE
from dockeropt.rewrite.node.sources import Sources, read_sources
from dockeropt.rewrite.node.start import AppStart
from dockeropt.rewrite.node.static_plan import StaticPlan, plan_files
from dockeropt.rewrite.old_files import OldFiles
from dockeropt.rewrite.options import Options
from dockeropt.rewrite.stacks import Draft, InPlace
from dockeropt.rewrite.steps import CopyStep, RunStep
from dockeropt.rewrite.system_plan import plan_system, system_step
from dockeropt.rewrite.wanted_packages import wanted_packages

SET_ASIDE = (
    f"mkdir {OUTPUT} && find . -mindepth 1 -maxdepth 1 ! -name node_modules -exec cp -a {{}} {OUTPUT}/ \\;"
)
"""the app without its packages: to remove those of a layer below costs more than to copy the app"""
MADE = ("**/node_modules", "**/.cache", "**/.turbo", "**/*.tsbuildinfo")


def plan_app(
    project: Project,
    intent: Intent | None,
    start: AppStart | None,
    output: Output,
    options: Options,
    old: OldFiles,
) -> Draft | InPlace:
    """Return the Dockerfile of an app whose build leaves ``output``.

    Raises UsageError where the project contradicts itself or the options.
    """
    sources = read_sources(project)
    facts = _ignore_facts(project, output, sources)
    layout = Layout((), "")
    if old.build is not None and intent is not None and not intent.is_multi_stage:
        layout = read_layout(old.build, project, intent)
    reason = _refusal(project, intent, start, output) or layout.problem
    if reason:
        ignore = plan_ignore(
            project.folder, facts, os.path.basename(old.ignore), old.ignore_text, _named(intent)
        )
        if old.build is None:
            raise UsageError(reason, "write a first Dockerfile that works; a rewrite makes it small")
        if not options.cdn or intent is None:
            return InPlace(reason, ignore, output.decisions)
        assets = plan_assets(project, output, "", build_workdir(intent), sources.text)
        scripts = {**project.manifest.scripts, **project.app.manifest.scripts}
        edits = insert_assets(old.build, intent, assets, scripts)
        return InPlace(reason, ignore, (*output.decisions, *assets.decisions), edits)
    return _draft(project, intent, start, output, options, old, sources, facts, layout)


def _draft(
    project: Project,
    intent: Intent | None,
    start: AppStart | None,
    output: Output,
    options: Options,
    old: OldFiles,
    sources: Sources,
    facts: IgnoreFacts,
    layout: Layout,
) -> Draft:
    node = choose_node(project, intent)
    choice = choose_manager(project, intent, node.major)
    wanted = tuple(each for each in wanted_packages(intent))
    native = native_packages(project, choice.manager)
    base, base_decision = choose_base(options.base, wanted, native, without_musl(project, choice.manager))
    uses_bun = _runs_on_bun(intent, start)
    image, image_decisions = (
        bun_image(project, intent, base) if uses_bun else (image_name(node, base), node.decisions)
    )
    if uses_bun:
        choice = choice._replace(package=None, decisions=choice.decisions[:1])
    install = plan_install(project, intent, choice, has_npm=not uses_bun)
    build = plan_app_build(project, intent, start, install, choice, output)
    workdir = build_workdir(intent)
    result = output.result
    modules = plan_modules(project, intent, start, result, choice, install, build, sources)
    if modules.only_production:
        install = install._replace(install=modules.install(install.install))
    is_whole = isinstance(result, Server) and (not result.files or bool(project.app.folder))
    if not (project.manifest.dependencies or project.members) and modules.is_needed:
        modules, install = _with_folder(modules, install)
    if modules.is_apart and is_whole and build.step is not None:
        commands = (*build.step.commands, SET_ASIDE)
        build = build._replace(step=build.step._replace(commands=commands))
    if modules.prune is not None and not modules.is_apart:
        if build.step is not None:
            build = build._replace(step=_joined(build.step, modules.prune))
        else:
            install = install._replace(install=_joined(install.install, modules.prune))
    runtime: AppRuntime | None = None
    static: StaticPlan | None = None
    if isinstance(result, Server):
        runtime = plan_app_runtime(
            project,
            intent,
            start,
            result,
            BUN if uses_bun else NODE,
            workdir,
            modules,
            build,
            sources,
            layout.copies,
        )
    else:
        folder = normpath(join(workdir, project.app.folder, result.folder))
        static = plan_files(project, intent, start, result, folder)
    assets = Assets((), None, (), ())
    if options.cdn:
        commands = () if build.step is None else build.step.commands
        assets = plan_assets(project, output, "build", workdir, sources.text, commands)
        build = with_argument(build, assets.argument, assets.commands)
    needs_git = choice.lock is not None and choice.lock.needs_git
    dependencies = {**project.manifest.all_dependencies, **project.app.manifest.all_dependencies}
    system = plan_system(
        intent,
        base,
        wanted,
        native,
        needs_git,
        runtime is not None and runtime.needs_bash,
        "@prisma/client" in dependencies,
        sources.programs,
    )
    needed = _needed(install, runtime, static)
    ignore = plan_ignore(
        project.folder,
        facts,
        os.path.basename(old.ignore),
        old.ignore_text,
        needed,
        install.credentials.hidden,
    )
    decisions = (
        *image_decisions,
        base_decision,
        *output.decisions,
        *install.decisions,
        *system.decisions,
        *build.decisions,
        *modules.decisions,
        *(() if runtime is None else runtime.decisions),
        *(() if static is None else static.decisions),
        *assets.decisions,
        *ignore.decisions,
    )
    base_argument = None if intent is None or uses_bun else intent.base_argument
    if base_argument is not None and base_argument.value == node.version:
        image = image.replace(f":{node.version}", f":${{{base_argument.name}}}", 1)
    else:
        base_argument = None
    values: dict[str, object] = {
        "base_argument": base_argument,
        "image": image,
        "workdir": workdir,
        "build_packages": system_step(base, system.build, "For the install and the build alone"),
        "install": install,
        "build": build,
        "copies_sources": is_whole and bool(project.members),
        "modules": modules,
        "run_packages": None if runtime is None else system_step(base, system.run, "For the app itself"),
        "runtime": runtime,
        "static": static,
        "assets": assets.copies,
    }
    template = "node-server.j2" if static is None else "node-static.j2"
    return Draft(template, values, ignore, _kept_texts(build, runtime), tuple(dict.fromkeys(decisions)))


def _refusal(project: Project, intent: Intent | None, start: AppStart | None, output: Output) -> str:
    """Return why the old Dockerfile stays, empty where it is replaced."""
    if intent is not None and (intent.is_multi_stage or any(copy.is_stage for copy in intent.copies)):
        return "it builds in one stage and runs in another already"
    if output.refusal:
        return output.refusal
    if isinstance(output.result, Server) and project.has(".pnp.cjs"):
        return "Plug'n'Play reads packages out of Yarn's cache, which the last stage would need whole"
    if intent is not None and any(run.has_heredoc for run in intent.build.runs):
        return "a here-document in it may do anything, and it is not known where it belongs"
    if start is not None and start.script and isinstance(output.result, Static):
        return f"{start.script} runs before the files are served, and what it does is not known"
    return ""


def _joined(step: RunStep, other: RunStep) -> RunStep:
    mounts = (*step.mounts, *(mount for mount in other.mounts if mount not in step.mounts))
    return step._replace(mounts=mounts, commands=(*step.commands, *other.commands))


def _with_folder(modules: Modules, install: InstallPlan) -> tuple[Modules, InstallPlan]:
    """Return the steps with a node_modules made even where nothing goes into it, so that it can be copied."""
    made = "mkdir -p node_modules"
    if modules.prune is not None:
        prune = modules.prune
        return modules._replace(prune=prune._replace(commands=(*prune.commands, made))), install
    step = install.install
    return modules, install._replace(install=step._replace(commands=(*step.commands, made)))


def _runs_on_bun(intent: Intent | None, start: AppStart | None) -> bool:
    if start is not None and start.program == "bun":
        return True
    image = None if intent is None else intent.build.image
    return image is not None and image.last_name == "bun" and (start is None or start.program != "node")


def _ignore_facts(project: Project, output: Output, sources: Sources) -> IgnoreFacts:
    prefix = f"{project.app.folder}/" if project.app.folder else ""
    tracked = project.folder.tracked or frozenset()
    made = [name for name in output.made if not any(f.startswith(f"{prefix}{name}/") for f in tracked)]
    if project.folder.tracked is None:
        made = [name for name in made if name.startswith(".")]
    needed = [project.app.config_path] if project.app.config_path else []
    texts = (
        project.app.config_text,
        *project.manifest.scripts.values(),
        *project.app.manifest.scripts.values(),
        *project.app.manifest.all_dependencies,
        project.read("tsconfig.json"),
        sources.text,
    )
    folders = {file.partition("/")[0] for file in project.files if "/" in file}
    return IgnoreFacts(
        (*MADE, *(f"{prefix}{name}" for name in made)),
        tuple(needed),
        texts,
        project.app.manifest.scripts.get("build", ""),
        frozenset(folders - {".github", ".circleci", ".vscode", ".idea", ".husky", "docs"}),
    )


def _named(intent: Intent | None) -> tuple[str, ...]:
    """Return what the old Dockerfile copies out of the context by name."""
    copies = () if intent is None else (*intent.copies, *intent.build_copies)
    return tuple(s.removeprefix("./") for c in copies if c.stage is None for s in c.sources)


def _needed(install: InstallPlan, runtime: AppRuntime | None, static: StaticPlan | None) -> list[str]:
    steps = [*install.fetch, *install.manifests, *(() if runtime is None else runtime.copies)]
    needed = [s for step in steps if isinstance(step, CopyStep) and not step.stage for s in step.sources]
    needed += () if static is None else static.needed
    return [name for name in needed if name not in (".", "./")]


def _kept_texts(build: AppBuild, runtime: AppRuntime | None) -> tuple[str, ...]:
    variables = [*build.arguments]
    variables += [v for group in (*build.install_environment, *build.environment) for v in group]
    texts = [*build.before_install, *build.kept_commands]
    if runtime is not None:
        variables += [v for group in runtime.environment for v in group]
        variables += [*runtime.arguments, *runtime.labels]
        texts += [*runtime.kept, *runtime.tools]
        # a rule may know a framework's leaner output: the plan has said why it is not taken
        texts += [f"{step.sources[0]} {step.target}" for step in runtime.copies if step.stage]
    texts += [f"{v.name}={v.raw}" if v.raw is not None else v.name for v in variables]
    return tuple(dict.fromkeys(texts))
