"""Deciding what the rewritten Dockerfile is, from the project and the old Dockerfile's intent."""

import os
from posixpath import join, normpath

from dockeropt.knowledge.nuxt import CDN_VARIABLE, PUBLIC, Preset
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.ignore_plan import IgnoreFacts, IgnorePlan, plan_ignore
from dockeropt.rewrite.intent import Intent, Variable
from dockeropt.rewrite.node.base_choice import (
    choose_base,
    image_name,
    native_packages,
    without_musl,
)
from dockeropt.rewrite.node.build_plan import BuildPlan, plan_build
from dockeropt.rewrite.node.install_plan import InstallPlan, plan_install
from dockeropt.rewrite.node.manager_choice import choose_manager
from dockeropt.rewrite.node.managers import Manager
from dockeropt.rewrite.node.node_choice import choose_node
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.node.runtime_plan import BUN, NODE, RuntimePlan, is_usable_folder, plan_runtime
from dockeropt.rewrite.node.static_plan import StaticPlan, plan_static
from dockeropt.rewrite.old_files import OldFiles
from dockeropt.rewrite.options import Base, Options
from dockeropt.rewrite.start_command import Runner
from dockeropt.rewrite.steps import CopyStep, RunStep
from dockeropt.rewrite.system_plan import plan_system, system_step
from dockeropt.rewrite.wanted_packages import wanted_packages


class Plan(NamedTuple):
    """Everything the templates write."""

    image: str
    base_argument: Variable | None
    """the ARG before FROM that ``image`` takes its version from"""
    workdir: str
    """of the build stage"""
    build_packages: RunStep | None
    install: InstallPlan
    build: BuildPlan
    cdn: bool
    public: str
    """the static files, absolute in the build stage"""
    run_packages: RunStep | None
    runtime: RuntimePlan | None
    static: StaticPlan | None
    ignore: IgnorePlan
    decisions: tuple[Decision, ...]

    @property
    def kept_texts(self) -> tuple[str, ...]:
        """What stands in the result as the old Dockerfile has it: commands, values, files to copy."""
        variables = [*self.build.arguments]
        variables += [
            v for group in (*self.build.install_environment, *self.build.environment) for v in group
        ]
        texts = [*self.build.before_install, *self.build.kept_commands]
        if self.runtime is not None:
            settings = self.runtime.settings
            groups = (*settings.environment, *settings.late_environment, settings.late_arguments)
            variables += [v for group in groups for v in group if v.name not in ("NODE_ENV", "PORT")]
            variables += [*settings.arguments, *settings.labels]
            texts += self.runtime.commands
            texts += [" ".join((*step.sources, step.target)) for step in self.runtime.copies[1:]]
        texts += [f"{v.name}={v.raw}" if v.raw is not None else v.name for v in variables]
        return tuple(dict.fromkeys(texts))


