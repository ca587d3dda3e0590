"""Archives: those that ADD unpacks, by their names, and what takes the files out of one."""

from dockeropt.knowledge.words import words

_ENDINGS = (
    ".tar",
    ".tar.bz2",
    ".tar.gz",
    ".tar.lz",
    ".tar.lzma",
    ".tar.xz",
    ".tar.z",
    ".tar.zst",
    ".tb2",
    ".tbz",
    ".tbz2",
    ".tgz",
    ".tlz",
    ".tpz",
    ".txz",
    ".tz",
    ".tz2",
    ".tzst",
    ".bz2",
    ".gz",
    ".lz",
    ".lzma",
    ".xz",
    ".z",
    ".zst",
)


def is_archive(name: str) -> bool:
    """Tell whether a path in lower case ends like an archive that ADD may unpack."""
    return name.endswith(_ENDINGS)


UNPACKERS = words(
    "7z 7za 7zr bsdtar cpio dpkg dpkg-deb rpm tar unzip ar jar apt apt-get dnf yum zypper microdnf"
)
"""programs that take files out of an archive or a package and leave it where it is"""
PACKED_ENDINGS = (*_ENDINGS, ".zip", ".deb", ".rpm", ".7z", ".jar.pack.gz")
