"""A Dockerfile whose cache mounts are empty at first: cold means cold, and nobody's cache is pruned for it.

``--no-cache`` leaves cache mounts filled. The id of a cache mount is no part of any step's key (facts: tried
on the engine), so a copy of the file with other ids builds the same image. Afterwards they are emptied by a
build, not pruned: once BuildKit has pruned anything, be it one record by its id, it runs all cached steps of
the user again (tried on the engine, 26.1.5 with the containerd store).
"""

import re
from collections.abc import Iterable, Mapping

from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.edits import Edit, apply
from dockeropt.syntax.instructions import Mount, Run
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source, Span
from dockeropt.syntax.views import view

_TARGETS = ("target", "dst", "destination")


def with_own_cache_mounts(text: str, run: str) -> str:
    """Return the Dockerfile with the run's name before the id of every cache mount; equal ids stay equal."""
    dockerfile = parse(Source(text))
    edits: list[Edit] = []
    for instruction in dockerfile.instructions:
        seen = view(instruction, dockerfile.escape)
        if isinstance(seen, Run):
            edits += [_edit(mount, run, text) for mount in seen.mounts if mount.type == "cache"]
    return apply(text, edits)


def without_own_ids(step: str, run: str) -> str:
    """Return a step's name as the user's Dockerfile has it."""
    return re.sub(rf""",id={re.escape(run)}-[^\s,"']*""", "", step)


def own_mounts(text: str, run: str, arguments: Mapping[str, str]) -> dict[str, set[str]]:
    """Return the ids of the run's cache mounts by the image that the steps which use them stand on.

    Ids with a variable in them are left out, and so are steps on ``scratch``.
    """
    build = resolve(parse(Source(text)), arguments)
    found: dict[str, set[str]] = {}
    for stage in build.stages:
        root = stage
        while root.base_stage is not None:
            root = build.stages[root.base_stage]
        mounts = [mount for each in stage.views if isinstance(each, Run) for mount in each.mounts]
        ids = {mount.options.get("id", "") for mount in mounts if mount.type == "cache"}
        own = {each for each in ids if each.startswith(run) and "$" not in each}
        if own and root.image is not None:
            found.setdefault(str(root.image), set()).update(own)
    return found


def emptying(image: str, ids: Iterable[str]) -> str:
    """Return a Dockerfile whose build empties cache mounts."""
    mounts = " ".join(
        f"--mount=type=cache,id={each},target=/dockeropt/{at}" for at, each in enumerate(sorted(ids))
    )
    return f"FROM {image}\nUSER 0\nRUN {mounts} rm -rf /dockeropt/*/* /dockeropt/*/.[!.]*\n"


def _edit(mount: Mount, run: str, text: str) -> Edit:
    # Of two ids the last one counts (BuildKit, instructions/commands_runmount.go), so one is added. It may
    # hold variables: they are expanded there as they were.
    known = mount.options.get("id") or next((mount.options[t] for t in _TARGETS if t in mount.options), "")
    end = mount.span.end
    if text[end - 1 : end] in {'"', "'"}:
        end -= 1
    return Edit(Span(end, end), f",id={run}-{known.lstrip('/')}")
