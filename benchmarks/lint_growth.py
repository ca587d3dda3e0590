"""Time `dockeropt lint` and `hadolint` on Dockerfiles that grow, whole processes, in turn.

Usage: python -m benchmarks.lint_growth [--runs 3] [--hadolint PATH] [--dockeropt PATH]

One file has many RUN lines, the other one RUN of many parts joined by &&; each comes in a quarter, a half and
the whole of its size, and both linters read the whole. Printed are the medians of the processor time they
took and of the peak memory, how dockeropt's time grows from half to whole (2 is linear), and hadolint's time
over dockeropt's. Nothing is taken from dockeropt's cache.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.hadolint import environment, find_command

LINES, PARTS = 5_000, 1_000
ENDED_WELL = (0, 1)


class Taken(NamedTuple):
    """What one process took: seconds of processor time, and bytes at the peak."""

    seconds: float
    peak: int


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--hadolint", help="the command, if it is not on PATH")
    options.add_argument("--dockeropt", default=str(Path(sys.executable).with_name("dockeropt")))
    given = options.parse_args()
    ours = [given.dockeropt, "lint", "--no-cache", "--format", "json", "Dockerfile"]
    theirs = [find_command(given.hadolint), "--format", "json", "Dockerfile"]
    for name, make, size in (("RUN lines", lines, LINES), ("parts of one RUN", parts, PARTS)):
        taken: dict[str, list[Taken]] = {}
        for _ in range(given.runs):
            for count in (size // 4, size // 2, size):
                taken.setdefault(f"dockeropt, {count:,} {name}", []).append(run(ours, make(count)))
            taken.setdefault(f"hadolint, {size:,} {name}", []).append(run(theirs, make(size)))
        report(taken, given.runs)


def lines(count: int) -> str:
    """Return a Dockerfile of so many RUN instructions."""
    return "FROM debian:12\n" + "".join(f"RUN apt-get install -y package{n}\n" for n in range(count))


def parts(count: int) -> str:
    """Return a Dockerfile with one RUN of so many commands."""
    joined = " \\\n && ".join(f"apt-get install -y package{n}" for n in range(count))
    return f"FROM debian:12\nRUN {joined}\n"


def run(command: list[str], text: str) -> Taken:
    """Run a command on a Dockerfile and return what it took; ends the program where the command fails."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Dockerfile").write_text(text)
        output = os.open(os.path.join(folder, "output"), os.O_CREAT | os.O_WRONLY)
        process = os.fork()
        if not process:
            os.chdir(folder)
            os.dup2(output, 1)
            os.execve(command[0], command, environment(folder))
        os.close(output)
        _, status, used = os.wait4(process, 0)
        if os.waitstatus_to_exitcode(status) not in ENDED_WELL:
            sys.exit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}")
        return Taken(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def report(taken: dict[str, list[Taken]], runs: int) -> None:
    """Print the medians of all, how ours grows, and the ratio to theirs."""
    middle: dict[str, float] = {}
    for name, each in taken.items():
        middle[name] = statistics.median(one.seconds for one in each)
        peak = statistics.median(one.peak for one in each)
        print(f"{name:<34} {middle[name]:8.2f} s   peak {peak / 1e6:7.1f} MB")
    _, half, whole, theirs = middle.values()
    print(
        f"twice the size takes {whole / half:.2f} times as long; hadolint takes {theirs / whole:.1f} times as"
    )
    print(f"long as dockeropt (medians of {runs} runs in turn)\n")


if __name__ == "__main__":
    main()
