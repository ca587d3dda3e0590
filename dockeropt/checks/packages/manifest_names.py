"""The manifests of a project by their names, as a message lists them."""

from dockeropt.checks.packages.installs import Install
from dockeropt.knowledge.credentials import credentials_in
from dockeropt.knowledge.file_names import is_named
from dockeropt.semantics.context import Context


def manifest_names(install: Install, context: Context | None, below: str = ".") -> str:
    """Return the files an install reads as a phrase: those of the context, else the manager's usual ones."""
    given = tuple(name.rpartition("/")[2] if name.startswith("/") else name for name in install.manifests)
    names = given or (None if context is None else _in_context(install, context, below))
    return phrase(names or install.manager.usual_manifests)


def phrase(names: tuple[str, ...]) -> str:
    """Return names as in ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _in_context(install: Install, context: Context, below: str) -> tuple[str, ...] | None:
    """Return the manifests in the uppermost folder that has the most important one of them.

    Files that may hold credentials are left out: they are to be mounted, not copied.
    """
    patterns = install.manager.manifests
    key = install.manager.usual_manifests[0] if install.manager.usual_manifests else ""
    prefix = "" if below in (".", "*") else below.rstrip("/*") + "/"
    paths = [file.path for file in context.files if file.path.startswith(prefix)]
    folders = [path.removesuffix(key) for path in paths if path == key or path.endswith("/" + key)]
    if not folders:
        return None
    folder = min(folders, key=lambda each: (each.count("/"), each))
    inside = [path[len(folder) :] for path in paths if path.startswith(folder)]
    found: dict[str, None] = {}
    for pattern in patterns:
        for path in inside:
            if credentials_in(path) is not None:
                continue
            if path.startswith(pattern + "/"):
                found[folder + pattern] = None
            elif "/" not in path and is_named(path, pattern):
                found[folder + path] = None
    if len(folders) > 1 and any(path.endswith(("pnpm-workspace.yaml", "lerna.json")) for path in found):
        found[f"the {key} of every workspace"] = None
    return tuple(found)
