"""Archives that ADD unpacks, by their names."""

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
