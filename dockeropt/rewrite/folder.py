"""The folder to rewrite: its files, and what Git says of them. Nothing is run but ``git ls-files``."""

import os
import subprocess

from dockeropt.errors import UsageError
from dockeropt.files import list_files, read_text
from dockeropt.records import NamedTuple

LARGEST_FILE = 200_000_000
"""bytes; lock files are read as a whole"""
_MADE_FOLDERS = frozenset(
    (
        ".git",
        "node_modules",
        ".nuxt",
        ".output",
        ".nitro",
        ".cache",
        ".pnpm-store",
        ".next",
        ".svelte-kit",
        ".astro",
        ".turbo",
        ".venv",
        "__pycache__",
    )
)
"""folders that a build or an install makes: never part of what a project is"""


class Dotenv(NamedTuple):
    """A .env file; ``is_committed`` is None where no version control tells."""

    path: str
    is_committed: bool | None


class Folder(NamedTuple):
    """A build context as it is on disk. Paths are relative to ``root``, with ``/``."""

    root: str
    files: tuple[str, ...]
    tracked: frozenset[str] | None
    """what Git tracks, None without Git"""

    @property
    def shown(self) -> str:
        """What messages call it."""
        return "this folder" if self.root in (".", "") else self.root

    def has(self, path: str) -> bool:
        """Tell whether a file is there."""
        return path in self.files

    def has_folder(self, path: str) -> bool:
        """Tell whether a folder with a file in it is there."""
        return any(file.startswith(path.rstrip("/") + "/") for file in self.files)

    def read(self, path: str) -> str:
        """Return the text of a file, empty where it is not there."""
        return self.text(path) or ""

    def text(self, path: str) -> str | None:
        """Return the text of a file, None where it is not there."""
        return read_text(os.path.join(self.root, path), LARGEST_FILE)

    @property
    def dotenvs(self) -> tuple[Dotenv, ...]:
        """The .env files, examples left out, each with whether it belongs to the project."""
        ignored = {line.strip().lstrip("/") for line in self.read(".gitignore").splitlines()}
        found: list[Dotenv] = []
        for path in self.files:
            name = path.rpartition("/")[2]
            is_other = name.startswith(".env.") and not name.endswith((".example", ".sample", ".template"))
            if name != ".env" and not is_other:
                continue
            if self.tracked is not None:
                found.append(Dotenv(path, path in self.tracked))
            else:
                found.append(Dotenv(path, False if ignored & {name, ".env*", ".env.*", "*.env"} else None))
        return tuple(found)


def read_folder(root: str) -> Folder:
    """Return a build context. Raises UsageError where ``root`` is no folder."""
    if not os.path.isdir(root):
        what = "is a file, not a folder" if os.path.exists(root) else "does not exist"
        raise UsageError(f"the context {root} {what}", "name the folder that holds the project")
    files = tuple(file.path for file in list_files(root, _is_made))
    return Folder(root, files, _tracked(root))


def _is_made(path: str) -> bool:
    return path.rpartition("/")[2] in _MADE_FOLDERS


def _tracked(root: str) -> frozenset[str] | None:
    """Return the paths Git tracks below a folder, None where it is no work tree or there is no Git."""
    try:
        result = subprocess.run(
            ["git", "-C", root, "ls-files", "-z"], capture_output=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if result.returncode:
        return None
    return frozenset(result.stdout.decode("utf-8", "surrogateescape").split("\0")) - {""} or None
