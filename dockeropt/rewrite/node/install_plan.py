"""How the dependencies are installed: manifests first, with a cache mount, credentials as secrets."""

import re
from collections.abc import Iterable

from dockeropt.knowledge.native_packages import BROWSER_DOWNLOADS
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Intent
from dockeropt.rewrite.node.credentials import Credentials, plan_credentials
from dockeropt.rewrite.node.lifecycle import Lifecycle, plan_lifecycle
from dockeropt.rewrite.node.manager_choice import ManagerChoice
from dockeropt.rewrite.node.managers import Manager
from dockeropt.rewrite.node.manifest import read_manifest
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.roles import Role
from dockeropt.rewrite.steps import CopyStep, RunStep, cache_mount


class InstallPlan(NamedTuple):
    """The steps from an empty build stage to installed dependencies."""

    tool: RunStep | None
    """gets the package manager"""
    fetch: tuple[CopyStep | RunStep, ...]
    """pnpm alone: downloads by the lock file, before any package.json is there"""
    manifests: tuple[CopyStep, ...]
    install: RunStep
    credentials: Credentials
    lifecycle: Lifecycle
    build_mounts: tuple[str, ...]
    """mounts the build needs too: Plug'n'Play reads packages out of the cache"""
    build_prefix: str
    decisions: tuple[Decision, ...]


_SETTINGS = {
    Manager.NPM: (".npmrc",),
    Manager.YARN: (".npmrc", ".yarnrc"),
    Manager.BERRY: (".npmrc", ".yarnrc.yml"),
    Manager.PNPM: (".npmrc", ".pnpmfile.cjs"),
    Manager.BUN: (".npmrc", "bunfig.toml"),
}
_LAYOUT = re.compile(
    r"(?im)^\s*(?:shamefully-?hoist|(?:public-?)?hoist(?:-?pattern)?|node-?linker|modules-?dir|virtual-?store-?dir)\b"
)
_MAY_HOLD_TOKENS = frozenset((".npmrc", ".yarnrc.yml"))
"""bound and not copied: what is in no layer now leaks nothing when a token is added to it one day"""
_FOLDERS = {
    Manager.NPM: ("patches",),
    Manager.YARN: ("patches", ".yarn/releases"),
    Manager.BERRY: ("patches", ".yarn/releases", ".yarn/plugins", ".yarn/patches", ".yarn/cache"),
    Manager.PNPM: ("patches",),
    Manager.BUN: ("patches",),
}
_COMMANDS = {
    Manager.NPM: ("npm ci", "npm install"),
    Manager.YARN: ("yarn install --frozen-lockfile", "yarn install"),
    Manager.BERRY: ("yarn install --immutable", "yarn install"),
    Manager.PNPM: ("pnpm install --frozen-lockfile", "pnpm install"),
    Manager.BUN: ("bun install --frozen-lockfile", "bun install"),
}
_CARRIED = re.compile(
    r"--(?:legacy-peer-deps|force|strict-peer-deps|prefer-offline|no-audit|no-fund|ignore-engines"
    r"|network-timeout|network-concurrency|ignore-optional|registry|maxsockets|fetch-retries|shamefully-hoist"
    r"|no-strict-peer-dependencies|no-optional)$"
)
_WITH_VALUE = frozenset(
    ("--network-timeout", "--network-concurrency", "--registry", "--maxsockets", "--fetch-retries")
)
_ARCHIVES = (".tgz", ".tar.gz")
_PRODUCTION = frozenset(("--production", "--prod", "-P", "--omit=dev", "--only=production", "--only=prod"))


