"""The files of a project that an install really reads, told by the contents of its manifests.

A path is that of a file in the build context. None means that nobody can tell: an install script that may
read sources, a dependency that is a folder of the project, a manifest that is not what it should be.
"""

import re
from fnmatch import fnmatchcase
from posixpath import normpath, relpath

from dockeropt.checks.packages.installs import Install
from dockeropt.knowledge.node_files import NODE_FILES, NODE_FOLDERS
from dockeropt.semantics.context import Context

_SCRIPTS = ("preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare")
"""a project's own scripts that its package manager runs when it installs"""
_HARMLESS_SCRIPT = r"\s*(?:npx\s+)?(?:only-allow\s+\w+|patch-package)\s*"
_INSIDE = ("file:", "link:", "portal:", "./", "../", "/")
_PNPM_PACKAGES = r"(?m)^packages:[^\n]*\n((?:[ \t]*(?:[-#][^\n]*)?(?:\n|\Z))*)"
_ITEM = r"(?m)^[ \t]*-[ \t]*['\"]?([^'\"#\n]+?)['\"]?[ \t]*(?:#.*)?$"
_INCLUDE = r"(?:-r|--requirement|-c|--constraint)[ =]?\s*(\S+)"
_OWN_PACKAGE = r"-e\b|--editable|\.{1,2}(?:/|$|\[)|file:|/"


def needed_files(install: Install, context: Context, folder: str, target: str) -> tuple[str, ...] | None:
    """Return the files an install reads; it runs in ``folder`` of the context, ``target`` in the image."""
    name = install.manager.name
    if name in ("npm", "yarn", "pnpm", "bun"):
        return _of_node(install, context, folder)
    if name in ("pip", "uv") and install.manifests:
        paths = [
            relpath(each, target) if each.startswith("/") else each.removeprefix("./")
            for each in install.manifests
        ]
        return None if any(each.startswith("..") for each in paths) else _of_pip(paths, context, folder)
    if name == "go":
        return _of_go(context, folder)
    return None


def _of_node(install: Install, context: Context, folder: str) -> tuple[str, ...] | None:
    prefix = f"{folder}/" if folder else ""
    found = [prefix + name for name in NODE_FILES if context.file(prefix + name) is not None]
    if prefix + "package.json" not in found:
        return None
    runs_scripts = not install.command.has_flag("--ignore-scripts")
    members = _members(context, prefix)
    if members is None or not _is_plain(prefix + "package.json", context, runs_scripts):
        return None
    for member in members:
        if not _is_plain(member, context, runs_scripts):
            return None
        found.append(member)
    found += [
        file.path
        for file in context.files
        if any(file.path.startswith(prefix + folder) for folder in NODE_FOLDERS)
    ]
    return tuple(dict.fromkeys(found))


def _is_plain(path: str, context: Context, runs_scripts: bool) -> bool:
    """Tell whether a package.json asks for nothing of the project but manifests."""
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
        if isinstance(given, dict) and any(str(each).startswith(_INSIDE) for each in given.values()):
            return False
    return True


def _manifest(path: str, context: Context) -> dict[str, object] | None:
    text = context.text_of(path)
    if text is None:
        return None
    import json  # other projects' installs do without

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
    if any("**" in each or each[:1] == "!" or each[:2] == ".." for each in listed):
        return None
    wanted = [f"{prefix}{normpath(each)}/package.json" for each in listed]
    return [
        file.path
        for file in context.files
        for pattern in wanted
        if file.path.count("/") == pattern.count("/") and fnmatchcase(file.path, pattern)
    ]


def _of_pip(paths: list[str], context: Context, folder: str) -> tuple[str, ...] | None:
    """Return requirements files and those they include."""
    found: dict[str, None] = {}
    waiting = [normpath(f"{folder}/{path}" if folder else path) for path in paths]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        text = context.text_of(path) if context.file(path) is not None else None
        if text is None:
            return None
        found[path] = None
        for line in text.splitlines():
            included = re.match(_INCLUDE, line.strip())
            if included is not None:
                waiting.append(normpath(f"{path.rpartition('/')[0] or '.'}/{included[1]}"))
            elif re.match(_OWN_PACKAGE, line.strip()):
                return None
    return tuple(sorted(found))


def _of_go(context: Context, folder: str) -> tuple[str, ...] | None:
    prefix = f"{folder}/" if folder else ""
    text = context.text_of(prefix + "go.mod") if context.file(prefix + "go.mod") is not None else None
    if text is None or re.search(r"=>\s*\.", text) or context.file(prefix + "go.work") is not None:
        return None
    return tuple(prefix + name for name in ("go.mod", "go.sum") if context.file(prefix + name) is not None)
