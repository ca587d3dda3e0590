"""Symbolic links of a context: BuildKit follows those that the path of a source leads over.

A link that is found inside a copied folder stays a link, and counts by where it points.
"""

from collections.abc import Mapping
from posixpath import dirname, join, normpath

_MOST = 40
"""links in a row, after which BuildKit takes them for a circle"""


def followed(path: str, links: Mapping[str, str]) -> str:
    """Return the place a path leads to; links do not lead out of the context. A circle stays as it is."""
    found = path
    for _ in range(_MOST):
        at = _first_link(found, links)
        if not at:
            return found
        rest = found[len(at) :].lstrip("/")
        # normpath of a rooted path drops each .. that would leave the root
        place = normpath(join("/", dirname(at), links[at]))
        found = "/".join(filter(None, (place.strip("/"), rest))) or "."
    return path


def _first_link(path: str, links: Mapping[str, str]) -> str:
    end = -1
    while True:
        end = path.find("/", end + 1)
        part = path if end < 0 else path[:end]
        if part in links:
            return part
        if end < 0:
            return ""
