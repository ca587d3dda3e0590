"""DO1007: an install that nothing pins: what a rerun installs is another matter."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from dockeropt.checks.packages.installs import Install, installs_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.lock_files import LOCK_FILES
from dockeropt.knowledge.package_manager import Reads
from dockeropt.knowledge.package_managers import PACKAGE_MANAGERS
from dockeropt.semantics.build import Build
from dockeropt.semantics.patterns import has_wildcard
from dockeropt.syntax.instructions import Copy, Run, View


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each install whose step has the list of dependencies and no lock file beside it."""
    taken: list[_Taken] = []
    for stage in build.stages:
        own = _Taken(build) if stage.base_stage is None else taken[stage.base_stage].copy()
        taken.append(own)
        for view in stage.views:
            own.add(view)
            if isinstance(view, Run) and own.is_known:
                for install in installs_of(view, build):
                    if install.reads is Reads.MANIFESTS and not install.manifests:
                        yield from _check(install, own, build)


def _check(install: Install, taken: "_Taken", build: Build) -> Iterator[Finding]:
    locks = LOCK_FILES.get(install.manager.name)
    if locks is None or not install.manager.usual_manifests:
        return
    manifest = install.manager.usual_manifests[0]
    folders = taken.folders.get(manifest)
    if folders is None or any(fnmatchcase(name, pattern) for pattern in locks for name in taken.lock_files):
        return
    there = _lock_in_context(folders, locks, build)
    what = f"copy `{there}` too" if there else f"commit a lock file and copy it beside {manifest}"
    yield Finding(
        install.command.span,
        f"`{install.line}` installs other versions whenever it runs, "
        f"and old ones while the cache keeps it; {what}",
    )


class _Taken:
    """The manifests and lock files that the steps so far take from the context."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._sources: set[str] = set()
        self.is_known = True
        """False where the text does not tell what is taken"""
        self.folders: dict[str, set[str]] = {}
        """of each manifest the folders it is in"""
        self.lock_files: set[str] = set()
        """their names"""

    def copy(self) -> "_Taken":
        """Return another one that goes on from here."""
        other = _Taken(self._build)
        other._sources, other.is_known = set(self._sources), self.is_known
        other.folders = {name: set(folders) for name, folders in self.folders.items()}
        other.lock_files = set(self.lock_files)
        return other

    def add(self, view: View) -> None:
        """Add what an instruction takes."""
        if not self.is_known:
            return
        sources = _sources_of(view)
        if sources is None:
            self.is_known = False
            return
        for source in sources:
            if source in self._sources:
                continue
            self._sources.add(source)
            paths = _files(source, self._build)
            if paths is None:
                self.is_known = False
                return
            for path in paths:
                folder, _, name = path.rpartition("/")
                if name in _MANIFESTS:
                    self.folders.setdefault(name, set()).add(folder)
                if name in _LOCKS or any(fnmatchcase(name, pattern) for pattern in _LOCK_PATTERNS):
                    self.lock_files.add(name)


_MANIFESTS = frozenset(
    manager.usual_manifests[0]
    for manager in PACKAGE_MANAGERS
    if manager.name in LOCK_FILES and manager.usual_manifests
)
_LOCK_PATTERNS = tuple(
    sorted({pattern for patterns in LOCK_FILES.values() for pattern in patterns if "*" in pattern})
)
_LOCKS = frozenset(pattern for patterns in LOCK_FILES.values() for pattern in patterns if "*" not in pattern)


def _sources_of(view: View) -> list[str] | None:
    """Return what an instruction takes from the context; None where the text does not tell."""
    if isinstance(view, Run):
        if any(mount.options.get("from") for mount in view.mounts):
            return None
        return [
            mount.options.get("source", mount.options.get("src", "."))
            for mount in view.mounts
            if mount.type == "bind"
        ]
    if not isinstance(view, Copy):
        return []
    if view.source_stage is not None or view.instruction.heredocs or view.parents:
        return None
    return [word.value for word in view.sources]


def _files(source: str, build: Build) -> Iterable[str] | None:
    if "$" in source or "://" in source:
        return None
    if build.context is not None:
        return [file.path for file in build.context.select((source,))]
    name = source.rstrip("/").rpartition("/")[2]
    is_file = "." in name.strip(".") or name in ("Gemfile", "Pipfile")
    return None if has_wildcard(source) or not is_file else [source]


def _lock_in_context(folders: set[str], locks: tuple[str, ...], build: Build) -> str | None:
    """Return the lock file that lies beside a manifest that is copied."""
    for file in build.context.files if build.context is not None else ():
        folder, _, name = file.path.rpartition("/")
        if folder in folders and any(fnmatchcase(name, pattern) for pattern in locks):
            return file.path
    return None


RULE = Rule("DO1007", "install-without-lock-file", Severity.INFO, Build, check)
