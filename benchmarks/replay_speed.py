"""Time `dockeropt replay` on a repository made for the run: 10,000 files, 1,000 commits.

Usage: python -m benchmarks.replay_speed [--files 10000] [--commits 1000]

Prints wall seconds, processor seconds and peak memory of the command and of the git processes it starts.
Linux, for memory is read from /proc.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.lint_many import SECONDS_BETWEEN_LOOKS, resident

_DOCKERFILE = """\
FROM node:22 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
FROM nginx
COPY --from=build /app/dist /srv
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--files", type=int, default=10_000)
    options.add_argument("--commits", type=int, default=1_000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        make(folder, given.files, given.commits)
        taken = replay(folder, given.commits)
    print(
        f"{given.commits} commits of {given.files} files: {taken.seconds:.2f} s, "
        f"{taken.processor_seconds:.2f} s of a processor, {taken.megabytes:.0f} MB"
    )


class Taken(NamedTuple):
    """What one run took; ``megabytes`` is the peak of its processes together."""

    seconds: float
    processor_seconds: float
    megabytes: float


def make(folder: str, files: int, commits: int) -> None:
    """Write a bare repository through `git fast-import`: each commit edits two files."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", folder], check=True)
    stream = "".join(_stream(files, commits))
    subprocess.run(
        ["git", "fast-import", "--quiet", "--force"], cwd=folder, input=stream.encode(), check=True
    )


def replay(folder: str, commits: int) -> Taken:
    """Return what the command takes with the git processes it starts."""
    command = [sys.executable, "-m", "dockeropt", "replay", folder, "--commits", str(commits), "--json", "-"]
    start = time.perf_counter()
    with tempfile.TemporaryFile() as complaint:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=complaint)
        # Not ru_maxrss: Linux keeps in it what the process had before exec, which is the memory of this one.
        done = peak = 0
        while not done:
            peak = max(peak, resident(process.pid))
            time.sleep(SECONDS_BETWEEN_LOOKS)
            done, status, used = os.wait4(process.pid, os.WNOHANG)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            complaint.seek(0)
            sys.exit(complaint.read().decode())
    return Taken(seconds, used.ru_utime + used.ru_stime, peak / 1e6)


def _stream(files: int, commits: int) -> Iterator[str]:
    fixed = {
        "Dockerfile": _DOCKERFILE,
        ".dockerignore": ".git\n**/*.md\n",
        "package.json": "{}",
        "package-lock.json": "{}",
    }
    for number in range(commits + 1):
        time_ = 1_600_000_000 + number * 3600
        yield f"commit refs/heads/main\ncommitter A <a@example.com> {time_} +0000\ndata 0\n"
        if number == 0:
            for path, text in fixed.items():
                yield _file(path, text)
            for at in range(files - len(fixed)):
                yield _file(_path(at), f"{at}\n")
        else:
            yield _file(_path(number * 7919 % files), f"{number}\n")
            other = "package.json" if number % 10 == 0 else _path(number * 104_729 % files)
            yield _file(other, f"{number}\n")


def _path(at: int) -> str:
    ending = "md" if at % 20 == 0 else "js"
    return f"src/part{at % 40}/module{at % 400}/file{at}.{ending}"


def _file(path: str, text: str) -> str:
    return f"M 100644 inline {path}\ndata {len(text)}\n{text}\n"


if __name__ == "__main__":
    main()
