"""Compare our reading of Dockerfiles with BuildKit's own parser and with dockerfile-parse.

Usage: python -m benchmarks.parsing [FOLDER…]

Prints how many files were read, how many we read differently from BuildKit (PyPI `dockerfile`, where it
accepts them), the CPU time of the three readers in turn over the same files, and what a large file costs.
Without a folder it takes fixtures/. A quiet machine gives the times; a busy one only their ratios.
"""

import argparse
import io
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import dockerfile
from dockerfile_parse import DockerfileParser

from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source
from tests.syntax.oracle import is_read_differently

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
MEDIAN_RUNS = 500
STAGE = """\
FROM node:22-alpine AS build-{n}
WORKDIR /app
# the manifests first
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \\
    npm ci --no-audit \\
    # a comment between continuations
    && npm cache verify
COPY --chown=node:node . .
ENV NODE_ENV=production PORT=3000 "NAME"="with blanks $PATH"
LABEL org.opencontainers.image.title="a shop" maintainer='somebody'
RUN <<-EOF
\tset -e
\tnpm run build
\tEOF
EXPOSE 3000/tcp
HEALTHCHECK --interval=30s CMD ["node", "-e", "fetch('http://localhost:3000')"]
CMD ["node", ".output/server/index.mjs"]

"""
# VmHWM, not ru_maxrss: the latter starts from what this process held when it forked.
LARGE = """
import sys, time
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source
source = Source.decode(sys.stdin.buffer.read())
start = time.process_time()
parsed = parse(source)
seconds = time.process_time() - start
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(len(parsed.instructions), seconds, int(peak.split()[1]) / 1000)
"""


class Sample(NamedTuple):
    """A file that all three readers can be given."""

    path: Path
    data: bytes
    text: str


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folders", nargs="*", type=Path, default=[ROOT / "fixtures/dockerfiles"])
    given = options.parse_args()
    logging.disable()
    samples = list(read_samples(given.folders))
    differing = [s.path for s in samples if is_read_differently(parse(Source(s.text)))]
    print(f"files read: {len(samples)}; read differently from BuildKit: {len(differing)}")
    for path in differing:
        print(f"  {path}")
    compare_readers(samples)
    time_median_file(samples)
    grow()


def read_samples(folders: list[Path]) -> Iterator[Sample]:
    """Yield the files without a NUL, which the oracle's binding cannot take."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            data = path.read_bytes() if path.is_file() else b"\0"
            if b"\0" not in data:
                yield Sample(path, data, data.decode("utf-8", "replace"))


def compare_readers(samples: list[Sample]) -> None:
    """Print the mean time of a file for each reader: best of three rounds, in turn."""
    readers: dict[str, Callable[[Sample], object]] = {
        "dockeropt": lambda sample: parse(Source(sample.text)),
        "dockerfile (BuildKit)": _read_by_binding,
        "dockerfile-parse": lambda sample: DockerfileParser(fileobj=io.BytesIO(sample.data)).structure,
    }
    best = dict.fromkeys(readers, float("inf"))
    for _ in range(ROUNDS):
        for name, read in readers.items():
            start = time.process_time()
            for sample in samples:
                read(sample)
            best[name] = min(best[name], (time.process_time() - start) / len(samples))
    for name, seconds in best.items():
        print(f"mean of all files, {name}: {seconds * 1000:.3f} ms")


def _read_by_binding(sample: Sample) -> object:
    try:
        return dockerfile.parse_string(sample.text)
    except dockerfile.GoParseError:
        return None


def time_median_file(samples: list[Sample]) -> None:
    """Print what the file of median size costs."""
    sample = sorted(samples, key=lambda s: len(s.text))[len(samples) // 2]
    source = Source(sample.text)
    start = time.process_time()
    for _ in range(MEDIAN_RUNS):
        parse(source)
    mean = (time.process_time() - start) / MEDIAN_RUNS
    size = f"{sample.text.count(chr(10))} lines, {len(sample.data)} bytes"
    print(f"file of median size ({size}), dockeropt, mean of {MEDIAN_RUNS}: {mean * 1000:.3f} ms")


def grow() -> None:
    """Print CPU time and peak memory of 1, 2, 4 and 8 MB, each in a process that does only that (Linux)."""
    for megabytes in (1, 2, 4, 8):
        stages = "".join(STAGE.format(n=n) for n in range(megabytes * 1_000_000 // len(STAGE) + 1))
        output = subprocess.run(
            [sys.executable, "-c", LARGE], cwd=ROOT, check=True, capture_output=True, text=True, input=stages
        ).stdout
        instructions, seconds, memory = output.split()
        print(
            f"{megabytes} MB, {instructions} instructions: {float(seconds):.2f} s,"
            f" peak memory of the process {float(memory):.0f} MB"
        )


if __name__ == "__main__":
    main()
