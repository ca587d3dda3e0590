"""Lock files: whose they are, of which format, and which packages they name."""

import json
import re
from collections.abc import Mapping

from dockeropt.records import NamedTuple
from dockeropt.rewrite.node.managers import Manager
from dockeropt.rewrite.yaml_lines import read_top_level

LOCK_NAMES = (
    "npm-shrinkwrap.json",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
)
"""in the order a manager prefers them where it reads two: npm the shrinkwrap, bun the text form"""


class LockFile(NamedTuple):
    """A lock file; ``packages`` maps a name to its versions, None where the file cannot tell (bun.lockb)."""

    name: str
    manager: Manager
    format: str
    """the format's version, as the file writes it; empty if it does not"""
    packages: Mapping[str, tuple[str, ...]] | None
    needs_git: bool = False
    """some package comes out of a Git repository"""


_YARN_ENTRY = re.compile(r'^"?(@?[^@\s"]+)@[^\n]*:\n\s+version:? "?([^"\n]+)"?', re.MULTILINE)
_PNPM_ENTRY = re.compile(r"^  '?/?(@?[^@\s'/]+(?:/[^@\s'/]+)?)[@/](\d[^\s:'()_]*)[^\n]*:", re.MULTILINE)
_GIT = re.compile(r"""["' @]git(?:\+(?:ssh|https?|file))?://|type: git$""", re.MULTILINE)
_BUN_ENTRY = re.compile(r'\["(@?[^@"\s]+)@([^"\s]+)"')


def read_lock_file(name: str, data: bytes) -> LockFile:
    """Return what a lock file says; a damaged one says nothing but whose it is."""
    if name == "bun.lockb":
        return LockFile(name, Manager.BUN, "", None)
    text = data.decode("utf-8", "replace")
    return _read_text(name, text)._replace(needs_git=_GIT.search(text) is not None)


def _read_text(name: str, text: str) -> LockFile:
    if name == "bun.lock":
        return LockFile(name, Manager.BUN, "", _collect(_BUN_ENTRY, text))
    if name == "yarn.lock":
        berry = re.search(r"^__metadata:\n\s+version: (\S+)", text, re.MULTILINE)
        manager = Manager.BERRY if berry else Manager.YARN
        return LockFile(name, manager, berry[1] if berry else "1", _collect(_YARN_ENTRY, text))
    if name == "pnpm-lock.yaml":
        version = read_top_level(text[:4000]).get("lockfileVersion", ())
        return LockFile(name, Manager.PNPM, version[0] if version else "", _collect(_PNPM_ENTRY, text))
    return _read_npm(name, text)


def _collect(entry: re.Pattern[str], text: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, version in entry.findall(text):
        if version not in found.get(name, ()):
            found[name] = (*found.get(name, ()), version)
    return found


def _read_npm(name: str, text: str) -> LockFile:
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        return LockFile(name, Manager.NPM, "", None)
    found: dict[str, tuple[str, ...]] = {}
    entries = data.get("packages") or data.get("dependencies")
    for path, entry in entries.items() if isinstance(entries, dict) else ():
        package = path.rpartition("node_modules/")[2]
        version = entry.get("version") if isinstance(entry, dict) else None
        if package and isinstance(version, str) and version not in found.get(package, ()):
            found[package] = (*found.get(package, ()), version)
    return LockFile(name, Manager.NPM, str(data.get("lockfileVersion", "")), found)