def plan_install(
    project: Project, intent: Intent | None, choice: ManagerChoice, has_npm: bool
) -> InstallPlan:
    """Return the install steps; ``has_npm`` is False on an image of Bun, which has no npm."""
    manager = choice.manager
    lifecycle = plan_lifecycle(project)
    credentials = plan_credentials(project, intent, _SETTINGS[manager])
    decisions = [*choice.decisions, *lifecycle.decisions, *credentials.decisions]
    command, flags, skipped = _command(project, intent, choice, decisions)
    bound = [n for n in _settings(project, manager, credentials) if n in _MAY_HOLD_TOKENS]
    binds = tuple(f"type=bind,source={name},target={name}" for name in bound)
    mounts = (*_cache(project, manager, decisions), *binds, *credentials.mounts)
    if bound:
        reason = "it holds no credential; should it hold one some day, no layer of the install has it"
        decisions.append(Decision("settings", f"{' and '.join(bound)} mounted for the install", reason))
    prefix = credentials.prefix + skipped
    left_out = _left_out(lifecycle, "npm" if has_npm else "bun pm")
    commands = (
        *left_out,
        prefix + command + flags,
        *(_execute(manager, each) for each in lifecycle.with_manifests),
    )
    comments: tuple[str, ...] = ()
    if left_out:
        names = ", ".join(dict.fromkeys(name for _, name in lifecycle.left_out))
        comments = (f"Without the project's own {names}: its sources are not here yet",)
    if not any("type=cache" in mount for mount in mounts):
        comments += ("dockeropt: ignore=DO1003 .yarn/cache has every package already",)
    copied, reason = _copied_sources(project, manager)
    if copied:
        # an offline install downloads nothing again, and an archive is a manifest
        if not _fetches(project, choice) and any(not path.endswith(_ARCHIVES) for path in copied):
            comments += (f"dockeropt: ignore=DO1001 {reason}",)
        decisions.append(Decision("install", f"{' and '.join(copied)} copied before it", reason))
    early, late = _manifests(project, choice, credentials)
    fetch: tuple[CopyStep | RunStep, ...] = ()
    if _fetches(project, choice):
        comment = "Downloads by the lock file alone: an edit of package.json repeats none of it"
        fetch = (*early, RunStep((comment,), mounts, (prefix + "pnpm fetch",)))
        early = ()
        reason = "pnpm fetch needs only the lock file, so that another edit of package.json downloads nothing"
        decisions.append(Decision("install", "pnpm fetch first", reason))
    is_pnp = manager is Manager.BERRY and project.yarn_settings.get("nodeLinker", ("pnp",)) == ("pnp",)
    return InstallPlan(
        _tool(choice),
        fetch,
        (*early, *late),
        RunStep(comments, mounts, commands),
        credentials,
        lifecycle,
        mounts[:1] if is_pnp else (),
        credentials.prefix if manager is Manager.BERRY else "",
        tuple(decisions),
    )


def run_script(manager: Manager, name: str, folder: str = "") -> str:
    """Return the command that runs a package.json script, in a workspace member where ``folder`` says so."""
    if not folder:
        return f"{manager.program} run {name}"
    return {
        Manager.NPM: f"npm run {name} --workspace {folder}",
        Manager.YARN: f"yarn --cwd {folder} run {name}",
        Manager.BERRY: f"yarn --cwd {folder} run {name}",
        Manager.PNPM: f"pnpm --dir {folder} run {name}",
        Manager.BUN: f"bun run --cwd {folder} {name}",
    }[manager]


def execute(manager: Manager, command: str, folder: str = "") -> str:
    """Return the command that runs a program out of node_modules."""
    if not folder:
        return _execute(manager, command)
    return {
        Manager.NPM: f"npm exec --workspace {folder} -- {command}",
        Manager.YARN: f"yarn --cwd {folder} run {command}",
        Manager.BERRY: f"yarn --cwd {folder} run {command}",
        Manager.PNPM: f"pnpm --dir {folder} exec {command}",
        Manager.BUN: f"bun run --cwd {folder} {command}",
    }[manager]


def _execute(manager: Manager, command: str) -> str:
    command = re.sub(r"^(?:npx|bunx|pnpx|pnpm exec|yarn(?: run| exec)?)\s+(?:--?y(?:es)?\s+)?", "", command)
    runner = {Manager.NPM: "npx", Manager.PNPM: "pnpm exec", Manager.BUN: "bunx"}.get(manager, "yarn run")
    return f"{runner} {command}"


