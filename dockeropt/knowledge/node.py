"""Node.js releases and what their official images carry, as of November 2026.

Sources: nodejs/Release schedule, docker-node Dockerfiles, corepack's README.
"""

from dockeropt.records import NamedTuple


class NodeRelease(NamedTuple):
    """A major release line of Node.js."""

    major: int
    codename: str
    """the LTS name that ``lts/NAME`` in an .nvmrc refers to, empty for a line that never became LTS"""
    end_of_life: str
    """ISO date"""
    npm: int
    """major of the npm in the image: a lock file of another major can be refused by ``npm ci``"""
    carries_yarn: bool
    """whether the image has yarn 1 and corepack; both are gone from 25 on"""


RELEASES = (
    NodeRelease(16, "gallium", "2023-09-11", 8, True),
    NodeRelease(18, "hydrogen", "2025-04-30", 10, True),
    NodeRelease(20, "iron", "2026-04-30", 10, True),
    NodeRelease(21, "", "2024-06-01", 10, True),
    NodeRelease(22, "jod", "2027-04-30", 10, True),
    NodeRelease(23, "", "2025-06-01", 10, True),
    NodeRelease(24, "krypton", "2028-04-30", 11, True),
    NodeRelease(25, "", "2026-06-01", 11, False),
    NodeRelease(26, "", "2029-04-30", 11, False),
)
KNOWN_ON = "2026-11-01"
"""the day this table was right; a line that ended before it is called end of life"""
ACTIVE_LTS = 26
"""what ``node:lts`` and ``lts/*`` mean"""
DEFAULT = 24
"""for a project that names no version: supported until 2028, and native packages publish binaries for it"""
PREFERRED = (24, 26, 22, 20, 18, 16)
"""lines to choose from when a range allows several, best first"""

_BY_MAJOR = {release.major: release for release in RELEASES}
_BY_CODENAME = {release.codename: release.major for release in RELEASES if release.codename}


def release_of(major: int) -> NodeRelease:
    """Return the line of a major; an unknown newer one is taken for what the newest known is."""
    known = _BY_MAJOR.get(major)
    if known is not None:
        return known
    nearest = RELEASES[-1] if major > RELEASES[-1].major else RELEASES[0]
    return nearest._replace(major=major, codename="")


def is_end_of_life(major: int) -> bool:
    """Tell whether a line no longer gets security fixes."""
    return release_of(major).end_of_life < KNOWN_ON


def major_of_codename(name: str) -> int | None:
    """Return the major of an LTS name such as ``jod``."""
    return _BY_CODENAME.get(name.lower())
