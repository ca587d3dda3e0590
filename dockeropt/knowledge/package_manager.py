"""What is known of a package manager: its commands, the files it reads, where it keeps downloads.

Cache paths are those of Docker's build guides (https://docs.docker.com/build/cache/optimize/) and of the
managers' own documentation; ``~`` stands for the home of the user that runs the command.
"""

from enum import Enum

from dockeropt.records import NamedTuple


class Reads(Enum):
    """What of a project a command reads to install its dependencies."""

    MANIFESTS = "manifests"
    """the files that name the dependencies, nothing else: ``npm ci``"""
    SOURCES = "sources"
    """the sources too, since it builds them and fetches what is missing on the way: ``go build``"""
    NOTHING = "nothing"
    """the packages are named on the command line: ``apt-get install curl``"""


class Subcommand(NamedTuple):
    """The words after the program that make it install, in order."""

    words: tuple[str, ...]
    reads: Reads


class Cache(NamedTuple):
    """A folder of downloads that a cache mount should keep."""

    target: str
    variable: str | None = None
    """environment variable that moves it; its value is the folder unless ``below`` names a child of it"""
    below: str = ""
    is_locked: bool = False
    """two builds must not use it at once: ``sharing=locked``"""


class PackageManager(NamedTuple):
    """A package manager. ``name`` is what messages call it."""

    name: str
    programs: tuple[str, ...]
    subcommands: tuple[Subcommand, ...]
    manifests: tuple[str, ...] = ()
    """file names to copy before the install, the most important first, with ``*`` where names vary"""
    usual_manifests: tuple[str, ...] = ()
    """those to name when the project's files are not known"""
    fetch: str = ""
    """the command that only fetches dependencies, where the usual one builds as well"""
    caches: tuple[Cache, ...] = ()
    valued_options: frozenset[str] = frozenset()
    """options whose value is the next word"""
    manifest_options: frozenset[str] = frozenset()
    """options whose value is a file that lists dependencies: ``-r requirements.txt``"""
    local_options: frozenset[str] = frozenset()
    """options whose value is a folder of the project to install: ``-e .``"""
    offline_options: frozenset[str] = frozenset()
    """options with which it fetches nothing"""
    needs: str = ""
    """the file without which there is nothing to fetch"""
    takes_goals: bool = False
    """words after the program are goals in any order: ``mvn clean package``"""
    is_system: bool = False
    """a distribution's own: apt, apk, dnf"""


def subcommands(reads: Reads, *lines: str) -> tuple[Subcommand, ...]:
    """Return these subcommands, each written as on a command line; ``""`` is the bare program."""
    return tuple(Subcommand(tuple(line.split()), reads) for line in lines)
