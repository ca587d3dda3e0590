"""A project's own install scripts that may read sources: left out of the install, run when those are there.

``--ignore-scripts`` would leave out those of the packages as well, which many of them need.
"""

import re
from collections.abc import Sequence

from dockeropt.checks.packages.installs import Install
from dockeropt.checks.shell.chains import may_precede
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import Edit, insert
from dockeropt.syntax.instructions import Copy, Run

_OLDEST_NODE = 16
"""of Node, the oldest whose npm has ``pkg delete``"""
_LATER = {"npm": ("postinstall", "prepare"), "yarn": ("postinstall",), "pnpm": ("postinstall",)}
"""scripts that run when all packages are there, so they may as well run later; yarn and pnpm run ``prepare``
in some versions and installs only"""


class OwnScripts(NamedTuple):
    """Scripts that an install is to leave out. ``edit`` does so, ``line`` runs them."""

    names: tuple[str, ...]
    edit: Edit
    line: str


def may_run_later(install: Install, names: Sequence[str]) -> bool:
    """Tell whether an install's scripts of these names may run after it, in a step of their own."""
    return all(name in _LATER.get(install.manager.name, ()) for name in names)


def own_scripts(
    install: Install, names: Sequence[str], run: Run, bringing: Copy, build: Build
) -> OwnScripts | None:
    """Return how to leave scripts out of an install and run them later, None where that is not certain."""
    start = may_precede(install.command, run, build)
    if start is None or not _has_npm(run, build):
        return None
    if build.scope_of(run).user not in (None, "root", "0") or bringing.chmod is not None:
        return None
    kept = [name for name in _LATER[install.manager.name] if name in names]
    deleted = " ".join(f"scripts.{name}" for name in kept)
    line = " && ".join(f"{install.manager.name} run {name}" for name in kept)
    return OwnScripts(tuple(kept), insert(start, f"npm pkg delete {deleted} && "), line)


def _has_npm(run: Run, build: Build) -> bool:
    """Tell whether a RUN's image is Node's own, and new enough."""
    image = build.root_image(build.stage_of(run))
    if image is None or image.last_name != "node":
        return False
    found = re.match(r"([0-9]+)(?![0-9])", image.tag or "")
    return (
        int(found[1]) >= _OLDEST_NODE
        if found
        else re.match(r"(?:lts|latest|current|slim|alpine|$)", image.tag or "") is not None
    )