def _command(
    project: Project, intent: Intent | None, choice: ManagerChoice, decisions: list[Decision]
) -> tuple[str, str, str]:
    """Return the install command, the flags kept of the old one, and variables that skip downloads."""
    command = _COMMANDS[choice.manager][0 if choice.lock is not None else 1]
    if _fetches(project, choice):
        command = (
            "CI=true pnpm install --offline --frozen-lockfile"  # CI: no question where nobody can answer
        )
    elif choice.manager is Manager.PNPM and choice.lock is not None:
        reason = "settings such as shamefully-hoist lay node_modules out anew, so that what it makes is lost"
        decisions.append(Decision("install", "no pnpm fetch before it", reason))
    old = () if intent is None else intent.build.commands(Role.INSTALL)
    words = [word.value for each in old for word in each.command.words]
    flags: list[str] = []
    for at, word in enumerate(words):
        name, _, value = word.partition("=")
        if _CARRIED.match(name) and name not in " ".join(flags):
            if name in _WITH_VALUE and not value:
                word = f"{name} {words[at + 1]}" if at + 1 < len(words) else ""
            flags.append(word)
    if flags:
        decisions.append(
            Decision("install", f"keeps {' '.join(flags)}", "the old Dockerfile installs with it")
        )
    if not _PRODUCTION.isdisjoint(words) and old and not (intent is not None and intent.is_multi_stage):
        decisions.append(
            Decision(
                "install", "devDependencies too", "the build needs them; the last stage gets none of either"
            )
        )
    if choice.lock is not None:
        first = old[0].text if old else ""
        reason = f"{choice.lock.name} is installed as it is, or the build fails"
        was = f" instead of {first}" if first and not first.startswith(command) else ""
        decisions.append(Decision("install", command + was, reason))
    skipped = {
        name: value
        for package, (name, value) in BROWSER_DOWNLOADS.items()
        if package in project.manifest.dev_dependencies and package not in project.manifest.dependencies
    }
    if skipped:
        names = " and ".join(skipped)
        decisions.append(
            Decision("install", names, "the browser of end-to-end tests is not downloaded into the build")
        )
    return command, "".join(f" {flag}" for flag in flags), "".join(f"{n}={v} " for n, v in skipped.items())


def _cache(project: Project, manager: Manager, decisions: list[Decision]) -> tuple[str, ...]:
    if manager is Manager.BERRY and project.has_folder(".yarn/cache"):
        decisions.append(Decision("cache mount", "none", ".yarn/cache is part of the project"))
        return ()
    target = manager.cache_target
    decisions.append(
        Decision("cache mount", target, f"what {manager.program} downloaded is there for the next install")
    )
    return (cache_mount(target),)


def _tool(choice: ManagerChoice) -> RunStep | None:
    if choice.package is None:
        return None
    force = "--force " if choice.replaces_own else ""
    comments = ("The image's own yarn is version 1",) if choice.replaces_own else ()
    return RunStep(comments, (cache_mount("/root/.npm"),), (f"npm install --global {force}{choice.package}",))


def _left_out(lifecycle: Lifecycle, program: str) -> tuple[str, ...]:
    """Return the commands that take the project's own install scripts out of package.json.

    Unlike --ignore-scripts this leaves the packages their own; COPY brings the file back as it was.
    """
    folders = dict.fromkeys(folder for folder, _ in lifecycle.left_out)
    return tuple(
        f"{program} pkg delete "
        + (f"--prefix {folder} " if folder else "")
        + " ".join(f"scripts.{name}" for where, name in lifecycle.left_out if where == folder)
        for folder in folders
    )


def _manifests(
    project: Project, choice: ManagerChoice, credentials: Credentials
) -> tuple[tuple[CopyStep, ...], tuple[CopyStep, ...]]:
    """Return the copies that name what to download, then those that pnpm needs only to link it."""
    manager = choice.manager
    fetches = _fetches(project, choice)
    # pnpm's settings in package.json say which packages may run install scripts
    is_late = fetches and not project.manifest.has_pnpm_settings
    names = [] if is_late else ["package.json"]
    names += [choice.lock.name] if choice.lock is not None else []
    names += ["pnpm-workspace.yaml"] if manager is Manager.PNPM and project.pnpm_workspace is not None else []
    names += [name for name in _settings(project, manager, credentials) if name not in _MAY_HOLD_TOKENS]
    folders = [folder for folder in _FOLDERS[manager] if project.has_folder(folder)]
    patches: dict[str, list[str]] = {}
    for path in sorted({*_patch_files(project)}):
        folder = path.rpartition("/")[0]
        if project.has(path) and not any(f"{folder}/".startswith(f"{each}/") for each in folders):
            patches.setdefault(folder, []).append(path)
    local = _local_packages(project, manager)
    late = [CopyStep(("package.json",), "./")] if is_late else []
    late += [CopyStep((package.path,), package.path) for package in local if not package.is_linked]
    members = [member.folder for member in project.members]
    members += [package.path for package in local if package.is_linked]
    late += [CopyStep((f"{folder}/package.json",), f"{folder}/") for folder in members]
    late += [CopyStep((path,), path) for path in _linked_programs(project, manager)]
    early = [CopyStep(tuple(names), "./"), *(CopyStep((path,), path) for path in folders)]
    early += [CopyStep(tuple(paths), f"{folder or '.'}/") for folder, paths in patches.items()]
    return tuple(early), tuple(late)


