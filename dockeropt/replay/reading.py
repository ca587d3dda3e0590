"""What the work of a step reads, told from its commands: an install reads manifests, a build everything."""

from enum import Enum
from fnmatch import fnmatchcase

from dockeropt.cache.selection import Selection
from dockeropt.cache.steps import Source, Step
from dockeropt.checks.cache.environment_readers import may_read_environment
from dockeropt.checks.packages.installs import Install, installs_of
from dockeropt.checks.shell.commands import commands_of
from dockeropt.knowledge.package_manager import Reads
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Copy, Form, From, Run

_FILE_READERS = frozenset(("cat", "cp", "install", "mv", "sed"))
"""programs that may carry files of the context on, though they build nothing"""


class Kind(Enum):
    """What a step does, as far as its price goes."""

    IMAGE = "base image"
    FILES = "copy"
    FOLDER = "WORKDIR"
    INSTALL = "install of dependencies"
    PACKAGES = "install of named packages"
    BUILD = "build"
    OTHER = "other RUN"


class Reading(NamedTuple):
    """What a step's work reads."""

    kind: Kind
    install: Install | None
    """the install of the project's dependencies it makes, if any"""
    is_narrow: bool
    """whether it reads nothing of the project but that install's manifests"""
    reads_environment: bool
    """whether it may look at variables that its text does not name"""


def reading_of(step: Step, build: Build) -> Reading:
    """Return what a step's work reads."""
    view = step.view
    if isinstance(view, Run):
        return _reading_of_run(view, build)
    kind = Kind.IMAGE if isinstance(view, From) else Kind.FILES if isinstance(view, Copy) else Kind.FOLDER
    return Reading(kind, None, False, False)


def _reading_of_run(run: Run, build: Build) -> Reading:
    installs = installs_of(run, build)
    reads_environment = may_read_environment(run, build)
    wide = next((each for each in installs if each.reads is Reads.SOURCES), None)
    install = next((each for each in installs if each.reads is Reads.MANIFESTS), wide)
    if wide is not None or reads_environment:
        return Reading(Kind.BUILD if install is None or wide else Kind.INSTALL, install, False, True)
    is_narrow = bool(installs) and not _reads_files(run, build)
    if install is not None:
        return Reading(Kind.INSTALL, install, is_narrow, False)
    return Reading(Kind.PACKAGES if installs else Kind.OTHER, None, is_narrow, False)


def _reads_files(run: Run, build: Build) -> bool:
    if run.command.form is not Form.EXEC and build.script_of(run) is None:
        return True
    return any(command.base_name in _FILE_READERS for command in commands_of(run, build))


class Manifests(Selection):
    """The manifests of an install among what a source takes in."""

    __slots__ = ("_folders", "_given", "_install", "_names")

    def __init__(self, pattern: str, source: Source, install: Install) -> None:
        super().__init__(pattern, source)
        self._install = install
        self._given = frozenset(path.rpartition("/")[2] for path in install.manifests)
        names = ("*requirements*", "*constraints*") if self._given else install.manager.manifests
        self._names = tuple(name for name in names if "/" not in name)
        self._folders = (
            ("requirements",) if self._given else tuple(name.strip("/") for name in install.manager.manifests)
        )
        self.key = (*self.key, self._names, tuple(sorted(self._given)))

    def name_of(self, path: str) -> str | None:
        """Return what counts of a path, None where it is not taken or no manifest."""
        name = super().name_of(path)
        return name if name is not None and self._is_manifest(path) else None

    def _other(self, pattern: str, source: Source) -> "Manifests":
        return Manifests(pattern, source, self._install)

    def _is_manifest(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        if name in self._given or any(fnmatchcase(name, pattern) for pattern in self._names):
            return True
        inside = f"/{path}"
        return any(f"/{folder}/" in inside for folder in self._folders)
