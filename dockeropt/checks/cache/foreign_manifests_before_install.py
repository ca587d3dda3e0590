"""DO1006: an install starts from manifests that it does not read."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from dockeropt.checks.cache.copy_before_install import is_neutral
from dockeropt.checks.cache.environment_readers import may_read_environment
from dockeropt.checks.packages.installs import Install, installs_of
from dockeropt.checks.rule import Options, Rule
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


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each install that runs again for a list of other dependencies."""
    candidates = {id(run): installs for run, installs in _candidates(build)}
    if not candidates:
        return
    # the step graph is loaded only for a file that may be at fault
    from dockeropt.cache.graph import StepGraph
    from dockeropt.cache.walk import Walk

    graph = StepGraph(build, *Walk(build, frozenset(range(len(build.stages)))).read())
    for step in graph.steps:
        installs = candidates.get(id(step.view))
        if installs is None or not isinstance(step.view, Run):
            continue
        before = graph.context_patterns_before(step)
        patterns = [pattern for _, source in before for pattern in source.patterns]
        if not all(_is_list(pattern) for pattern in patterns):
            continue  # what is wider than a list is DO1001's
        for earlier, source in before:
            unread = [each for each in source.patterns if not _reads(each, installs, step.view)]
            if unread and isinstance(earlier.view, Copy):
                install, name = installs[0], unread[0].rpartition("/")[2]
                yield Finding(
                    install.command.span,
                    f"every edit of `{name}` runs `{install.line}` again, which does not read it; "
                    "install before you copy it",
                    related=(Related(earlier.view.sources[0].span, "it is copied here"),),
                )
                break


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
            installs = tuple(installs_of(view, build))
            if not installs or any(each.reads is Reads.SOURCES for each in installs):
                continue
            if is_neutral(view, build) and not may_read_environment(view, build):
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
