"""What the order of the steps cost real repositories, by `dockeropt replay`, and what our fix would leave.

Usage: python -m benchmarks.replay [--commits 200] REPOSITORY[=DOCKERFILE]…

REPOSITORY is a folder or an address that git can clone, bare or not; DOCKERFILE its path in there, relative
to the root, which is the build context. Prints a Markdown table: how often installs of dependencies ran again
and had to, as the history has it; then for the Dockerfile of now and for what `lint --fix`,
`lint --fix --unsafe-fixes` and `rewrite` make of it, over the same commits.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tabulate import tabulate


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("repositories", nargs="+")
    options.add_argument("--commits", type=int, default=200)
    given = options.parse_args()
    rows: list[list[str]] = []
    for written in given.repositories:
        repository, _, dockerfile = written.partition("=")
        with tempfile.TemporaryDirectory() as folder:
            rows.extend(lines(repository, dockerfile or "Dockerfile", given.commits, Path(folder)))
    heads = ["repository", "Dockerfile", "commits", "installs", "needed", "steps rerun", "waiting a commit"]
    align = ("left", "left", "right", "right", "right", "right", "right")
    print(tabulate(rows, heads, tablefmt="pipe", disable_numparse=True, colalign=align))


def lines(repository: str, dockerfile: str, commits: int, folder: Path) -> list[list[str]]:
    """Return a row for every Dockerfile that was replayed."""
    clone = folder / repository.rstrip("/").removesuffix(".git").removesuffix("/repo").rpartition("/")[2]
    command = ["git", "clone", "--quiet", *(["--shared"] if Path(repository).is_dir() else []), repository]
    subprocess.run([*command, str(clone)], check=True)
    found = replayed(clone, dockerfile, commits)
    return [
        [
            clone.name.replace("+", "/") if not number else "",
            f"{dockerfile}, {each['name']}",
            str(each["commits"]),
            *installs(each),
            bounds({key: value * 100 for key, value in each["share_of_steps"].items()}, "%"),
            bounds(each["seconds_a_commit"], "s"),
        ]
        for number, each in enumerate(found["replays"])
    ]


def replayed(clone: Path, dockerfile: str, commits: int) -> Any:
    """Return the JSON of `dockeropt replay`."""
    words = ["replay", str(clone), "--dockerfile", str(clone / dockerfile), "--commits", str(commits)]
    done = subprocess.run(
        [sys.executable, "-m", "dockeropt", *words, "--json", "-"], capture_output=True, check=False
    )
    if done.returncode:
        sys.exit(f"{clone.name}: {done.stderr.decode()}")
    return json.loads(done.stdout)


def installs(replay: Any) -> tuple[str, str]:
    """Return how often installs of the project's dependencies ran, at most, and how often they had to."""
    steps = [step for step in replay["steps"] if step["kind"] == "install of dependencies"]
    of = sum(step["commits"] for step in steps)
    ran = sum(step["reran_most"] for step in steps)
    needed = sum(step["dependencies_changed"] for step in steps)
    return (f"{ran} of {of} ({ran / of:.0%})", f"{needed} ({needed / of:.0%})") if of else ("", "")


def bounds(values: Any, unit: str) -> str:
    least, most = f"{values['least']:.0f}", f"{values['most']:.0f}"
    return f"{least} {unit}" if least == most else f"{least}–{most} {unit}"


if __name__ == "__main__":
    main()
