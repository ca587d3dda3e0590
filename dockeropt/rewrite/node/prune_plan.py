"""Which installed packages the server gets: those of production, unless it runs with the others."""

import re

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Intent
from dockeropt.rewrite.node.app_build import AppBuild
from dockeropt.rewrite.node.install_plan import InstallPlan, execute
from dockeropt.rewrite.node.lifecycle import MANIFEST_PROGRAMS
from dockeropt.rewrite.node.manager_choice import ManagerChoice
from dockeropt.rewrite.node.managers import Manager
from dockeropt.rewrite.node.output import Server, Static
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.node.sources import Sources
from dockeropt.rewrite.node.start import AppStart
from dockeropt.rewrite.steps import RunStep


class Modules(NamedTuple):
    """How the last stage gets its node_modules."""

    is_needed: bool
    only_production: bool
    """nothing is built, so that the one install leaves devDependencies out"""
    prune: RunStep | None
    """takes devDependencies away: in a stage of its own, beside the build, or after the build"""
    is_apart: bool
    decisions: tuple[Decision, ...]
    command: str = ""

    def install(self, step: RunStep) -> RunStep:
        """Return the install step without devDependencies."""
        return step._replace(commands=tuple(_production(each) for each in step.commands))


_FLAGS = {
    "npm ci": "npm ci --omit=dev",
    "npm install": "npm install --omit=dev",
    "yarn install": "yarn install --production",
    "pnpm install": "pnpm install --prod",
    "bun install": "bun install --production",
}
_BINS = {
    "nest": "@nestjs/cli",
    "tsc": "typescript",
    "react-router-serve": "@react-router/serve",
    "remix-serve": "@remix-run/serve",
    "sequelize": "sequelize-cli",
    "ng": "@angular/cli",
}


_BUILD_TOOL = re.compile(
    r"@types/|@react-router/dev$|@remix-run/dev$|@sveltejs/|vite|@vitejs/|@?rollup|webpack|@?babel|eslint|@eslint"
    r"|prettier|postcss|autoprefixer|tailwindcss|@tailwindcss|@?jest|@playwright/|cypress|@testing-library/"
    r"|@?storybook|@nestjs/(?:testing|cli|schematics)$|supertest$|msw$|mocha$|chai|sinon|nock$|gulp|grunt|@angular/cli"
)
"""what is imported by configuration and tests, and by a running app never"""


def plan_modules(
    project: Project,
    intent: Intent | None,
    start: AppStart | None,
    result: Server | Static,
    choice: ManagerChoice,
    install: InstallPlan,
    build: AppBuild,
    sources: Sources,
) -> Modules:
    """Return which packages go into the last stage, and how."""
    if isinstance(result, Static) or not result.needs_modules:
        return Modules(False, False, None, False, ())
    kept = "" if result.bundles else _needed_at_run_time(project, intent, start, sources)
    has_development = any(
        m.dev_dependencies for m in (project.manifest, *(m.manifest for m in project.members))
    )
    if kept:
        reason = f"{kept} is one of them, and the server runs with it"
        decision = Decision("packages", "devDependencies stay", reason, is_notice=True)
        return Modules(True, False, None, False, (decision,))
    if not has_development:
        return Modules(True, False, None, False, ())
    patching = install.lifecycle.patching
    is_patched_by_development = bool(patching) and not _has_patcher(project)
    if is_patched_by_development and choice.manager not in _KEEP_PATCHES:
        reason = f"{choice.manager.program} undoes patches when it takes them out, and what patches is one"
        decision = Decision("packages", "devDependencies stay", reason, is_notice=True)
        return Modules(True, False, None, False, (decision,))
    if build.step is None:
        reason = "nothing is built, so that nothing needs them"
        if choice.manager is Manager.BERRY or is_patched_by_development:
            reason = "the server does not need them"
            return _pruned(project, choice, install, False, reason)
        return Modules(True, True, None, False, (Decision("packages", "without devDependencies", reason),))
    is_apart = not (build.writes_modules or project.members or _has_local(project))
    return _pruned(project, choice, install, is_apart, "only the build needs them")


def _pruned(
    project: Project, choice: ManagerChoice, install: InstallPlan, is_apart: bool, reason: str
) -> Modules:
    command = _prune_command(project, choice)
    patching = () if choice.manager in _KEEP_PATCHES else install.lifecycle.patching
    command = " && ".join((command, *(execute(choice.manager, each) for each in patching)))
    mounts = install.install.mounts if "prune" not in command else ()
    decision = Decision("packages", command, reason)
    return Modules(True, False, RunStep((), mounts, (command,)), is_apart, (decision,), command)


_KEEP_PATCHES = (Manager.NPM, Manager.PNPM)
"""take packages away and leave the others' files; the others install anew"""


def _has_patcher(project: Project) -> bool:
    dependencies = {**project.manifest.dependencies, **project.app.manifest.dependencies}
    return any(name in dependencies for name in MANIFEST_PROGRAMS)


def _prune_command(project: Project, choice: ManagerChoice) -> str:
    lock = choice.lock is not None
    match choice.manager:
        case Manager.NPM:
            return "npm prune --omit=dev"
        case Manager.YARN:
            return "yarn install --production --ignore-scripts --prefer-offline" + (
                " --frozen-lockfile" if lock else ""
            )
        case Manager.BERRY:
            return "yarn workspaces focus --all --production"
        case Manager.PNPM:
            if project.members:
                return "CI=true pnpm install --prod --ignore-scripts --prefer-offline" + (
                    " --frozen-lockfile" if lock else ""
                )
            return "CI=true pnpm prune --prod --ignore-scripts"
        case Manager.BUN:
            return "rm -rf node_modules && bun install --production" + (" --frozen-lockfile" if lock else "")


def _production(command: str) -> str:
    for plain, flagged in _FLAGS.items():
        found = re.search(rf"(?:^|(?<=\s)){plain}(?=\s|$)", command)
        if found is not None:
            return command[: found.start()] + flagged + command[found.end() :]
    return command


def _needed_at_run_time(
    project: Project, intent: Intent | None, start: AppStart | None, sources: Sources
) -> str:
    """Return a package of devDependencies that the running app uses, empty for none."""
    manifest = project.app.manifest
    production = {**project.manifest.dependencies, **manifest.dependencies}
    development = {**project.manifest.dev_dependencies, **manifest.dev_dependencies}
    only = {name for name in development if name not in production}
    if start is not None:
        words = " ".join((*start.words, start.shell, *start.before))
        for name in sorted(only):
            if re.search(rf"(?:^|[\s/=]){re.escape(name)}(?=$|[\s/])", words):
                return name
        for program, package in _BINS.items():
            if package in only and re.search(rf"(?:^|[\s/]){program}(?=$|\s)", words):
                return package
    if _was_production(intent):
        return ""
    values = {name for name in only if not _BUILD_TOOL.match(name)}
    return next(iter(sorted(values & sources.imports)), "")


def _was_production(intent: Intent | None) -> bool:
    from dockeropt.rewrite.roles import Role

    commands = () if intent is None else intent.build.commands(Role.INSTALL)
    flags = {"--production", "--prod", "--omit=dev", "--only=production", "-P"}
    return bool(commands) and all(flags & {w.value for w in c.command.words} for c in commands)


def _has_local(project: Project) -> bool:
    return any(
        v.startswith(("file:", "link:", "portal:")) for v in project.manifest.all_dependencies.values()
    )
