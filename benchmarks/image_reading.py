"""Time `dockeropt layers` of a 2.5 GB image beside `docker image save > /dev/null`, whole processes, in turn.

Usage: python -m benchmarks.image_reading [IMAGE] [--runs 3] [--dockeropt PATH]

Without IMAGE one is made FROM node:22, with a second copy of its /usr, and removed afterwards. Printed are
the medians of wall seconds, of processor seconds of the command itself (the engine's own are the same for
both) and of peak memory, and our share of save's seconds. Linux, for memory is read from /proc.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.lint_many import Run, run

TAG = f"dockeropt-benchmark:image-reading-{os.getpid()}"
"""of this run alone: another may be under way"""
DOCKERFILE = "FROM node:22\nRUN cp -r /usr /copy\n"


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("image", nargs="?")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--dockeropt", default=str(Path(sys.executable).with_name("dockeropt")))
    given = options.parse_args()
    with image(given.image) as name, tempfile.TemporaryDirectory() as folder:
        commands = {
            "dockeropt layers": [given.dockeropt, "layers", f"engine://{name}"],
            "docker image save": ["sh", "-c", f"docker image save {name} > /dev/null"],
        }
        runs: dict[str, list[Run]] = {each: [] for each in commands}
        for _ in range(given.runs):
            for each, command in commands.items():
                runs[each].append(run(each, command, folder))
    report(name, runs)


@contextmanager
def image(name: str | None) -> Iterator[str]:
    """Yield an image's name; one that was made here is removed."""
    if name is not None:
        yield name
        return
    command = ["docker", "buildx", "build", "--quiet", "--load", f"--tag={TAG}", "-"]
    subprocess.run(command, input=DOCKERFILE.encode(), check=True, stdout=subprocess.DEVNULL)
    try:
        yield TAG
    finally:
        subprocess.run(["docker", "image", "rm", "--force", TAG], check=True, stdout=subprocess.DEVNULL)


def report(name: str, runs: dict[str, list[Run]]) -> None:
    """Print the medians of both and their ratio."""
    number = len(runs["dockeropt layers"])
    print(f"{name}, medians of {number} runs in turn")
    for each, taken in runs.items():
        seconds = [one.seconds for one in taken]
        peak = statistics.median_low(one.peak for one in taken)
        spread = f"({min(seconds):.1f} to {max(seconds):.1f})"
        processor = statistics.median(one.processor for one in taken)
        print(
            f"{each:<18} {statistics.median(seconds):7.1f} s   {spread:<18} "
            f"{processor:5.1f} s of processor time   peak {peak / 1e6:6.1f} MB"
        )
    ours, theirs = (statistics.median(one.seconds for one in runs[each]) for each in runs)
    print(f"dockeropt takes {ours / theirs:.2f} of the time of docker image save")


if __name__ == "__main__":
    main()
