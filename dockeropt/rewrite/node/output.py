"""What the build of an app leaves, and what runs or serves it."""

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Variable
from dockeropt.rewrite.node.project import Project


class Static(NamedTuple):
    """Files for a file server. ``folder`` is relative to the app's folder."""

    folder: str
    base: str = ""
    """the path below which the app lives, without slashes at its ends"""
    immutable: tuple[str, ...] = ()
    """regular expressions of paths below the base whose names carry a hash: ``assets/``"""
    fallback: str = "index.html"
    """what an unknown path gets: the page of a single-page app, ``404.html``, or empty for a plain 404"""

    @property
    def is_single_page(self) -> bool:
        """Whether unknown paths are the app's own to route."""
        return self.fallback not in ("", "404.html")


class Server(NamedTuple):
    """A program that serves the app. ``files`` empty means the whole app, as it stands after the build."""

    files: tuple[tuple[str, str], ...] = ()
    """paths relative to the app's folder, and where each goes below the working directory"""
    command: tuple[str, ...] = ()
    """empty: as the old image starts"""
    needs_modules: bool = True
    environment: tuple[tuple[str, str], ...] = ()
    """what it needs to be reached from outside: HOST, HOSTNAME"""
    port: int | None = None
    """where it listens by itself"""
    reads_port: bool = False
    """it listens where PORT says"""
    ends_by_itself: bool = False
    """it handles SIGTERM as PID 1"""
    reason: str = ""
    bundles: bool = False
    """what devDependencies name is bundled into it"""
    static: tuple[tuple[str, str], ...] = ()
    """what of it a CDN can serve: paths relative to the app's folder, and where each goes there"""


class Output(NamedTuple):
    """What the build makes; ``refusal`` says why the old Dockerfile has to stay, empty where it has not."""

    result: Static | Server
    build: str = ""
    """the command that builds where package.json has no script for it; empty for none"""
    build_environment: tuple[Variable, ...] = ()
    build_caches: tuple[str, ...] = ()
    """folders relative to the app that the next build is quicker with"""
    made: tuple[str, ...] = ()
    """folders of the app that a build makes, for .dockerignore"""
    decisions: tuple[Decision, ...] = ()
    refusal: str = ""


def literal(name: str, value: str) -> Variable:
    """Return an ENV of a plain value."""
    return Variable(name, value, value, ())


def versions_of(project: Project, package: str) -> tuple[str, ...]:
    """Return the versions of a package that the lock files name, else the range package.json states."""
    locked = {v for lock in project.locks for v in (lock.packages or {}).get(package, ())}
    stated = {**project.manifest.all_dependencies, **project.app.manifest.all_dependencies}.get(package)
    return tuple(sorted(locked)) or (() if stated is None else (stated,))
