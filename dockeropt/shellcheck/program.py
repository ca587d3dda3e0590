"""One run of ShellCheck over many scripts."""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from dockeropt.shellcheck.comments import EXCLUDED, Comment, read_comments

if TYPE_CHECKING:
    from subprocess import Popen

PATIENCE = 10.0
"""seconds after which it is taken to hang; a run of ours takes it about one"""

_ENDED_WELL = (0, 1)
"""without findings, and with"""
_ANSWER = "answer"


class ShellCheckError(Exception):
    """A run of ShellCheck that gave nothing: how it ended."""


class Batch:
    """One process that checks some scripts. It runs from the start on; ``result`` waits for it."""

    def __init__(self, program: str, folder: str, texts: Sequence[str], patience: float) -> None:
        """Start in a new folder of this path; raises OSError where that or the program cannot be had."""
        import subprocess
        import time

        self.texts = texts
        self._folder = folder
        self._patience = patience
        self._clock = time.monotonic
        os.mkdir(folder)
        for number, text in enumerate(texts):
            with open(self._path(number), "w", encoding="utf-8", newline="") as file:
                file.write(text)
        excluded = ",".join(f"SC{code}" for code in EXCLUDED)
        command = [program, "--norc", f"--exclude={excluded}", "--format=json1", *map(str, range(len(texts)))]
        # Into a file: nobody reads while the rules run, and a full pipe would stop the process.
        with open(self._path(_ANSWER), "wb") as answer:
            self._process: Popen[bytes] = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=answer, stderr=subprocess.DEVNULL
            )
        self._deadline = self._clock() + patience

    def result(self) -> list[list[Comment]]:
        """Return the comments on each script, in order; raises ShellCheckError where there is no answer."""
        import json
        from subprocess import TimeoutExpired

        try:
            code = self._process.wait(max(0.0, self._deadline - self._clock()))
            if code not in _ENDED_WELL:
                raise ShellCheckError(f"ended with {code}")
            with open(self._path(_ANSWER), encoding="utf-8") as answer:
                return read_comments(json.load(answer), len(self.texts))
        except TimeoutExpired as error:
            raise ShellCheckError(f"gave no answer within {self._patience:g} s") from error
        except (LookupError, TypeError, ValueError, OSError) as error:
            raise ShellCheckError(f"gave an answer that cannot be read ({error})") from error
        finally:
            self.close()

    def close(self) -> None:
        """End the process and remove its files."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        with suppress(OSError):
            for name in (*range(len(self.texts)), _ANSWER):
                os.unlink(self._path(name))
            os.rmdir(self._folder)

    def _path(self, name: int | str) -> str:
        return os.path.join(self._folder, str(name))
