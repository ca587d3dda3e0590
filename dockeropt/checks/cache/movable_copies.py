"""Which copies can be moved past what stands between them and an install."""

from collections.abc import Sequence

from dockeropt.checks.cache.idle_commands import is_idle
from dockeropt.checks.cache.landings import landings, resolved
from dockeropt.checks.shell.commands import commands_of
from dockeropt.semantics.build import Build, Stage
from dockeropt.semantics.context import Context
from dockeropt.syntax.instructions import (
    Cmd,
    Copy,
    Entrypoint,
    Expose,
    From,
    Healthcheck,
    Onbuild,
    Run,
    Unknown,
    View,
    Volume,
    Workdir,
)


def copies_to_move(
    run: Run, excessive: Sequence[Copy], build: Build, context: Context
) -> tuple[Copy, ...] | None:
    """Return the copies to move past what stands between them and a RUN: these, and those that overlap them.

    None where something between may read what is copied.
    """
    first, last = excessive[0].instruction.span.start, run.instruction.span.start
    base, stage = build.stage_of(excessive[0]), build.stage_of(run)
    if base is not stage and (stage.triggers or _is_used_else(base, build)):
        return None
    moved: list[Copy] = []
    taken: set[str] = set()
    views = (*(() if base is stage else base.views), *stage.views)
    between = [each for each in views if first <= each.instruction.span.start < last]
    for view in between:
        if isinstance(view, Copy):
            if view.parents or view.exclude:
                return None
            places = {} if view.source_stage is not None else landings(view, build, context)
            is_excessive = any(view is each for each in excessive)
            overlaps = not taken.isdisjoint(places) if places else _may_overlap(view, moved, build)
            if is_excessive or overlaps:
                if not is_movable(view, context):
                    return None
                moved.append(view)
                taken.update(places)
        elif not _lets_pass(view, moved, build):
            return None
    return tuple(moved)


def is_movable(copy: Copy, context: Context) -> bool:
    """Tell whether a copy says in plain words what it copies, so that it can be written elsewhere."""
    parts = (*copy.sources, copy.target)
    return (
        not (copy.parents or copy.exclude or copy.source_stage is not None)
        and not (copy.instruction.heredocs or copy.instruction.comments)
        and "$" not in copy.instruction.body.text
        and all(word is not None and word.raw == word.value for word in parts)
        and (not copy.is_add or _adds_folders(copy, context))
    )


def _adds_folders(copy: Copy, context: Context) -> bool:
    """Tell whether an ADD does what COPY would: it unpacks archives, yet not those in folders."""
    return all(each.name in ("chown", "chmod") for each in copy.instruction.flags) and all(
        context.select([word.value])
        and context.file(word.value.strip("/")) is None
        and not any(mark in word.value for mark in "*?[:")
        for word in copy.sources
    )


def _may_overlap(copy: Copy, moved: Sequence[Copy], build: Build) -> bool:
    """Tell whether a copy of files that nobody knows may write where moved copies do."""
    if copy.target is None:
        return True
    path = resolved(copy.target.value, build.scope_of(copy).workdir) + "/"
    for each in moved:
        target = resolved(each.target.value if each.target else ".", build.scope_of(each).workdir) + "/"
        if path.startswith(target) or target.startswith(path):
            return True
    return False


def _lets_pass(view: View, copies: Sequence[Copy], build: Build) -> bool:
    if isinstance(view, Run):
        return all(is_idle(each) for each in commands_of(view, build))
    if isinstance(view, Workdir):
        return all(copy.target is not None and copy.target.value.startswith("/") for copy in copies)
    return not isinstance(view, From | Onbuild | Unknown | Volume)


def _is_used_else(base: Stage, build: Build) -> bool:
    """Tell whether a stage hands over files by other ways than FROM, or may do so, or is run as an image."""
    if any(isinstance(view, Cmd | Entrypoint | Expose | Healthcheck) for view in base.views):
        return True
    for stage in build.stages:
        for view in (*stage.triggers, *stage.views):
            names = [view.source_stage.value] if isinstance(view, Copy) and view.source_stage else []
            if isinstance(view, Run):
                names += [mount.options["from"] for mount in view.mounts if "from" in mount.options]
            if any("$" in name or build.stage_named(name) is base for name in names):
                return True
    return False
