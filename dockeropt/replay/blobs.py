"""The content of files in git: few are read, the rest is known by its id."""

import subprocess
from types import TracebackType
from typing import Self

from dockeropt.errors import MeasureError
from dockeropt.replay.git import Git


class Blobs:
    """Reads blobs out of one ``git cat-file``, started when the first is asked for; end it with ``with``."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process is not None and process.stdin is not None and process.stdout is not None:
            process.stdin.close()
            process.stdout.close()
            process.kill()
            process.wait()

    def read(self, blob: str) -> bytes:
        """Return a blob's content; raises MeasureError where git does not have it."""
        if self._process is None:
            self._process = self._git.open("cat-file", "--batch")
        given, answer = self._process.stdin, self._process.stdout
        assert given is not None  # noqa: S101 - they are pipes
        assert answer is not None  # noqa: S101
        try:
            given.write(blob.encode() + b"\n")
            given.flush()
            head = answer.readline().split()
            if len(head) == 3 and head[1] == b"blob":
                content = answer.read(int(head[2]) + 1)
                if len(content) == int(head[2]) + 1:
                    return content[:-1]
        except BrokenPipeError:
            pass
        raise MeasureError(
            f"git does not have the object {blob[:12]}",
            "a partial clone holds no content: run `git fetch --refetch --no-filter`, or clone anew",
        )
