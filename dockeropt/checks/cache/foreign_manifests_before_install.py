"""DO1006: an install starts from manifests that it does not read."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import islice

from dockeropt.cache.steps import Origin, Step
from dockeropt.checks.cache.copy_before_install import is_neutral
from dockeropt.checks.cache.environment_readers import may_read_environment
from dockeropt.checks.packages.installs import Install, installs_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding, Related
from dockeropt.knowledge.package_manager import Reads
from dockeropt.knowledge.package_managers import PACKAGE_MANAGERS
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Copy, Run

_LISTS = frozenset(
    name
    for manager in PACKAGE_MANAGERS
    for name in (*manager.usual_manifests, *manager.manifests[:2])
    if "*" not in name and " " not in name
)
"""manifests that change with the dependencies: ``package.json``, ``go.sum``"""

_MOST_SOURCES = 50
"""how far back one is looked for: no real file copies as many lists before an install"""


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each install that runs again for a list of other dependencies."""
    candidates = {id(run): installs for run, installs in _candidates(build)}
    if not candidates:
        return
    # the step graph is loaded only for a file that may be at fault
    from dockeropt.cache.graph import StepGraph
    from dockeropt.cache.walk import Walk

    taken: dict[int, _Taken] = {}
    for step in StepGraph(build, *Walk(build, frozenset(range(len(build.stages)))).read()).steps:
        own = taken.get(step.stage)
        if own is None:
            base = build.stages[step.stage].base_stage
            own = taken[step.stage] = _Taken() if base is None or base not in taken else taken[base].copy()
        installs = candidates.get(id(step.view))
        if installs is not None and isinstance(step.view, Run) and own.has_only_lists:
            yield from _check(step.view, installs, own)
        own.add(step)


class _Taken:
    """What the steps of a stage so far take from the context."""

    def __init__(self) -> None:
        self.has_only_lists = True
        self.sources: dict[tuple[str, ...], Step] = {}
        """by their patterns, the nearest last"""

    def add(self, step: Step) -> None:
        for source in step.sources:
            if source.origin is Origin.CONTEXT:
                self.has_only_lists = self.has_only_lists and all(map(_is_list, source.patterns))
                self.sources.pop(source.patterns, None)
                self.sources[source.patterns] = step

    def copy(self) -> "_Taken":
        other = _Taken()
        other.has_only_lists, other.sources = self.has_only_lists, dict(self.sources)
        return other


def _check(run: Run, installs: tuple[Install, ...], taken: _Taken) -> Iterator[Finding]:
    for patterns, earlier in islice(reversed(taken.sources.items()), _MOST_SOURCES):
        unread = [each for each in patterns if not _reads(each, installs, run)]
        if unread and isinstance(earlier.view, Copy):
            install, name = installs[0], unread[0].rpartition("/")[2]
            yield Finding(
                install.command.span,
                f"every edit of `{name}` runs `{install.line}` again, which does not read it; "
                "install before you copy it",
                related=(Related(earlier.view.sources[0].span, "it is copied here"),),
            )
            return


def _candidates(build: Build) -> Iterator[tuple[Run, tuple[Install, ...]]]:
    """Yield each RUN that does nothing but install, after a list was copied."""
    if not any(
        _is_list(source.value)
        for stage in build.stages
        for view in stage.views
        if isinstance(view, Copy) and view.source_stage is None
        for source in view.sources
    ):
        return
    for stage in build.stages:
        for view in stage.views:
            if not isinstance(view, Run):
                continue
            installs = installs_of(view, build)
            if not installs or any(each.reads is Reads.SOURCES for each in installs):
                continue
            if is_neutral(commands_of(view, build)) and not may_read_environment(view, build):
                yield view, installs


def _is_list(path: str) -> bool:
    return path.rpartition("/")[2] in _LISTS


def _reads(path: str, installs: tuple[Install, ...], run: Run) -> bool:
    name = path.rpartition("/")[2]
    if name in run.command.script.text:
        return True
    return any(
        install.reads is Reads.MANIFESTS
        and any(fnmatchcase(name, manifest) for manifest in install.manager.manifests)
        for install in installs
    )


RULE = Rule("DO1006", "foreign-manifests-before-install", Severity.INFO, Build, check)
