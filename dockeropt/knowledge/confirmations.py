"""Which commands of package managers ask before they do something, and how one answers beforehand."""

from dockeropt.knowledge.package_manager_settings import APT_ASSUMES_YES, YUM_ASSUMES_YES, Setting
from dockeropt.knowledge.system_managers import APT, DNF, ZYPPER
from dockeropt.records import NamedTuple


class Confirmation(NamedTuple):
    """What a manager asks for, and the options that answer it."""

    programs: tuple[str, ...]
    subcommands: tuple[tuple[str, ...], ...]
    """those that ask"""
    flags: tuple[str, ...]
    """what answers, or makes it ask nothing; the first is the one to write"""
    valued_options: frozenset[str]
    setting: Setting | None = None
    """what answers in the manager's configuration"""
    is_quiet_enough: bool = False
    """two ``-q`` answer too"""
    idle_alone: tuple[tuple[str, ...], ...] = ()
    """subcommands that without a package have nothing to do and ask nothing"""
    busy_flags: tuple[str, ...] = ()
    """what gives them something to do all the same"""
    is_global: bool = False
    """the option to write stands before the subcommand"""


def _lines(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in text.split(", "))


APT_CONFIRMATION = Confirmation(
    ("apt-get",),
    _lines("install, reinstall, upgrade, dist-upgrade, remove, purge, autoremove, build-dep"),
    ("-y", "--yes", "--assume-yes", "-s", "--simulate", "--dry-run", "--print-uris"),
    APT.valued_options,
    APT_ASSUMES_YES,
    is_quiet_enough=True,
    idle_alone=_lines("remove, purge"),
    busy_flags=("--auto-remove", "--autoremove"),
)
YUM_CONFIRMATION = Confirmation(
    ("yum",),
    _lines(
        "install, reinstall, localinstall, groupinstall, group install, module install, update, upgrade, "
        "downgrade, remove, erase, autoremove, swap, distro-sync, builddep"
    ),
    ("-y", "--assumeyes"),
    DNF.valued_options,
    YUM_ASSUMES_YES,
)
DNF_CONFIRMATION = YUM_CONFIRMATION._replace(programs=("dnf", "microdnf", "dnf5", "tdnf"))
ZYPPER_CONFIRMATION = Confirmation(
    ZYPPER.programs,
    _lines(
        "install, in, remove, rm, source-install, si, patch, update, up, dist-upgrade, dup, "
        "install-new-recommends, inr"
    ),
    ("-n", "--non-interactive", "-y", "--no-confirm"),
    ZYPPER.valued_options,
    is_global=True,
)
