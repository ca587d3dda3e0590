"""Requirement files: which files and distributions they name, includes and constraints followed."""

import re
from collections.abc import Callable
from posixpath import dirname, join, normpath

from dockeropt.records import NamedTuple

_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(.*)", re.DOTALL)
_INCLUDE = re.compile(r"(-r|--requirements?|-c|--constraints?)(?:\s+|=|(?<=-[rc]))(\S+)$")
_EDITABLE = re.compile(r"(?:-e|--editable)(?:\s+|=)(\S+)")
_FIND_LINKS = re.compile(r"(?:-f|--find-links)(?:\s+|=)(\S+)")
_PATH = re.compile(r"(?:\.{1,2}(?:/.*)?|file:.*|/.*|.*\.(?:whl|tar\.gz|zip))$")


class Requirements(NamedTuple):
    """What a requirement file asks for; paths are relative to the project."""

    files: tuple[str, ...]
    """the file, and those it includes or is constrained by, the outer one first"""
    missing: tuple[str, ...]
    """included files that are not there"""
    names: dict[str, str]
    """normalized names of distributions, with what follows the name: ``==2.1``, ``@ git+https://…``"""
    local: tuple[str, ...]
    """folders and archives of the project that are installed; ``.`` for the project itself"""
    bad_line: str
    """a line that pip would refuse, empty for none"""

    @property
    def has_project(self) -> bool:
        """Whether the project itself is one of its own requirements: ``-e .``."""
        return "." in self.local

    @property
    def needs_git(self) -> bool:
        """Whether something is fetched with git."""
        return any("git+" in rest for rest in self.names.values())


def read_requirements(read: Callable[[str], str | None], path: str) -> Requirements:
    """Return what a requirement file asks for; ``read`` gives the text of a file, None for a missing one."""
    found = _Found(read)
    found.follow(normpath(path))
    return Requirements(
        tuple(found.files),
        tuple(found.missing),
        found.names,
        tuple(dict.fromkeys(found.local)),
        found.bad_line,
    )


def normalized(name: str) -> str:
    """Return a distribution's name as PyPI compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


class _Found:
    def __init__(self, read: Callable[[str], str | None]) -> None:
        self.read = read
        self.files: list[str] = []
        self.missing: list[str] = []
        self.names: dict[str, str] = {}
        self.local: list[str] = []
        self.bad_line = ""

    def follow(self, path: str) -> None:
        if path in self.files or path in self.missing:
            return
        text = self.read(path)
        if text is None:
            self.missing.append(path)
            return
        self.files.append(path)
        for line in _lines(text):
            self._read_line(line, dirname(path))

    def _read_line(self, line: str, folder: str) -> None:
        include = _INCLUDE.match(line)
        if include is not None:
            if "://" not in include[2]:
                self.follow(normpath(join(folder, include[2])))
            return
        links = _FIND_LINKS.match(line)
        if links is not None:
            if "://" not in links[1]:
                self.local.append(normpath(join(folder, links[1])))
            return
        editable = _EDITABLE.match(line)
        wanted = editable[1] if editable is not None else line
        if wanted.startswith("-"):
            return
        if "://" not in wanted.partition("#")[0] and _PATH.match(re.split(r"[\s;\[]", wanted)[0]):
            path = re.split(r"[\s;\[]", wanted)[0].removeprefix("file:")
            self.local.append(normpath(path))  # pip takes it from where it is run
            return
        egg = re.search(r"[#&]egg=([\w.-]+)", wanted)
        if re.match(r"(?:\w+\+)?\w+://", wanted):
            self.names[normalized(egg[1]) if egg else wanted] = f"@ {wanted}"
            return
        named = _NAME.match(wanted)
        if named is None or not re.match(r"$|[<>!~=]=|[<>;@(-]", named[2]):
            self.bad_line = self.bad_line or line
            return
        self.names[normalized(named[1])] = named[2].strip()


def _lines(text: str) -> list[str]:
    joined = re.sub(r"\\\r?\n", " ", text.removeprefix("\ufeff"))
    stripped = (re.sub(r"(?:^|\s)#.*$", "", line).strip() for line in joined.splitlines())
    return [line for line in stripped if line]
