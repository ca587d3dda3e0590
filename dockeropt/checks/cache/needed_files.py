"""The files of a project that an install really reads, told by the contents of its manifests.

A path is that of a file in the build context. None means that nobody can tell: an install script that may
read sources, a dependency that is a folder of the project, a manifest that is not what it should be.
"""

import re
from posixpath import normpath, relpath

from dockeropt.checks.packages.installs import Install
from dockeropt.knowledge.package_manager import Reads
from dockeropt.semantics.context import Context

_INCLUDE = r"(?:-r|--requirement|-c|--constraint)[ =]?\s*(\S+)"
_OWN_PACKAGE = r"-e\b|--editable|\.{1,2}(?:/|$|\[)|file:|/"


def needed_files(
    install: Install, context: Context, folder: str, target: str, text: str
) -> tuple[str, ...] | None:
    """Return the files an install reads; it runs in ``folder`` of the context, ``target`` in the image.

    ``text`` is the Dockerfile's: what it calls must stay what the install makes of it.
    """
    name = install.manager.name
    if name in ("npm", "yarn", "pnpm", "bun"):
        from dockeropt.checks.cache.node_manifests import node_files

        return node_files(install, context, folder, text)
    if name in ("pip", "uv") and install.manifests:
        paths = [
            relpath(each, target) if each.startswith("/") else each.removeprefix("./")
            for each in install.manifests
        ]
        return None if any(each.startswith("..") for each in paths) else _of_pip(paths, context, folder)
    if name == "go":
        return _of_go(context, folder)
    if name in ("pip", "uv") and not install.line.startswith("uv sync"):
        return None
    if (name == "dotnet" and folder) or (name == "cargo" and install.reads is Reads.MANIFESTS):
        return None
    from dockeropt.checks.cache.project_manifests import project_files

    return project_files(name, context, folder)


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
