"""Reading a project folder: everything the plan needs to know, and nothing is run but ``git ls-files``."""

import os
import re
import subprocess
from collections.abc import Iterable, Mapping

from dockeropt.errors import UsageError
from dockeropt.files import list_files, read_text
from dockeropt.knowledge.frameworks import NUXT
from dockeropt.knowledge.nuxt import CONFIG_NAMES
from dockeropt.records import NamedTuple
from dockeropt.rewrite.javascript import Computed, Literal, read_config
from dockeropt.rewrite.lock_files import LOCK_NAMES, LockFile, read_lock_file
from dockeropt.rewrite.manifest import Manifest, read_manifest
from dockeropt.rewrite.registries import RegistrySettings, read_registry_settings
from dockeropt.rewrite.versions import major_of
from dockeropt.rewrite.yaml_lines import read_top_level

_LARGEST_LOCK = 200_000_000
_MADE_FOLDERS = frozenset((".git", "node_modules", ".nuxt", ".output", ".nitro", ".cache", ".pnpm-store"))
"""folders that a build or an install makes: never part of what a project is"""
_REGISTRY_FILES = (".npmrc", ".yarnrc.yml", ".yarnrc", "bunfig.toml")


_RANGE_STARTS = tuple("^~=v0123456789")


class StatedVersion(NamedTuple):
    """A version as some file states it."""

    place: str
    text: str


class Dotenv(NamedTuple):
    """A .env file; ``is_committed`` is None where no version control tells."""

    path: str
    is_committed: bool | None


class App(NamedTuple):
    """The Nuxt app: the project itself, or one member of its workspace."""

    folder: str
    """relative to the root, empty for the root itself"""
    manifest: Manifest
    config_path: str | None
    config: Mapping[str, Literal] | None
    """literals of nuxt.config by dotted path, None where it cannot be read without running it"""
    config_text: str

    def setting(self, path: str) -> Literal | None:
        """Return a literal of nuxt.config, None where it does not set it."""
        return None if self.config is None else self.config.get(path)

    def text_setting(self, path: str) -> str | None:
        """Return a setting that is a literal string."""
        value = self.setting(path)
        return value if isinstance(value, str) else None


class Member(NamedTuple):
    """A package of the workspace."""

    folder: str
    manifest: Manifest


class Project(NamedTuple):
    """A project as it is on disk. Paths are relative to ``root``, with ``/``."""

    root: str
    manifest: Manifest
    app: App
    members: tuple[Member, ...]
    locks: tuple[LockFile, ...]
    node_versions: tuple[StatedVersion, ...]
    """in the order they are believed"""
    registry_settings: tuple[RegistrySettings, ...]
    pnpm_workspace: Mapping[str, tuple[str, ...]] | None
    yarn_settings: Mapping[str, tuple[str, ...]]
    files: tuple[str, ...]
    tracked: frozenset[str] | None
    """what Git tracks, None without Git"""
    dotenvs: tuple[Dotenv, ...]

    def has(self, path: str) -> bool:
        """Tell whether a file is there."""
        return path in self.files

    def has_folder(self, path: str) -> bool:
        """Tell whether a folder with a file in it is there."""
        return any(file.startswith(path.rstrip("/") + "/") for file in self.files)

    def read(self, path: str) -> str:
        """Return the text of a file of the project, empty where it is not there."""
        return _read(self.root, path) or ""

    def settings_of(self, name: str) -> RegistrySettings | None:
        """Return what a registry settings file such as .npmrc says."""
        return next((settings for settings in self.registry_settings if settings.path == name), None)


