"""Which files to copy before an install, and which of the copies brings them now."""

from collections.abc import Sequence
from itertools import takewhile
from posixpath import dirname

from dockeropt.checks.cache.landings import landings, resolved
from dockeropt.checks.cache.needed_files import needed_files
from dockeropt.checks.packages.installs import Install
from dockeropt.knowledge.manifests import is_manifest
from dockeropt.semantics.build import Build
from dockeropt.semantics.context import Context
from dockeropt.syntax.instructions import Copy, Run


def files_first(
    install: Install, run: Run, copies: Sequence[Copy], build: Build, context: Context
) -> tuple[Copy, str, tuple[tuple[str, str], ...]] | None:
    """Return what to copy before the install: path in the context and absolute path in the image of each.

    Also returned are the copy that brings them now, and the install's folder in the context. What another
    copy of the stage has brought before is not copied again.
    """
    workdir = resolved(".", build.scope_of(run).workdir)
    places: dict[str, str] = {}
    owner: dict[str, Copy] = {}
    for copy in copies:
        for place, path in landings(copy, build, context).items():
            places[place], owner[place] = path, copy
    inside = workdir.rstrip("/") + "/"
    for folder in _folders(places, inside):
        needed = needed_files(install, context, folder, workdir, build.dockerfile.source.text)
        if needed is None:
            continue
        prefix = f"{folder}/" if folder else ""
        by_place = {inside + path.removeprefix(prefix): path for path in needed if path.startswith(prefix)}
        there = _copied_before(run, copies, build, context)
        wanted = {place: path for place, path in by_place.items() if there.get(place) != path}
        if len(by_place) < len(needed):
            return None
        if any(places.get(place, path) != path for place, path in wanted.items()):
            return None
        found = tuple((path, place) for place, path in wanted.items() if place in places)
        owners = {id(owner[place]): owner[place] for _, place in found}
        strangers = any(
            dirname(place) == workdir
            and is_manifest(path)
            and path not in needed
            and id(owner[place]) not in owners
            for place, path in places.items()
        )
        if len(owners) > 1 or strangers:
            return None
        return next(iter(owners.values()), copies[0]), folder, found
    return None


def _folders(places: dict[str, str], inside: str) -> list[str]:
    """Return the folders of the context whose files come to lie in the working directory."""
    return list(
        dict.fromkeys(
            path[: -len(place) + len(inside)].rstrip("/")
            for place, path in places.items()
            if place.startswith(inside) and path.endswith(place[len(inside) :])
        )
    )


def _copied_before(run: Run, copies: Sequence[Copy], build: Build, context: Context) -> dict[str, str]:
    """Return what other copies have brought, each place with its path in the context."""
    found: dict[str, str] = {}
    views = (view for stage in reversed(build.lineage(build.stage_of(run))) for view in stage.views)
    for each in takewhile(lambda view: view is not run, views):
        if isinstance(each, Copy) and each.source_stage is None and not any(each is copy for copy in copies):
            found.update(landings(each, build, context))
    return found
