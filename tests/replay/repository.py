"""Small git repositories, made commit by commit."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_CALM = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}


class Link(NamedTuple):
    """A symbolic link."""

    target: str


class Program(NamedTuple):
    """A file that may be executed."""

    text: str


Files = Mapping[str, str | bytes | Link | Program | None]
"""by path; None deletes"""

_NOTHING: Files = {}


class Repository:
    """A repository in a folder; each commit is a day after the one before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._day = 0
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str) -> str:
        """Run git and return what it prints."""
        date = f"{1_700_000_000 + self._day * 86_400} +0000"
        dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        done = subprocess.run(
            ["git", *words],
            cwd=self.folder,
            env={**os.environ, **_CALM, **dates},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, files: Files) -> None:
        """Change files of the work tree."""
        for path, content in files.items():
            place = os.fsencode(self.folder) + b"/" + path.encode("utf-8", "surrogateescape")
            if os.path.lexists(place):
                os.unlink(place)
            if content is None:
                continue
            os.makedirs(os.path.dirname(place), exist_ok=True)
            if isinstance(content, Link):
                os.symlink(content.target, place)
                continue
            text = content.text if isinstance(content, Program) else content
            with open(place, "wb") as file:
                file.write(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
            os.chmod(place, 0o755 if isinstance(content, Program) else 0o644)

    def commit(self, files: Files = _NOTHING) -> str:
        """Commit changed files and return the commit's id."""
        self._day += 1
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", f"day {self._day}")
        return self.git("rev-parse", "HEAD")


def repository(folder: Path, *commits: Files) -> Repository:
    """Return a repository with these commits."""
    made = Repository(folder)
    for files in commits:
        made.commit(files)
    return made
