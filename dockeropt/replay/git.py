"""The git command, asked to read and nothing else."""

import os
import subprocess
from collections.abc import Iterator
from tempfile import TemporaryFile

from dockeropt.errors import MeasureError, UsageError

_MOVED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
"""what git sets for hooks: here the folder says which repository is meant"""
_CALM = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
"""write nothing, fetch nothing, ask nothing"""
_CHUNK = 1 << 16


class Git:
    """Runs plumbing commands in a folder; none of them looks at the user's configuration of ``git log``."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if name not in _MOVED}
        self._environment = kept | _CALM

    def try_run(self, *words: str) -> tuple[bytes | None, str]:
        """Return what a command prints, None where it fails, and the last line of its complaint."""
        process = self._start(words, subprocess.DEVNULL)
        output, complaint = process.communicate()
        lines = complaint.decode("utf-8", "replace").strip().splitlines()
        return (None if process.returncode else output), (lines[-1] if lines else "")

    def run(self, *words: str) -> bytes:
        """Return what a command prints; raises MeasureError where it fails."""
        output, complaint = self.try_run(*words)
        if output is None:
            raise broken(words[0], complaint)
        return output

    def fields(self, *words: str, data: bytes = b"") -> Iterator[bytes]:
        """Yield what a command prints between NUL bytes, as it comes; raises MeasureError where it fails."""
        with TemporaryFile() as given, TemporaryFile() as complaint:
            given.write(data)
            given.seek(0)
            process = self._start(words, given.fileno(), complaint.fileno())
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            try:
                rest = b""
                while chunk := process.stdout.read(_CHUNK):
                    *whole, rest = (rest + chunk).split(b"\0")
                    yield from whole
                if process.wait():
                    complaint.seek(0)
                    lines = complaint.read().decode("utf-8", "replace").strip().splitlines()
                    raise broken(words[0], lines[-1] if lines else "")
            finally:
                process.stdout.close()
                process.kill()
                process.wait()

    def open(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start a command that answers what it is asked; the caller ends it."""
        return self._start(words, subprocess.PIPE, subprocess.DEVNULL)

    def _start(
        self, words: tuple[str, ...], given: int, complaint: int = subprocess.PIPE
    ) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(
                ["git", *words],
                cwd=self.folder,
                env=self._environment,
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=complaint,
            )
        except FileNotFoundError as error:
            if not os.path.isdir(self.folder):
                raise UsageError(f"{self.folder} is no folder", "give a folder of the repository") from error
            raise MeasureError("the git command is not installed", "the history is read with it") from error
        except NotADirectoryError as error:
            raise UsageError(f"{self.folder} is no folder", "give a folder of the repository") from error


def broken(command: str, complaint: str) -> MeasureError:
    """Return the error of a git command that failed in the middle of its work."""
    said = complaint.removeprefix("fatal: ").removeprefix("error: ")
    return MeasureError(
        f"git {command} stopped" + (f": {said}" if said else ""),
        "the history may have been rewritten meanwhile, or lacks objects: run `git fsck`, then try again",
    )
