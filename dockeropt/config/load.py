"""Finding and reading the configuration of a Dockerfile."""

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dockeropt import files
from dockeropt.config.configuration import Configuration
from dockeropt.errors import UsageError

if TYPE_CHECKING:
    from dockeropt.config.table import Table

OWN, PYPROJECT = "dockeropt.toml", "pyproject.toml"
HADOLINT = (".hadolint.yaml", ".hadolint.yml")
LARGEST = 1_000_000
"""bytes of a configuration file"""

_MAY_HAVE_OUR_TABLE = r"""(?m)^[ \t]*(?:\[[ \t]*)?tool[ \t]*(?:\.[ \t]*["']?dockeropt["']?[ \t]*[\].=]|\])"""
"""most projects have a pyproject.toml without a word to us, and reading TOML takes longer than linting"""


class Configurations:
    """The configuration of each Dockerfile, read once a file.

    ``given`` is the file the user named; without one it is looked for unless ``is_searched`` is False.
    """

    def __init__(
        self, given: str | None = None, is_searched: bool = True, environment: Mapping[str, str] = os.environ
    ) -> None:
        self._given = given
        self._is_searched = is_searched
        self._environment = environment
        self._by_file: dict[str, Configuration] = {}
        self._by_folder: dict[str, str] = {}
        self._here = os.getcwd()

    def of(self, path: str) -> Configuration:
        """Return the configuration of a Dockerfile, the variables of the environment laid over its file.

        Raises UsageError where the file cannot be read or says what there is not.
        """
        if self._given is not None:
            file = self._given
        else:
            file = self._find(os.path.dirname(os.path.abspath(path))) if self._is_searched else ""
        found = self._by_file.get(file)
        if found is None:
            found = self._by_file[file] = self._with_environment(read(file) if file else Configuration())
        return found

    def _with_environment(self, configuration: Configuration) -> Configuration:
        if not any(name.startswith("HADOLINT_") for name in self._environment):
            return configuration
        from dockeropt.config.hadolint import with_environment

        return with_environment(configuration, self._environment)

    def _find(self, folder: str) -> str:
        """Return the nearest configuration file at or above a folder, as far up as the project reaches."""
        visited: list[str] = []
        found = self._by_folder.get(folder)
        while found is None:
            visited.append(folder)
            above = os.path.dirname(folder)
            # Below the working directory, all that the folder above has counts for its own folders too.
            if _is_below(above, self._here) and above != folder and not _is_root(folder):
                found = file_in(folder) or self._by_folder.get(above)
                folder = above
            else:
                found = next(filter(None, map(file_in, project_folders(folder))), "")
        self._by_folder.update(dict.fromkeys(visited, found))
        return found


def project_folders(folder: str) -> list[str]:
    """Return the folders whose files may configure a Dockerfile in a folder, the nearest first.

    They reach up to the root of its git repository; outside of one, up to the working directory where that
    is above, else no further than the folder itself: what lies in / or /tmp configures nothing.
    """
    found = [folder]
    here = os.getcwd()
    until = 1 if not _is_below(folder, here) else 0
    while True:
        current = found[-1]
        if _is_root(current):
            return found
        if current == here:
            until = len(found)
        above = os.path.dirname(current)
        if above == current:
            return found[:until]
        found.append(above)


def _is_root(folder: str) -> bool:
    """Tell whether a folder is the root of a git repository."""
    return os.path.lexists(f"{folder}/.git")


def _is_below(folder: str, above: str) -> bool:
    return folder == above or folder.startswith(above.rstrip(os.sep) + os.sep)


def file_in(folder: str) -> str:
    """Return the configuration file of a folder, empty where it has none; ours go before hadolint's."""
    own = os.path.join(folder, OWN)
    if os.path.isfile(own):
        return own
    project = os.path.join(folder, PYPROJECT)
    if os.path.isfile(project) and _has_our_table(project):
        return project
    for name in HADOLINT:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    return ""


def _has_our_table(path: str) -> bool:
    text = files.read_text(path) or ""
    if re.search(_MAY_HAVE_OUR_TABLE, text) is None:
        return False
    from dockeropt.config.parse import parse_toml

    return "dockeropt" in parse_toml(text, path).table("tool").values


def read(path: str) -> Configuration:
    """Return what a configuration file says, by its name; raises UsageError for a missing or broken one."""
    text = files.read_text(path, LARGEST if not path.endswith(PYPROJECT) else files.LARGEST_DOCKERFILE)
    if text is None:
        raise UsageError(f"there is no configuration file {path}", "check the path")
    folder = os.path.dirname(os.path.abspath(path))
    shown = os.path.relpath(path)
    if not shown.startswith(os.pardir):
        path = shown
    from dockeropt.config.parse import parse_toml, parse_yaml

    if path.endswith((".yaml", ".yml")):
        from dockeropt.config import hadolint

        return hadolint.read(parse_yaml(text, path), folder)
    from dockeropt.config import own

    return own.read(_own_table(parse_toml(text, path)), folder)


def nearest_table(folder: str, key: str) -> tuple["Table", str]:
    """Return a table of our own configuration nearest to a folder, and the folder of its file.

    It is an empty one where there is none. Raises UsageError for a broken file.
    """
    from dockeropt.config.parse import parse_toml
    from dockeropt.config.table import Table

    for each in project_folders(os.path.abspath(folder)):
        path = file_in(each)
        if path.endswith(".toml"):
            return _own_table(parse_toml(files.read_text(path) or "", os.path.relpath(path))).table(key), each
        if path:
            break
    return Table("", {}), folder


def _own_table(table: "Table") -> "Table":
    """Return our table of a file: all of dockeropt.toml, a part of pyproject.toml."""
    from dockeropt.config.table import Table

    if os.path.basename(table.file) != PYPROJECT:
        return table
    tool = table.table("tool").table("dockeropt")
    return Table(table.file, tool.values, "tool.dockeropt.")
