"""What the configuration files of package managers can say once for all later commands."""

from dockeropt.records import NamedTuple


class Setting(NamedTuple):
    """A line of a configuration file: ``APT::Get::Assume-Yes "true";``."""

    files: tuple[str, ...]
    """parts of the names of the files it can stand in"""
    name: str
    """in lower case"""
    values: tuple[str, ...]
    """with which it does what is asked for"""


_YES = ("1", "true", "yes", "on", "with")
_NO = ("0", "false", "no", "off", "without")

APT_ASSUMES_YES = Setting(("apt.conf",), "assume-yes", _YES)
APT_WITHOUT_RECOMMENDS = Setting(("apt.conf",), "install-recommends", _NO)
YUM_ASSUMES_YES = Setting(("yum.conf", "dnf.conf"), "assumeyes", _YES)
PIP_WITHOUT_CACHE = Setting(("pip.conf", "pip config"), "no-cache-dir", (*_YES, *_NO))
"""any value, since pip turns its cache off whatever it is (pip/_internal/cli/cmdoptions.py)"""
