"""Reading a Node project: everything the plan needs to know; nothing of it is run."""

import os
import re
from collections.abc import Iterable, Mapping

from dockeropt.errors import UsageError
from dockeropt.files import read_text
from dockeropt.records import NamedTuple
from dockeropt.rewrite.folder import LARGEST_FILE, Folder
from dockeropt.rewrite.node.javascript import Computed, Literal, read_config
from dockeropt.rewrite.node.lock_files import LOCK_NAMES, LockFile, read_lock_file
from dockeropt.rewrite.node.manifest import Manifest, read_manifest
from dockeropt.rewrite.node.registries import RegistrySettings, read_registry_settings
from dockeropt.rewrite.yaml_lines import read_top_level

_REGISTRY_FILES = (".npmrc", ".yarnrc.yml", ".yarnrc", "bunfig.toml")


class StatedVersion(NamedTuple):
    """A version as some file states it."""

    place: str
    text: str


class Kind(NamedTuple):
    """What tells an app of some framework from other packages."""

    title: str
    """``Nuxt``"""
    packages: tuple[str, ...]
    """any of these among its dependencies; empty takes every package"""
    config_names: tuple[str, ...]

    def is_of(self, manifest: Manifest) -> bool:
        """Tell whether a package is such an app."""
        return not self.packages or not manifest.all_dependencies.keys().isdisjoint(self.packages)


class App(NamedTuple):
    """The app: the project itself, or one member of its workspace."""

    folder: str
    """relative to the root, empty for the root itself"""
    manifest: Manifest
    config_path: str | None
    config: Mapping[str, Literal] | None
    """literals of the framework's configuration by dotted path, None where only running it would tell them"""
    config_text: str

    def setting(self, path: str) -> Literal | None:
        """Return a literal of the configuration, None where it does not set it."""
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
    """A Node project as it is on disk. Paths are relative to the folder, with ``/``."""

    folder: Folder
    manifest: Manifest
    app: App
    members: tuple[Member, ...]
    locks: tuple[LockFile, ...]
    node_versions: tuple[StatedVersion, ...]
    """in the order they are believed"""
    registry_settings: tuple[RegistrySettings, ...]
    pnpm_workspace: Mapping[str, tuple[str, ...]] | None
    yarn_settings: Mapping[str, tuple[str, ...]]

    @property
    def files(self) -> tuple[str, ...]:
        """All files, by path."""
        return self.folder.files

    def has(self, path: str) -> bool:
        """Tell whether a file is there."""
        return self.folder.has(path)

    def has_folder(self, path: str) -> bool:
        """Tell whether a folder with a file in it is there."""
        return self.folder.has_folder(path)

    def read(self, path: str) -> str:
        """Return the text of a file of the project, empty where it is not there."""
        return self.folder.read(path)

    def settings_of(self, name: str) -> RegistrySettings | None:
        """Return what a registry settings file such as .npmrc says."""
        return next((settings for settings in self.registry_settings if settings.path == name), None)


class Packages(NamedTuple):
    """The package.json of a folder and those of its workspace."""

    manifest: Manifest
    members: tuple[Member, ...]
    pnpm_workspace: Mapping[str, tuple[str, ...]] | None


def read_packages(folder: Folder) -> Packages | None:
    """Return the packages of a folder, None where it has no package.json."""
    text = folder.text("package.json")
    if text is None:
        return None
    manifest = read_manifest(text, os.path.join(folder.root, "package.json"))
    pnpm_text = folder.text("pnpm-workspace.yaml")
    workspace = None if pnpm_text is None else read_top_level(pnpm_text)
    patterns = (*manifest.workspaces, *(workspace or {}).get("packages", ()))
    members = tuple(
        Member(path, read_manifest(folder.text(f"{path}/package.json") or "{}", f"{path}/package.json"))
        for path in _member_folders(patterns, folder.files)
    )
    return Packages(manifest, members, workspace)


def read_project(folder: Folder, kind: Kind, app: str | None = None) -> Project:
    """Return the project in a folder, with its app of a kind, or the workspace member ``app`` names.

    Raises UsageError for a folder that is none, with what was looked for.
    """
    packages = read_packages(folder)
    if packages is None:
        raise UsageError(f"there is no package.json in {folder.shown}", _elsewhere(folder, kind))
    manifest, members, workspace = packages
    found = _select(folder, kind, members, app) if app is not None else _find_app(folder, kind, packages)
    locks = tuple(_read_locks(folder))
    yarn_text = folder.text(".yarnrc.yml")
    return Project(
        folder,
        manifest,
        found,
        members,
        locks or _refuse_inner_folder(folder),
        tuple(_stated_versions(folder, manifest, found.manifest)),
        tuple(
            read_registry_settings(name, content)
            for name in _REGISTRY_FILES
            if (content := folder.text(name)) is not None
        ),
        workspace,
        {} if yarn_text is None else read_top_level(yarn_text),
    )


