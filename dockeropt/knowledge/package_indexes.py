"""The package managers whose index of packages is fetched by a command of its own."""

from dockeropt.knowledge.system_managers import APK, APT
from dockeropt.knowledge.words import words
from dockeropt.records import NamedTuple


class PackageIndex(NamedTuple):
    """Which commands fetch an index, and which use it. dnf and zypper refresh theirs by themselves."""

    programs: tuple[str, ...]
    fetches: str
    uses: frozenset[str]
    """that use it, fetch it again or remove it"""
    folder: str
    valued_options: frozenset[str]


PACKAGE_INDEXES = (
    PackageIndex(
        APT.programs,
        "update",
        words(
            "update distclean dist-clean install reinstall upgrade dist-upgrade full-upgrade safe-upgrade "
            "build-dep satisfy download source search show policy list"
        ),
        "/var/lib/apt/lists",
        APT.valued_options,
    ),
    PackageIndex(
        APK.programs,
        "update",
        words("update add upgrade fetch search info policy list"),
        "/var/cache/apk",
        APK.valued_options,
    ),
)
