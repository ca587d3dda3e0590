"""The files that npm, yarn, pnpm and bun read to install, told by the contents of package.json."""

import re
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from posixpath import normpath

from dockeropt.checks.cache.node_programs import (
    is_called,
    loses_its_mode,
    programs,
    read_manifest,
    scripts_of,
)
from dockeropt.checks.cache.own_scripts import may_run_later
from dockeropt.checks.packages.installs import Install
from dockeropt.knowledge.node_files import NODE_FILES, NODE_FOLDERS
from dockeropt.semantics.context import Context

_SCRIPTS = ("preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare")
"""a project's own scripts that its package manager runs when it installs"""
_HARMLESS_SCRIPT = r"\s*(?:npx\s+)?(?:only-allow\s+\w+|patch-package)\s*"
_INSIDE = ("file:", "link:", "portal:", "./", "../", "/")
_PNPM_PACKAGES = r"(?m)^packages:[^\n]*\n((?:[ \t]*(?:[-#][^\n]*)?(?:\n|\Z))*)"
_ITEM = r"(?m)^[ \t]*-[ \t]*['\"]?([^'\"#\n]+?)['\"]?[ \t]*(?:#.*)?$"


def node_files(install: Install, context: Context, folder: str, text: str) -> tuple[str, ...] | None:
    """Return the manifests, lock and settings files, patches and linked programs of a project, by path."""
    prefix = f"{folder}/" if folder else ""
    found = [prefix + name for name in NODE_FILES if context.file(prefix + name) is not None]
    if prefix + "package.json" not in found:
        return None
    runs_scripts = not install.command.has_flag("--ignore-scripts")
    members = _members(context, prefix)
    if members is None:
        return None
    folders = {member.rpartition("/")[0] for member in members}
    if not may_run_later(install, late_scripts(install, context, folder)):
        return None
    for path in (prefix + "package.json", *members):
        runs_its_own = runs_scripts and path != prefix + "package.json"
        if not _is_plain(path, context, runs_its_own, folders):
            return None
    lines = [text, *(scripts_of(path, context) for path in (prefix + "package.json", *members))]
    for member in members:
        offered = programs(member, context)
        if any(loses_its_mode(path, context) and is_called(name, lines) for path, name in offered.items()):
            return None
        found += [member, *offered]
    found += [
        file.path
        for file in context.files
        if any(file.path.startswith(prefix + folder) for folder in NODE_FOLDERS)
    ]
    return tuple(dict.fromkeys(found))


def late_scripts(install: Install, context: Context, folder: str) -> tuple[str, ...]:
    """Return the project's own scripts that an install runs and that may read sources, by name."""
    if install.command.has_flag("--ignore-scripts"):
        return ()
    manifest = read_manifest(f"{folder}/package.json" if folder else "package.json", context) or {}
    return tuple(_reading_scripts(manifest))


def _is_plain(path: str, context: Context, runs_scripts: bool, members: Collection[str]) -> bool:
    """Tell whether a package.json asks for nothing of the project but manifests, members' folders aside."""
    manifest = read_manifest(path, context)
    if manifest is None:
        return False
    if runs_scripts and any(_reading_scripts(manifest)):
        return False
    for kind in ("dependencies", "devDependencies", "optionalDependencies", "resolutions", "overrides"):
        given = manifest.get(kind)
        for each in given.values() if isinstance(given, dict) else ():
            if str(each).startswith(_INSIDE) and _folder(str(each), path) not in members:
                return False
    return True


def _reading_scripts(manifest: dict[str, object]) -> Iterator[str]:
    """Yield the names of the install scripts that may read sources."""
    scripts = manifest.get("scripts")
    if not isinstance(scripts, dict):
        return
    for name in _SCRIPTS:
        if name in scripts and not re.fullmatch(_HARMLESS_SCRIPT, str(scripts[name])):
            yield name


def _folder(dependency: str, manifest: str) -> str:
    """Return the folder in the context that ``link:../lib`` names in a manifest."""
    return normpath(f"{manifest.rpartition('/')[0] or '.'}/{dependency.rpartition(':')[2]}")


def _members(context: Context, prefix: str) -> list[str] | None:
    """Return the manifests of a workspace's members, none for a project alone."""
    manifest = read_manifest(prefix + "package.json", context) or {}
    given = manifest.get("workspaces")
    patterns = given.get("packages", []) if isinstance(given, dict) else given
    listed = [each for each in patterns if isinstance(each, str)] if isinstance(patterns, list) else []
    if context.file(prefix + "pnpm-workspace.yaml") is not None:
        text = context.text_of(prefix + "pnpm-workspace.yaml")
        if text is None:
            return None
        block = re.search(_PNPM_PACKAGES, text)
        listed += [] if block is None else re.findall(_ITEM, block[1])
    if any(each.lstrip("!")[:2] == ".." for each in listed):
        return None
    wanted = [f"{prefix}{normpath(each)}/package.json" for each in listed if each[:1] != "!"]
    unwanted = [f"{prefix}{normpath(each[1:])}/package.json" for each in listed if each[:1] == "!"]
    return [
        file.path
        for file in context.files
        if file.path.endswith("/package.json") and "node_modules/" not in file.path
        if any(_matches(file.path, pattern) for pattern in wanted)
        and not any(_matches(file.path, pattern) for pattern in unwanted)
    ]


def _matches(path: str, pattern: str) -> bool:
    """Tell whether a workspace's pattern takes a path: ``**`` reaches over folders, ``*`` does not."""
    if "**" in pattern:
        return fnmatchcase(path, pattern) or fnmatchcase(path, pattern.replace("**/", ""))
    return path.count("/") == pattern.count("/") and fnmatchcase(path, pattern)
