"""What package managers leave behind in the layer, and how one gets rid of it."""

from dockeropt.knowledge.package_manager import Cache, PackageManager
from dockeropt.knowledge.package_manager_settings import PIP_WITHOUT_CACHE, Setting
from dockeropt.knowledge.package_managers import PIP, UV, YARN
from dockeropt.knowledge.system_managers import APK, APT, DNF, ZYPPER
from dockeropt.records import NamedTuple

Lines = tuple[tuple[str, ...], ...]


class KeptDownload(NamedTuple):
    """What commands of a manager download and keep."""

    programs: tuple[str, ...]
    subcommands: Lines
    """those that download; an empty one is the bare program"""
    message: str
    """with ``{line}`` for the command"""
    remedy: str
    folders: tuple[Cache, ...]
    """where it is; removing one of them, or a mount on it, is enough"""
    valued_options: frozenset[str]
    cleaners: tuple[str, ...] = ()
    cleaning: Lines = ()
    """subcommands of the cleaners that remove it"""
    options: tuple[str, ...] = ()
    """with which nothing is kept"""
    variable: str = ""
    """that does the same, whatever its value"""
    setting: Setting | None = None
    folder_options: tuple[str, ...] = ()
    """whose value is the folder"""
    removed: str = ""
    """what to say where it is removed, since an option would do; empty where that is as good"""
    cleaner: str = ""
    """the command that removes it, with ``{program}``, where no option does"""
    is_reused: bool = False
    """a later RUN of the stage may rest on it: package lists do not come back by themselves"""
    is_clearing_safe: bool = True
    """the cleaner removes nothing that the program needs"""


def _lines(text: str) -> Lines:
    return tuple(tuple(line.split()) for line in text.split(", "))


def _kept(manager: PackageManager, subcommands: str, remedy: str, *more: Cache) -> KeptDownload:
    return KeptDownload(
        manager.programs,
        _lines(subcommands),
        "what `{line}` downloads stays in this layer",
        remedy,
        (*manager.caches, *more),
        manager.valued_options,
        manager.programs,
    )


_DNF = _kept(
    DNF,
    "install, reinstall, localinstall, groupinstall, group install, module install, update, upgrade, "
    "makecache, builddep",
    "",
    Cache("/var/cache/libdnf5"),
    Cache("/var/cache/tdnf"),
)._replace(cleaning=(("clean",),))

APT_LISTS = KeptDownload(
    APT.programs,
    (("update",),),
    "the package lists that `{line}` fetches stay in this layer",
    "end the RUN with `rm -rf /var/lib/apt/lists/*`",
    (Cache("/var/lib/apt/lists"),),
    APT.valued_options,
    APT.programs,
    _lines("distclean, dist-clean"),
    cleaner="rm -rf /var/lib/apt/lists/*",
    is_reused=True,
)
APK_INDEX = KeptDownload(
    APK.programs,
    (("add",),),
    "the package index that `{line}` fetches stays in this layer",
    "add `--no-cache`",
    APK.caches,
    APK.valued_options,
    options=("--no-cache", "--no-network"),
    removed="with `--no-cache` there is no package index to remove after `{line}`",
)
YUM_DOWNLOADS = _DNF._replace(
    programs=("yum",), remedy="end the RUN with `yum clean all`", cleaner="yum clean all"
)
DNF_DOWNLOADS = _DNF._replace(
    programs=("dnf", "microdnf", "dnf5", "tdnf"),
    remedy="end the RUN with `{program} clean all`",
    cleaner="{program} clean all",
)
ZYPPER_DOWNLOADS = _kept(
    ZYPPER,
    "install, in, update, up, patch, dist-upgrade, dup, refresh, ref",
    "end the RUN with `zypper clean -a`",
)._replace(cleaning=_lines("clean, cc"), cleaner="zypper clean -a")
PIP_DOWNLOADS = _kept(PIP, "install", "add `--no-cache-dir`")._replace(
    cleaning=_lines("cache purge, cache remove"),
    options=("--no-cache-dir", "--no-cache"),
    variable="PIP_NO_CACHE_DIR",
    setting=PIP_WITHOUT_CACHE,
    folder_options=("--cache-dir",),
)
UV_DOWNLOADS = _kept(UV, "install, sync", "add `--no-cache`")._replace(
    programs=("uv pip",),
    cleaning=_lines("cache clean, cache prune"),
    options=("--no-cache", "--no-cache-dir", "-n"),
    variable="UV_NO_CACHE",
    folder_options=("--cache-dir",),
)
YARN_DOWNLOADS = _kept(
    YARN,
    "install, add, global add, ",
    "end the RUN with `yarn cache clean`",
    Cache("~/.cache/yarn"),
    Cache("/usr/local/share/.cache/yarn/v6"),
)._replace(
    cleaning=_lines("cache clean"),
    folder_options=("--cache-folder",),
    cleaner="yarn cache clean",
    is_clearing_safe=False,
)
