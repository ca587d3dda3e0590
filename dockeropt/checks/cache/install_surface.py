"""Installs whose change surface is larger than their need, by the step graph."""

from collections.abc import Iterable, Iterator

from dockeropt.cache.graph import StepGraph
from dockeropt.cache.steps import Origin, Step
from dockeropt.cache.walk import Walk
from dockeropt.checks.cache.excess import Excess, Width, widest_excess
from dockeropt.checks.cache.install_costs import cost_of, edits_of, place_of
from dockeropt.checks.packages.installs import Install
from dockeropt.diagnostics.finding import Finding, Fix, Related
from dockeropt.knowledge.manifests import is_manifest
from dockeropt.knowledge.package_manager import Reads
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Copy, Run, View

Manifests = frozenset[tuple[str, ...]]
"""the ecosystems of which an install has run, each told by its manifests"""


_MOST_MOVED = 8
_MOST_INSTRUCTIONS = 200
"""a stage of more is left to people, and to rules that only read it"""


def findings(candidates: Iterable[tuple[Run, Install]], build: Build) -> Iterator[Finding]:
    """Yield a finding at each of these installs that depends on more than it reads."""
    installs = {id(run): install for run, install in candidates}
    widest: list[Excess | None] = []
    has_manifests: list[bool] = []
    lean: list[Manifests] = []
    seen: list[Manifests] = []
    nothing: Manifests = frozenset()
    takes: dict[int, list[View]] = {}
    for step in _graph(build).steps:
        above = step.parent
        excess = widest_excess(step, None if above is None else widest[above], build.context)
        if build.context is not None and widest_excess(step, None, build.context) is not None:
            takes.setdefault(step.stage, []).append(step.view)
        copied = above is not None and has_manifests[above]
        lean_above = nothing if above is None else lean[above]
        seen_above = nothing if above is None else seen[above]
        widest.append(excess)
        has_manifests.append(copied or _takes_manifests(step))
        lean.append(lean_above)
        seen.append(seen_above)
        install = installs.get(id(step.view))
        if install is None:
            continue
        if install.reads is not Reads.NOTHING:
            manifests = install.manager.manifests
            seen[-1] = seen_above | {manifests}
            if manifests in (seen_above if install.reads is Reads.SOURCES else lean_above):
                continue
            if excess is None:
                lean[-1] = lean_above | {manifests}
        if excess is None:
            continue
        if install.reads is Reads.SOURCES and not _fetches(install, step, build, excess, copied):
            continue
        yield Finding(
            install.command.span,
            f"{edits_of(excess)} {cost_of(install, copied, build, excess)}",
            _fix(install, step, takes, build),
            related=(Related(place_of(excess), "this is what it depends on"),),
        )


def _fix(install: Install, step: Step, takes: dict[int, list[View]], build: Build) -> Fix | None:
    """Return the fix, where only copies of one stage are at fault, and few of them.

    ``takes`` has for each stage the steps so far that take more than manifests. Theirs is the stage of the
    install or the one that is FROM.
    """
    run, stage = step.view, build.stages[step.stage]
    if build.context is None or not isinstance(run, Run):
        return None
    holders = [each for each in build.lineage(stage) if each.number in takes]
    if len(holders) != 1 or holders[0].number not in (stage.number, stage.base_stage):
        return None
    above = takes.get(holders[0].number, [])
    if not 0 < len(above) <= _MOST_MOVED or len(stage.views) + len(holders[0].views) > _MOST_INSTRUCTIONS:
        return None
    copies = [view for view in above if isinstance(view, Copy)]
    if len(copies) < len(above):
        return None
    from dockeropt.checks.cache.manifests_first import manifests_first

    return manifests_first(install, run, copies, build)


def _graph(build: Build) -> StepGraph:
    """Return the steps of every stage, those included that the last one does not need."""
    walk = Walk(build, frozenset(range(len(build.stages))))
    return StepGraph(build, *walk.read())


def _takes_manifests(step: Step) -> bool:
    """Tell whether a step copies manifests on their own."""
    return any(
        is_manifest(pattern)
        for source in step.sources
        if source.origin is Origin.CONTEXT
        for pattern in source.patterns
    )


def _fetches(install: Install, step: Step, build: Build, excess: Excess, has_manifests: bool) -> bool:
    """Tell whether a command that builds fetches what no cache mount and no vendor folder holds."""
    if not install.manager.fetch or _has_cache_mount(step):
        return False
    if not has_manifests and (excess.width is Width.FILE or _is_in_go_path(excess)):
        return False
    context = build.context
    if context is None or not install.manager.needs:
        return True
    paths = [file.path for file in context.files]
    return any(path.rpartition("/")[2] == install.manager.needs for path in paths) and not any(
        path.endswith("vendor/modules.txt") for path in paths
    )


def _is_in_go_path(excess: Excess) -> bool:
    """Tell whether sources go where Go looked for them before it had modules."""
    target = excess.step.view.target if isinstance(excess.step.view, Copy) else None
    return target is not None and ("go/src/" in target.value or "GOPATH" in target.value)


def _has_cache_mount(step: Step) -> bool:
    return isinstance(step.view, Run) and any(mount.type == "cache" for mount in step.view.mounts)
