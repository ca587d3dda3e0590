"""Which Python a project says it wants."""

import re
from collections.abc import Callable

from dockeropt.records import NamedTuple

NEWEST = "3.13"
"""the version taken where nothing says one"""


class StatedPython(NamedTuple):
    """A version and where it stands."""

    version: str
    """``3.12`` or ``3.12.4``"""
    place: str
    is_exact: bool
    """the very version, not a lower bound"""


def stated_python(read: Callable[[str], str | None], requires: str) -> StatedPython | None:
    """Return the version the project states: in a file of its own, or the least that ``requires`` allows."""
    for name in (".python-version", "runtime.txt", ".tool-versions", "Pipfile"):
        found = _PLACES[name].search(read(name) or "")
        if found is not None:
            return StatedPython(found[1], name, is_exact=True)
    bound = re.search(r"(?:>=|~=|==|\^|~)\s*(\d+\.\d+)", requires)
    if bound is None:
        return None
    return StatedPython(bound[1], "requires-python", is_exact="==" in bound[0] or "~" in bound[0])


_PLACES = {
    ".python-version": re.compile(r"^\s*(?:cpython-?)?(\d+\.\d+(?:\.\d+)?)\s*$", re.MULTILINE),
    "runtime.txt": re.compile(r"python-(\d+\.\d+(?:\.\d+)?)"),
    ".tool-versions": re.compile(r"^python\s+(\d+\.\d+(?:\.\d+)?)", re.MULTILINE),
    "Pipfile": re.compile(r"^python(?:_full)?_version\s*=\s*[\"'](\d+\.\d+(?:\.\d+)?)", re.MULTILINE),
}
