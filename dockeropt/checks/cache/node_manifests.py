"""The files that npm, yarn, pnpm and bun read to install, told by the contents of package.json."""

import json
import re
from collections.abc import Collection
from fnmatch import fnmatchcase
from posixpath import normpath

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
    for path in (prefix + "package.json", *members):
        if not _is_plain(path, context, runs_scripts, folders):
            return None
    lines = [text, *(_scripts(path, context) for path in (prefix + "package.json", *members))]
    for member in members:
        offered = programs(member, context)
        if any(_loses_its_mode(path, context) and _is_called(name, lines) for path, name in offered.items()):
            return None
        found += [member, *offered]
    found += [
        file.path
        for file in context.files
        if any(file.path.startswith(prefix + folder) for folder in NODE_FOLDERS)
    ]
    return tuple(dict.fromkeys(found))


def programs(path: str, context: Context) -> dict[str, str]:
    """Return the programs that a workspace's member offers, by path with their names."""
    manifest = _manifest(path, context) or {}
    given = manifest.get("bin")
    named = given if isinstance(given, dict) else {str(manifest.get("name")).rpartition("/")[2]: given}
    places = {normpath(f"{path.rpartition('/')[0]}/{each}"): name for name, each in named.items()}
    return {place: name for place, name in places.items() if context.file(place) is not None}


def _loses_its_mode(path: str, context: Context) -> bool:
    """Tell whether a program is executable only by what the install does, which a later copy undoes."""
    file = context.file(path)
    return file is not None and not file.mode & 0o111


def _is_called(name: str, lines: Collection[str]) -> bool:
    return any(re.search(rf"(?<![\w@/.-]){re.escape(name)}(?![\w/.-])", line) for line in lines)


def _scripts(path: str, context: Context) -> str:
    given = (_manifest(path, context) or {}).get("scripts")
    return "\n".join(str(each) for each in given.values()) if isinstance(given, dict) else ""


def _is_plain(path: str, context: Context, runs_scripts: bool, members: Collection[str]) -> bool:
    """Tell whether a package.json asks for nothing of the project but manifests, members' folders aside."""
    manifest = _manifest(path, context)
    if manifest is None:
        return False
    scripts = manifest.get("scripts")
    if runs_scripts and isinstance(scripts, dict):
        for name in _SCRIPTS:
            if name in scripts and not re.fullmatch(_HARMLESS_SCRIPT, str(scripts[name])):
                return False
    for kind in ("dependencies", "devDependencies", "optionalDependencies", "resolutions", "overrides"):
        given = manifest.get(kind)
        for each in given.values() if isinstance(given, dict) else ():
            if str(each).startswith(_INSIDE) and _folder(str(each), path) not in members:
                return False
    return True


def _folder(dependency: str, manifest: str) -> str:
    """Return the folder in the context that ``link:../lib`` names in a manifest."""
    return normpath(f"{manifest.rpartition('/')[0] or '.'}/{dependency.rpartition(':')[2]}")


def _manifest(path: str, context: Context) -> dict[str, object] | None:
    text = context.text_of(path)
    if text is None:
        return None
    try:
        content = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _members(context: Context, prefix: str) -> list[str] | None:
    """Return the manifests of a workspace's members, none for a project alone."""
    manifest = _manifest(prefix + "package.json", context) or {}
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