def _fetches(project: Project, choice: ManagerChoice) -> bool:
    """Tell whether ``pnpm fetch`` is of use: not where the install throws its node_modules away."""
    if choice.manager is not Manager.PNPM or choice.lock is None:
        return False
    local = _local_packages(project, choice.manager)
    if project.manifest.has_pnpm_settings and not (project.members or local):
        return False  # package.json goes before it then, and nothing is left to come after
    settings = project.settings_of(".npmrc")
    texts = ("" if settings is None else settings.text, "\n".join(project.pnpm_workspace or ()))
    return not any(_LAYOUT.search(text) for text in texts)


def _settings(project: Project, manager: Manager, credentials: Credentials) -> tuple[str, ...]:
    """Return the manager's settings files that the install may see as they are."""
    return tuple(n for n in _SETTINGS[manager] if project.has(n) and n not in credentials.hidden)


def _patch_files(project: Project) -> Iterable[str]:
    """Return the files that patch packages: of manifests, of pnpm's workspace file, of patch-package."""
    yield from project.manifest.patch_files
    for member in project.members:
        yield from member.manifest.patch_files
    if project.pnpm_workspace is not None:
        yield from _PATCH.findall(project.read("pnpm-workspace.yaml"))
    for script in project.manifest.scripts.values():
        for folder in _PATCH_FOLDER.findall(script):
            prefix = f"{folder.removeprefix('./').rstrip('/')}/"
            yield from (path for path in project.files if path.startswith(prefix))


_PATCH = re.compile(r"[\w@./+-]+\.patch\b")
_PATCH_FOLDER = re.compile(r"patch-package\b[^&|;]*?--patch-dir[ =]['\"]?([\w./-]+)")


class LocalPackage(NamedTuple):
    """A folder or an archive of the project that a dependency names: ``file:libs/ui``."""

    path: str
    is_linked: bool
    """the install only links to it, so that its package.json will do"""


def _local_packages(project: Project, manager: Manager) -> tuple[LocalPackage, ...]:
    """Return the local packages by path; members of the workspace are none."""
    members = {member.folder for member in project.members}
    found: dict[str, LocalPackage] = {}
    for value in project.manifest.all_dependencies.values():
        kind, _, path = value.partition(":")
        path = path.removeprefix("./").rstrip("/")
        is_there = project.has(path) or project.has_folder(path)
        if kind in ("file", "link", "portal") and is_there and path not in members:
            links = kind != "file" or manager is Manager.NPM
            found[path] = LocalPackage(path, links and project.has(f"{path}/package.json"))
    return tuple(found[path] for path in sorted(found))


def linked_folders(project: Project) -> tuple[str, ...]:
    """Return folders of the project that a production dependency may be no more than a link to."""
    values = {**project.manifest.dependencies, **project.app.manifest.dependencies}.values()
    parts = (value.partition(":") for value in values)
    paths = (p.removeprefix("./").rstrip("/") for kind, _, p in parts if kind in ("file", "link", "portal"))
    return tuple(path for path in sorted({*paths}) if project.has_folder(path))


def _copied_sources(project: Project, manager: Manager) -> tuple[tuple[str, ...], str]:
    """Return the sources that an install needs although they are no manifests, and why."""
    copied = tuple(package.path for package in _local_packages(project, manager) if not package.is_linked)
    if copied:
        return copied, f"{manager.program} copies {' and '.join(copied)} into node_modules"
    programs = _linked_programs(project, manager)
    return programs, f"{manager.program} links {' and '.join(programs)} into node_modules/.bin"


def _linked_programs(project: Project, manager: Manager) -> tuple[str, ...]:
    """Return programs of linked packages that some script calls: a link needs a file to point to."""
    packages = [(member.folder, member.manifest) for member in project.members]
    packages += [
        (package.path, read_manifest(project.read(f"{package.path}/package.json"), package.path))
        for package in _local_packages(project, manager)
        if package.is_linked
    ]
    manifests = (project.manifest, *(member.manifest for member in project.members))
    called = set(re.findall(r"[\w@.-]+", " ".join(" ".join(m.scripts.values()) for m in manifests)))
    found = (
        f"{folder}/{path}" for folder, each in packages for name, path in each.bins.items() if name in called
    )
    return tuple(path for path in dict.fromkeys(found) if project.has(path))
