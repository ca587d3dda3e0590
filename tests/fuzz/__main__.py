"""Lint hostile Dockerfiles by the million and keep those on which something is wrong.

Usage: python -m tests.fuzz [--inputs 10000] [--first 0] [--keep FOLDER] [--print NUMBER]

Input N is the same one each time, so a run that was stopped goes on with --first. Each must end in 3 s of
processor time and 1 GB of memory, without an exception, and with findings that can be printed. What fails
is made smaller and written to --keep, one file for each place in the code that fails; those files belong
into tests/fuzz/seeds, where a test reads them, once the fault is mended.
"""

import argparse
import resource
import sys
import time
import traceback
from hashlib import sha256
from pathlib import Path

from tests.fuzz.inputs import make, smaller
from tests.fuzz.judge import MEMORY, judge

EVERY = 10_000


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--inputs", type=int, default=EVERY)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--keep", type=Path, metavar="FOLDER")
    options.add_argument(
        "--print", type=int, metavar="NUMBER", dest="shown", help="print that input and stop"
    )
    given = options.parse_args()
    if given.shown is not None:
        sys.stdout.buffer.write(make(given.shown))
        return 0
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    places: set[str] = set()
    start = time.process_time()
    for number in range(given.first, given.first + given.inputs):
        data = make(number)
        place = failure(data)
        if place is not None and place.partition(": ")[0] not in places:
            places.add(place.partition(": ")[0])
            print(f"input {number}: {place}", flush=True)
            if given.keep:
                keep(data, place, given.keep)
        done = number + 1 - given.first
        if done % EVERY == 0:
            print(f"{done:,} inputs, {time.process_time() - start:.0f} s of processor time", flush=True)
    print(f"{given.inputs:,} inputs, {len(places)} of them wrong in different places")
    return bool(places)


def failure(data: bytes) -> str | None:
    """Return what is wrong and where, None where nothing is."""
    try:
        judge(data)
    except Exception as error:  # noqa: BLE001 - finding any is what this is for
        cause = error.__cause__ or error
        at = traceback.extract_tb(cause.__traceback__)[-1]
        where = f"{Path(at.filename).name}:{at.name}"
        if isinstance(cause, RecursionError) or "processor time" in str(cause):
            where = " < ".join(
                dict.fromkeys(each.name for each in reversed(traceback.extract_tb(cause.__traceback__)))
            )[:200]
        return f"{type(cause).__name__} in {where}: {str(error)[:200]}".encode("utf-8", "replace").decode()
    return None


def keep(data: bytes, place: str, folder: Path) -> None:
    """Write the smallest input that fails in the same way, named by its content."""
    kind = place.split(":", maxsplit=1)[0]
    if not kind.startswith("SlowError"):
        data = smaller(data, lambda each: (failure(each) or "").split(":")[0] == kind)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{sha256(data).hexdigest()[:12]}.Dockerfile").write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
