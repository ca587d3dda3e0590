"""What is known of a Python project, read from its files; nothing of it is run."""

import re
from collections.abc import Mapping
from functools import lru_cache

from dockeropt.errors import UsageError
from dockeropt.records import NamedTuple
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.python.framework import Framework, find_frameworks
from dockeropt.rewrite.python.pyproject import Pyproject, locked_names, name_of, read_pyproject
from dockeropt.rewrite.python.requirements import Requirements, normalized, read_requirements
from dockeropt.rewrite.python.version import StatedPython, stated_python

LOCK_NAMES = ("uv.lock", "poetry.lock", "Pipfile.lock")
MANIFEST_NAMES = ("requirements.txt", "pyproject.toml", "Pipfile", "setup.py", "setup.cfg", *LOCK_NAMES)
_LARGEST_SOURCE = 2_000_000
_QUIET = re.compile(r"(?:^|/)(?:tests?|testing|docs?|examples?|node_modules|\.venv|venv|migrations)/")
_TEST = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")


class PythonProject(NamedTuple):
    """A Python project as it is on disk."""

    folder: Folder
    pyproject: Pyproject | None
    requirements: Requirements | None
    """of requirements.txt, in the root"""
    locks: tuple[str, ...]
    direct: frozenset[str]
    """normalized names of the distributions the manifests name, development ones left out"""
    names: frozenset[str]
    """those, and what the lock files name besides"""
    python: StatedPython | None
    sources: Mapping[str, str]
    """the texts of the .py files by path, tests and documents left out"""

    @property
    def frameworks(self) -> tuple[Framework, ...]:
        """The web frameworks it is made with."""
        return find_frameworks(sorted(self.direct), self.sources)

    @property
    def fetches_git(self) -> bool:
        """Whether some distribution comes out of a Git repository."""
        named = [path for path in self.folder.files if path.endswith((".txt", ".in", ".lock"))]
        texts = (self.folder.read(path) for path in (*named, "pyproject.toml", "Pipfile"))
        return any("git+" in text or "git = " in text for text in texts)

    def reads(self, path: str) -> str | None:
        """Return a file's text, None where there is none."""
        return self.folder.read(path) if self.folder.has(path) else None


def read_project(folder: Folder) -> PythonProject:
    """Return what a folder says of its Python project; raises UsageError for a manifest that is broken."""

    def read(path: str) -> str | None:
        return folder.read(path) if folder.has(path) else None

    text = read("pyproject.toml")
    pyproject = None if text is None else read_pyproject(text, "pyproject.toml")
    requirements = read_requirements(read, "requirements.txt") if folder.has("requirements.txt") else None
    _refuse(requirements)
    locks = tuple(name for name in LOCK_NAMES if folder.has(name))
    direct = set(requirements.names if requirements is not None else ())
    direct.update(name_of(text) for text in (pyproject.dependencies if pyproject is not None else ()))
    direct.update(_pipfile(read("Pipfile") or ""))
    direct.update(_setup(f"{read('setup.py') or ''}\n{read('setup.cfg') or ''}"))
    locked = {name for lock in locks for name in locked_names(lock, folder.read(lock))}
    development = set(() if pyproject is None else pyproject.development)
    return PythonProject(
        folder,
        pyproject,
        requirements,
        locks,
        frozenset(direct),
        frozenset(direct | (locked - development)),
        stated_python(read, "" if pyproject is None else pyproject.requires_python),
        {path: folder.read(path) for path in folder.files if _is_source(path)},
    )


def _is_source(path: str) -> bool:
    return path.endswith(".py") and not _QUIET.search(path) and not _TEST.search(path)


def _refuse(requirements: Requirements | None) -> None:
    if requirements is None:
        return
    if requirements.bad_line:
        raise UsageError(
            f"{requirements.files[0]} has a line that pip would refuse: {requirements.bad_line!r}",
            "correct it, then run the command again",
        )
    if requirements.missing:
        raise UsageError(
            f"{requirements.files[0]} includes {requirements.missing[0]}, which is not there",
            "add the file or take the line out",
        )


def _pipfile(text: str) -> set[str]:
    import tomllib

    try:
        packages = tomllib.loads(text).get("packages", {})
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"Pipfile is not valid TOML: {error}", "correct it, then run the command again"
        ) from error
    return {normalized(name) for name in packages} if isinstance(packages, dict) else set()


@lru_cache(8)
def _setup(text: str) -> frozenset[str]:
    """Return the names in ``install_requires`` of setup.py or setup.cfg, where they stand there as text."""
    found: set[str] = set()
    for listed in re.findall(r"install_requires\s*=\s*\[(.*?)\]", text, re.DOTALL):
        found.update(name_of(item) for item in re.findall(r"[\"']([^\"']+)[\"']", listed))
    for listed in re.findall(r"^install_requires\s*=\s*\n((?:[ \t]+\S.*\n?)+)", text, re.MULTILINE):
        found.update(name_of(line) for line in listed.splitlines())
    return frozenset(found - {""})