def apps_of(packages: Packages, kind: Kind) -> tuple[Member, ...]:
    """Return the packages that are apps of a kind: the root alone where it is one."""
    if kind.is_of(packages.manifest):
        return (Member("", packages.manifest),)
    found = [member for member in packages.members if kind.is_of(member.manifest)]
    if len(found) > 1:
        # an app is what can be built and is not a layer for others to extend
        named = {name for member in packages.members for name in member.manifest.all_dependencies}
        found = [m for m in found if "build" in m.manifest.scripts and m.manifest.name not in named] or found
    return tuple(found)


def _find_app(folder: Folder, kind: Kind, packages: Packages) -> App:
    found = apps_of(packages, kind)
    if len(found) > 1:
        names = ", ".join(member.folder for member in found)
        raise UsageError(
            f"several members of the workspace are {kind.title} apps: {names}",
            f"name one with --app, for instance --app {found[0].folder}",
        )
    app = found[0] if found else Member("", packages.manifest)
    return _read_app(folder, kind, app.folder, app.manifest)


def _select(folder: Folder, kind: Kind, members: tuple[Member, ...], app: str) -> App:
    for member in members:
        if member.folder == app.rstrip("/").removeprefix("./"):
            return _read_app(folder, kind, member.folder, member.manifest)
    names = ", ".join(member.folder for member in members) or "none"
    raise UsageError(f"the workspace has no member {app}", f"its members: {names}")


def _read_app(folder: Folder, kind: Kind, path: str, manifest: Manifest) -> App:
    prefix = f"{path}/" if path else ""
    for name in kind.config_names:
        if folder.has(prefix + name):
            text = folder.read(prefix + name)
            return App(path, manifest, prefix + name, read_config(text), text)
    return App(path, manifest, None, None, "")


def _elsewhere(folder: Folder, kind: Kind) -> str:
    """Return a hint that names a folder below that does hold such an app, if there is one."""
    for path in sorted(folder.files, key=lambda path: path.count("/")):
        if path.endswith("/package.json") and path.count("/") < 4:
            try:
                manifest = read_manifest(folder.read(path), path)
            except UsageError:
                continue
            if kind.is_of(manifest):
                inner = os.path.normpath(os.path.join(folder.root, os.path.dirname(path)))
                return f"there is a {kind.title} app in {inner}: dockeropt rewrite {inner}"
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


def _read_locks(folder: Folder) -> Iterable[LockFile]:
    present = set(folder.files)
    for name in LOCK_NAMES:
        if name in present:
            with open(os.path.join(folder.root, name), "rb") as file:
                yield read_lock_file(name, file.read(LARGEST_FILE))


def _refuse_inner_folder(folder: Folder) -> tuple[LockFile, ...]:
    """Return no lock files, unless a folder above is a workspace that has them: then that is the context."""
    above = os.path.abspath(folder.root)
    for _ in range(4):
        inner, above = above, os.path.dirname(above)
        if inner == above:
            break
        if any(os.path.exists(os.path.join(above, name)) for name in LOCK_NAMES):
            text = read_text(os.path.join(above, "package.json")) or ""
            if os.path.exists(os.path.join(above, "pnpm-workspace.yaml")) or '"workspaces"' in text:
                where = os.path.relpath(above, folder.root)
                raise UsageError(
                    f"{folder.shown} is a member of the workspace in {where}, whose lock file it needs",
                    f"the workspace has to be the context: dockeropt rewrite {os.path.relpath(above)}",
                )
    return ()


def _stated_versions(folder: Folder, manifest: Manifest, app: Manifest) -> Iterable[StatedVersion]:
    for name in (".nvmrc", ".node-version"):
        text = folder.read(name).strip()
        if text:
            yield StatedVersion(name, text.splitlines()[0].split("#")[0].strip())
    for line in folder.read(".tool-versions").splitlines():
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


def is_computed(value: Literal | None) -> bool:
    """Tell whether a setting is there but only running the configuration would tell its value."""
    return isinstance(value, Computed)
