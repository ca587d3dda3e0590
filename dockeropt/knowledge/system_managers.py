"""The package managers of distributions: apt, apk, dnf, zypper."""

from dockeropt.knowledge.package_manager import Cache, PackageManager, Reads, subcommands
from dockeropt.knowledge.words import words

APT = PackageManager(
    "apt-get",
    ("apt-get", "apt", "aptitude"),
    subcommands(Reads.NOTHING, "install", "update", "upgrade", "dist-upgrade", "build-dep"),
    caches=(
        Cache("/var/cache/apt", is_locked=True),
        Cache("/var/lib/apt", is_locked=True),
        Cache("/var/lib/apt/lists", is_locked=True),
    ),
    valued_options=words("-o --option -t --target-release --default-release -c --config-file -a"),
    is_system=True,
)
APK = PackageManager(
    "apk",
    ("apk",),
    subcommands(Reads.NOTHING, "add", "update", "upgrade"),
    caches=(Cache("/var/cache/apk", is_locked=True), Cache("/etc/apk/cache", is_locked=True)),
    valued_options=words("-t --virtual -X --repository -p --root --arch --keys-dir --cache-dir --wait"),
    is_system=True,
)
DNF = PackageManager(
    "dnf",
    ("dnf", "yum", "microdnf", "tdnf", "dnf5"),
    subcommands(
        Reads.NOTHING,
        "install",
        "update",
        "upgrade",
        "makecache",
        "groupinstall",
        "group install",
        "module install",
        "localinstall",
    ),
    caches=(Cache("/var/cache/dnf", is_locked=True), Cache("/var/cache/yum", is_locked=True)),
    valued_options=words(
        "-c --config --installroot --enablerepo --disablerepo --releasever --setopt -x --exclude --repo"
    ),
    is_system=True,
)
ZYPPER = PackageManager(
    "zypper",
    ("zypper",),
    subcommands(Reads.NOTHING, "install", "in", "update", "up", "refresh", "ref", "dist-upgrade", "dup"),
    caches=(Cache("/var/cache/zypp", is_locked=True),),
    valued_options=frozenset(("--root", "-R", "--repo", "-r", "--from", "-t", "--type", "--releasever")),
    is_system=True,
)

SYSTEM_MANAGERS = (APT, APK, DNF, ZYPPER)
