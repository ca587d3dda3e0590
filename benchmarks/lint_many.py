"""Time one `dockeropt lint` and one `hadolint` over the same many Dockerfiles, whole processes, in turn.

Usage: python -m benchmarks.lint_many FOLDER… [--runs 3] [--options "…"] [--hadolint PATH] [--dockeropt PATH]

Each file is copied into a folder of its own, so that neither the files beside it nor a configuration above
it takes part. dockeropt runs twice: without its cache, and with one that an earlier run has filled with every
result. Both print JSON. Printed are the medians of wall seconds, of processor seconds and of peak memory, and
how many times as long hadolint takes; on a busy machine only the ratios mean something. Linux, for memory is
read from /proc.

Memory is that of the process and all it has started, resident pages added up, looked at every 20 ms: what
several processes share counts once in each. hadolint always runs its own ShellCheck.
"""

import argparse
import os
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from benchmarks.hadolint import dockerfiles_in, environment, find_command

SECONDS_BETWEEN_LOOKS = 0.02
PAGE = os.sysconf("SC_PAGE_SIZE")
HADOLINT = "hadolint"
ENDED_WELL = (0, 1)
"""clean, and with findings"""


class Run(NamedTuple):
    """What one process and those it started took: wall and processor seconds, and bytes at the peak."""

    seconds: float
    processor: float
    peak: int


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--options", default="", help="more options for dockeropt lint")
    options.add_argument("--hadolint", help="the command, if it is not on PATH")
    options.add_argument("--dockeropt", default=str(Path(sys.executable).with_name("dockeropt")))
    given = options.parse_args()
    if given.runs < 1:
        options.error("--runs is at least 1")
    paths = dockerfiles_in(given.folders)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
        ours = [given.dockeropt, "lint", *shlex.split(given.options), "--format", "json"]
        commands = {
            "no cache": [*ours, "--no-cache"],
            "cache warm": [*ours, "--cache-dir", cache],
            HADOLINT: [find_command(given.hadolint), "--format", "json"],
        }
        names = copy(paths, Path(folder))
        run("cache cold", [*commands["cache warm"], *names], folder)
        runs: dict[str, list[Run]] = {name: [] for name in commands}
        for _ in range(given.runs):
            for name, command in commands.items():
                runs[name].append(run(name, [*command, *names], folder))
    report(runs, len(paths), given.runs)


def copy(paths: list[Path], folder: Path) -> list[str]:
    """Copy the files, each into a folder of its own, and return their short names below ``folder``."""
    names = []
    for number, path in enumerate(paths):
        (folder / str(number)).mkdir()
        shutil.copyfile(path, folder / str(number) / "Dockerfile")
        names.append(f"{number}/Dockerfile")
    return names


def run(name: str, command: list[str], folder: str) -> Run:
    """Run a command and return what it took; ends the program where the command fails."""
    # Into a file: a pipe that nobody empties would stop the process, and this one has to watch it.
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as output:
        variables = environment(home)
        start, before = time.perf_counter(), processor_seconds()
        process = subprocess.Popen(command, cwd=folder, env=variables, stdout=output, stderr=output)
        peak = 0
        while True:
            peak = max(peak, resident(process.pid))
            with suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS_BETWEEN_LOOKS)
                break
        seconds = time.perf_counter() - start
        if process.returncode not in ENDED_WELL:
            output.seek(0)
            sys.exit(
                f"{name} ended with {process.returncode}: {output.read()[-2000:].decode(errors='replace')}"
            )
    return Run(seconds, processor_seconds() - before, peak)


def processor_seconds() -> float:
    """Return the processor time of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resident(process: int) -> int:
    """Return the bytes that a process and those it has started hold in memory; 0 once it has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        started = [
            int(child)
            for thread in os.listdir(f"/proc/{process}/task")
            for child in Path(f"/proc/{process}/task/{thread}/children").read_text().split()
        ]
    except OSError:
        return 0
    return pages * PAGE + sum(map(resident, started))


def report(runs: dict[str, list[Run]], files: int, number: int) -> None:
    """Print the medians of all and how many times as much hadolint takes."""
    print(f"{files:,} files, medians of {number} runs in turn")
    middle: dict[str, Run] = {}
    for name, taken in runs.items():
        median = Run(*(statistics.median(each) for each in zip(*taken, strict=True)))
        seconds = f"{median.seconds:8.2f} s   {median.processor:8.2f} s of processor time"
        print(f"{name:<12} {seconds}   peak {median.peak / 1e6:7.1f} MB")
        middle[name] = median
    theirs = middle.pop(HADOLINT)
    for name, ours in middle.items():
        longer, more = theirs.seconds / ours.seconds, theirs.processor / ours.processor
        print(f"{name}: hadolint takes {longer:.1f} times as long, and {more:.1f} times the processor time")


if __name__ == "__main__":
    main()