def read_project(root: str, is_nuxt: bool = False) -> Project:
    """Return the Nuxt project in a folder.

    ``is_nuxt`` says that it is one, whatever its package.json names. Raises UsageError for a folder that is
    none, with what was looked for.
    """
    if not os.path.isdir(root):
        what = "is a file, not a folder" if os.path.exists(root) else "does not exist"
        raise UsageError(f"the context {root} {what}", "name the folder that holds the app's package.json")
    files = tuple(file.path for file in list_files(root, _is_made))
    text = _read(root, "package.json")
    if text is None:
        raise UsageError(f"there is no package.json in {_shown(root)}", _elsewhere(root, files))
    manifest = read_manifest(text, os.path.join(root, "package.json"))
    pnpm_text = _read(root, "pnpm-workspace.yaml")
    workspace = None if pnpm_text is None else read_top_level(pnpm_text)
    patterns = (*manifest.workspaces, *(workspace or {}).get("packages", ()))
    members = tuple(
        Member(folder, read_manifest(_read(root, f"{folder}/package.json") or "{}", f"{folder}/package.json"))
        for folder in _member_folders(patterns, files)
    )
    app = _find_app(root, manifest, members, files, is_nuxt)
    locks = tuple(_read_locks(root, files))
    _refuse_nuxt_2(app, locks)
    tracked = _tracked(root)
    yarn_text = _read(root, ".yarnrc.yml")
    return Project(
        root,
        manifest,
        app,
        members,
        locks or _refuse_inner_folder(root),
        tuple(_stated_versions(root, manifest, app.manifest)),
        tuple(
            read_registry_settings(name, content)
            for name in _REGISTRY_FILES
            if (content := _read(root, name)) is not None
        ),
        workspace,
        {} if yarn_text is None else read_top_level(yarn_text),
        files,
        tracked,
        tuple(_dotenvs(root, files, tracked)),
    )


def _is_made(path: str) -> bool:
    return path.rpartition("/")[2] in _MADE_FOLDERS


def _read(root: str, name: str) -> str | None:
    return read_text(os.path.join(root, name), _LARGEST_LOCK)


def _shown(root: str) -> str:
    return "this folder" if root in (".", "") else root


def _is_nuxt(manifest: Manifest) -> bool:
    return not manifest.all_dependencies.keys().isdisjoint(NUXT.packages)


def _find_app(
    root: str, manifest: Manifest, members: tuple[Member, ...], files: tuple[str, ...], is_nuxt: bool
) -> App:
    if _is_nuxt(manifest):
        return _read_app(root, "", manifest, files)
    found = [member for member in members if _is_nuxt(member.manifest)]
    if len(found) > 1:
        # an app is what can be built and is not a layer for others to extend
        named = {name for member in members for name in member.manifest.all_dependencies}
        found = [m for m in found if "build" in m.manifest.scripts and m.manifest.name not in named] or found
    if len(found) == 1:
        return _read_app(root, found[0].folder, found[0].manifest, files)
    if found:
        names = ", ".join(member.folder for member in found)
        raise UsageError(
            f"several members of the workspace are Nuxt apps: {names}",
            f"name one with --app, for instance --app {found[0].folder}",
        )
    if is_nuxt:
        return _read_app(root, "", manifest, files)
    where = "package.json" if not members else f"package.json and those of {len(members)} workspace members"
    raise UsageError(
        f"{_shown(root)} is no Nuxt project: {where} names none of {', '.join(NUXT.packages)}",
        "if it is one all the same, say so with --nuxt; " + _elsewhere(root, files),
    )


def select_app(project: Project, folder: str) -> Project:
    """Return the project with another workspace member as its app."""
    for member in project.members:
        if member.folder == folder.rstrip("/").removeprefix("./"):
            app = _read_app(project.root, member.folder, member.manifest, project.files)
            return project._replace(app=app)
    names = ", ".join(member.folder for member in project.members) or "none"
    raise UsageError(f"the workspace has no member {folder}", f"its members: {names}")


def _read_app(root: str, folder: str, manifest: Manifest, files: tuple[str, ...]) -> App:
    prefix = f"{folder}/" if folder else ""
    for name in CONFIG_NAMES:
        if prefix + name in files:
            text = _read(root, prefix + name) or ""
            return App(folder, manifest, prefix + name, read_config(text), text)
    return App(folder, manifest, None, None, "")


def _elsewhere(root: str, files: Iterable[str]) -> str:
    """Return a hint that names a folder below that does hold a Nuxt app, if there is one."""
    for path in sorted(files, key=lambda path: path.count("/")):
        if path.endswith("/package.json") and path.count("/") < 4:
            try:
                manifest = read_manifest(_read(root, path) or "", path)
            except UsageError:
                continue
            if _is_nuxt(manifest):
                inner = os.path.normpath(os.path.join(root, os.path.dirname(path)))
                return f"there is a Nuxt app in {inner}: dockeropt rewrite {inner}"
    return "name the folder of the app: dockeropt rewrite path/to/app"