def decide(
    project: Project, intent: Intent | None, options: Options, old: OldFiles, facts: IgnoreFacts
) -> Plan:
    """Return the plan. Raises UsageError where the project contradicts itself or the options."""
    node = choose_node(project, intent)
    choice = choose_manager(project, intent, node.major)
    wanted = wanted_packages(intent)
    native = native_packages(project, choice.manager)
    base, base_decision = choose_base(options.base, wanted, native, without_musl(project, choice.manager))
    uses_bun = _runs_on_bun(project, intent)
    image, image_decisions = (
        bun_image(project, intent, base) if uses_bun else (image_name(node, base), node.decisions)
    )
    if uses_bun:
        choice = choice._replace(package=None, decisions=choice.decisions[:1])
    install = plan_install(project, intent, choice, has_npm=not uses_bun)
    build = plan_build(project, intent, install, choice.manager)
    is_static = build.preset is Preset.STATIC
    is_told = intent is not None and any(v.name == CDN_VARIABLE for v in intent.build.arguments)
    if is_static and (options.cdn or is_told):
        address = Variable(CDN_VARIABLE, None, None, ())
        others = tuple(each for each in build.decisions if each.subject != CDN_VARIABLE)
        build = build._replace(arguments=(*build.arguments, address), decisions=others)
    workdir = build_workdir(intent)
    output = normpath(join(workdir, build.output))
    runtime = None if is_static else plan_runtime(project, intent, BUN if uses_bun else NODE, workdir, output)
    public = join(output, PUBLIC)
    static = plan_static(project, intent, public) if is_static else None
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
    )
    steps = [*install.fetch, *install.manifests, *(() if runtime is None else runtime.copies)]
    needed = [
        name for step in steps if isinstance(step, CopyStep) and not step.stage for name in step.sources
    ]
    needed += () if static is None else static.needed
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
        *install.decisions,
        *system.decisions,
        *build.decisions,
        *(() if runtime is None else runtime.decisions),
        *(() if static is None else static.decisions),
        *_cdn(options, is_static),
        *ignore.decisions,
    )
    base_argument = None if intent is None or uses_bun else intent.base_argument
    if base_argument is not None and base_argument.value == node.version:
        image = image.replace(f":{node.version}", f":${{{base_argument.name}}}", 1)
    else:
        base_argument = None
    return Plan(
        image,
        base_argument,
        workdir,
        system_step(base, system.build, "For the install and the build alone"),
        install,
        build,
        options.cdn,
        public,
        None if is_static else system_step(base, system.run, "For the server itself"),
        runtime,
        static,
        ignore,
        tuple(dict.fromkeys(decisions)),
    )


def build_workdir(intent: Intent | None) -> str:
    """Return the build stage's working directory, never the root."""
    for stage in () if intent is None else (intent.build, intent.final):
        if is_usable_folder(stage.workdir):
            return str(stage.workdir)
    return "/app"


def _runs_on_bun(project: Project, intent: Intent | None) -> bool:
    """Tell whether the images are Bun's: by the preset, or because the old ones are."""
    preset = project.app.text_setting("nitro.preset") or ""
    if preset.replace("_", "-") == "bun":
        return True
    if intent is None:
        return False
    runner = None if intent.start is None else intent.start.runner
    builds_on_bun = intent.build.image is not None and intent.build.image.last_name == "bun"
    return runner is Runner.BUN or (builds_on_bun and runner is not Runner.NODE)


def bun_image(project: Project, intent: Intent | None, base: Base) -> tuple[str, tuple[Decision, ...]]:
    name, _, version = project.manifest.package_manager.partition("@")
    version, reason = (
        (version, "packageManager in package.json says so")
        if name == Manager.BUN.value
        else ("1", "no version is stated")
    )
    image = None if intent is None else intent.build.image
    repository = "oven/bun"
    if image is not None and image.last_name == "bun":
        repository = image.familiar_name
        tag = (image.tag or "").partition("-")[0]
        if tag[:1].isdigit():
            version, reason = tag, f"the old Dockerfile says {image}"
    decisions = (
        Decision("runtime", f"Bun {version}", reason),
        Decision("runtime", "Bun and not Node", "the server is built for it or was run with it"),
    )
    return f"{repository}:{version}-{base.value}", decisions


def _cdn(options: Options, is_static: bool) -> tuple[Decision, ...]:
    if not options.cdn:
        return ()
    stage = Decision(
        "cdn",
        "a stage assets: docker build --target assets --output type=local,dest=static .",
        "the static files come out of the build itself, without a container to copy them from",
    )
    if is_static:
        choice = f"docker build --build-arg {CDN_VARIABLE}=https://cdn.example.com"
        return (stage, Decision("cdn", choice, "links are written when the pages are, in the build"))
    return (
        stage,
        Decision(
            "cdn",
            f"docker run --env {CDN_VARIABLE}=https://cdn.example.com/...",
            "links are written when a page is rendered; a build argument would build anew for every address",
        ),
    )
