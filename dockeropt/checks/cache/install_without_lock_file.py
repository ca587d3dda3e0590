"""DO1007: an install that nothing pins: what a rerun installs is another matter."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from dockeropt.checks.packages.installs import Install, installs_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.lock_files import LOCK_FILES
from dockeropt.knowledge.package_manager import Reads
from dockeropt.semantics.build import Build, Stage
from dockeropt.semantics.patterns import has_wildcard
from dockeropt.syntax.instructions import Copy, Run, View


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each install whose step has the list of dependencies and no lock file beside it."""
    for stage in build.stages:
        lineage = [view for each in reversed(build.lineage(stage)[1:]) for view in each.views]
        for number, view in enumerate(stage.views):
            if not isinstance(view, Run):
                continue
            for install in installs_of(view, build):
                if install.reads is Reads.MANIFESTS and not install.manifests:
                    yield from _check(install, [*lineage, *stage.views[: number + 1]], build, stage)


def _check(install: Install, views: list[View], build: Build, stage: Stage) -> Iterator[Finding]:
    locks = LOCK_FILES.get(install.manager.name)
    if locks is None or not install.manager.usual_manifests:
        return
    manifest = install.manager.usual_manifests[0]
    paths = _taken(views, build)
    if paths is None or not any(_is_named(path, (manifest,)) for path in paths):
        return
    if any(_is_named(path, locks) for path in paths):
        return
    there = _locks_in_context(manifest, paths, locks, build)
    what = f"copy `{there}` too" if there else f"commit a lock file and copy it beside {manifest}"
    yield Finding(
        install.command.span,
        f"`{install.line}` installs other versions whenever it runs, "
        f"and old ones while the cache keeps it; {what}",
    )


def _taken(views: list[View], build: Build) -> list[str] | None:
    """Return the files that steps take from the context; None where that cannot be told from the text."""
    paths: list[str] = []
    for view in views:
        if isinstance(view, Run):
            sources = [
                mount.options.get("source", mount.options.get("src", "."))
                for mount in view.mounts
                if mount.type == "bind"
            ]
            if any(mount.options.get("from") for mount in view.mounts):
                return None
        elif isinstance(view, Copy):
            if view.source_stage is not None or view.instruction.heredocs or view.parents:
                return None
            sources = [word.value for word in view.sources]
        else:
            continue
        for source in sources:
            found = _files(source, build)
            if found is None:
                return None
            paths.extend(found)
    return paths


def _files(source: str, build: Build) -> Iterable[str] | None:
    if "$" in source or "://" in source:
        return None
    if build.context is not None:
        return [file.path for file in build.context.select((source,))]
    name = source.rstrip("/").rpartition("/")[2]
    is_file = "." in name.strip(".") or name in ("Gemfile", "Pipfile")
    return None if has_wildcard(source) or not is_file else [source]


def _is_named(path: str, names: tuple[str, ...]) -> bool:
    name = path.rpartition("/")[2]
    return any(fnmatchcase(name, pattern) for pattern in names)


def _locks_in_context(manifest: str, paths: list[str], locks: tuple[str, ...], build: Build) -> str | None:
    """Return the lock file that lies beside the manifest that is copied."""
    if build.context is None:
        return None
    folders = [path.removesuffix(manifest) for path in paths if _is_named(path, (manifest,))]
    for file in build.context.files:
        if _is_named(file.path, locks) and file.path.rpartition("/")[0] in [
            each.rstrip("/") for each in folders
        ]:
            return file.path
    return None


RULE = Rule("DO1007", "install-without-lock-file", Severity.INFO, Build, check)