def _member_folders(patterns: Iterable[str], files: Iterable[str]) -> Iterable[str]:
    wanted = [_glob(pattern) for pattern in patterns if not pattern.startswith("!")]
    unwanted = [_glob(pattern[1:]) for pattern in patterns if pattern.startswith("!")]
    for path in files:
        folder, _, name = path.rpartition("/")
        if name != "package.json" or not folder or any(glob.fullmatch(folder) for glob in unwanted):
            continue
        if any(glob.fullmatch(folder) for glob in wanted):
            yield folder


def _glob(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/?|\*)", pattern.removeprefix("./").rstrip("/"))
    return re.compile("".join(_GLOBS.get(part, re.escape(part)) for part in parts))


_GLOBS = {"*": "[^/]*", "**": ".*", "**/": "(?:.*/)?"}


def _read_locks(root: str, files: Iterable[str]) -> Iterable[LockFile]:
    present = set(files)
    for name in LOCK_NAMES:
        if name in present:
            with open(os.path.join(root, name), "rb") as file:
                yield read_lock_file(name, file.read(_LARGEST_LOCK))


def _refuse_inner_folder(root: str) -> tuple[LockFile, ...]:
    """Return no lock files, unless a folder above is a workspace that has them: then that is the context."""
    above = os.path.abspath(root)
    for _ in range(4):
        inner, above = above, os.path.dirname(above)
        if inner == above:
            break
        if any(os.path.exists(os.path.join(above, name)) for name in LOCK_NAMES):
            text = _read(above, "package.json") or ""
            if os.path.exists(os.path.join(above, "pnpm-workspace.yaml")) or '"workspaces"' in text:
                where = os.path.relpath(above, root)
                raise UsageError(
                    f"{_shown(root)} is a member of the workspace in {where}, whose lock file it needs",
                    f"the workspace has to be the context: dockeropt rewrite {os.path.relpath(above)}",
                )
    return ()


def _refuse_nuxt_2(app: App, locks: tuple[LockFile, ...]) -> None:
    dependencies = app.manifest.all_dependencies
    if "nuxt" not in dependencies or "@nuxt/bridge" in dependencies:
        return
    locked = {version for lock in locks for version in (lock.packages or {}).get("nuxt", ())}
    stated = dependencies["nuxt"]
    majors = [
        major_of(version) or 0 for version in locked or ([stated] if stated[:1] in _RANGE_STARTS else [])
    ]
    if majors and max(majors) in (1, 2):
        raise UsageError(
            f"this is a Nuxt {max(majors)} app, which builds no self-contained .output",
            "upgrade to Nuxt 3 or later, or add @nuxt/bridge, then run the command again",
        )


def _stated_versions(root: str, manifest: Manifest, app: Manifest) -> Iterable[StatedVersion]:
    for name in (".nvmrc", ".node-version"):
        text = (_read(root, name) or "").strip()
        if text:
            yield StatedVersion(name, text.splitlines()[0].split("#")[0].strip())
    for line in (_read(root, ".tool-versions") or "").splitlines():
        words = line.split()
        if len(words) > 1 and words[0] in ("nodejs", "node"):
            yield StatedVersion(".tool-versions", words[1])
    manifests = (app,) if app is manifest else (app, manifest)
    for source in manifests:
        if "node" in source.volta:
            yield StatedVersion("volta in package.json", source.volta["node"])
    for source in manifests:
        if "node" in source.engines:
            yield StatedVersion("engines in package.json", source.engines["node"])


def _tracked(root: str) -> frozenset[str] | None:
    """Return the paths Git tracks below a folder, None where it is no work tree or there is no Git."""
    try:
        result = subprocess.run(
            ["git", "-C", root, "ls-files", "-z"], capture_output=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if result.returncode:
        return None
    return frozenset(result.stdout.decode("utf-8", "surrogateescape").split("\0")) - {""} or None


def _dotenvs(root: str, files: Iterable[str], tracked: frozenset[str] | None) -> Iterable[Dotenv]:
    ignored = {line.strip().lstrip("/") for line in (_read(root, ".gitignore") or "").splitlines()}
    for path in files:
        name = path.rpartition("/")[2]
        if name == ".env" or (
            name.startswith(".env.") and not name.endswith((".example", ".sample", ".template"))
        ):
            if tracked is not None:
                yield Dotenv(path, path in tracked)
            else:
                yield Dotenv(path, False if ignored & {name, ".env*", ".env.*", "*.env"} else None)


def is_computed(value: Literal | None) -> bool:
    """Tell whether a setting is there but only running nuxt.config would tell its value."""
    return isinstance(value, Computed)
