"""Writing a set of files into a folder: all of them or none, and nothing that is there unless asked to."""

import os
import shutil
import tempfile
from collections.abc import Mapping

from dockeropt.errors import UsageError


def write_files(folder: str, files: Mapping[str, str], force: bool = False) -> tuple[str, ...]:
    """Write files by their paths below a folder, which is made if need be; return where they are.

    Raises UsageError where one of them is there already and ``force`` is not given, or where one cannot be
    written; then the folder is as it was.
    """
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise UsageError(f"{folder} is a file, not a folder", "name the folder to write into")
    places = {path: os.path.join(folder, path) for path in files}
    for place in places.values():
        if os.path.isdir(place) or (os.path.lexists(place) and not os.path.isfile(place)):
            raise UsageError(f"{place} is there and is no file", "move it away, or write to another folder")
        if os.path.lexists(place) and not force:
            raise UsageError(f"{place} is there already, so nothing was written", "replace it with --force")
    made: list[str] = []
    try:
        made += _make_folders(folder)
        # Beside the places, so that moving is renaming
        with tempfile.TemporaryDirectory(prefix=".dockeropt-", dir=folder) as temporary:
            for path, text in files.items():
                draft = os.path.join(temporary, path)
                os.makedirs(os.path.dirname(draft), exist_ok=True)
                with open(draft, "x", encoding="utf-8", newline="") as file:
                    file.write(text)
                made += _make_folders(os.path.dirname(places[path]))
            _move(temporary, places)
    except BaseException as error:
        for each in reversed(made):
            os.rmdir(each)
        if isinstance(error, OSError):
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"cannot write to {folder}: {reason}", "nothing was written") from error
        raise
    return tuple(places.values())


def _make_folders(path: str) -> list[str]:
    """Make a folder and those above it; return the new ones, outermost first."""
    missing: list[str] = []
    while path and not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    made: list[str] = []
    try:
        for each in reversed(missing):
            os.mkdir(each)
            made.append(each)
    except BaseException:
        for each in reversed(made):
            os.rmdir(each)
        raise
    return made


def _move(temporary: str, places: Mapping[str, str]) -> None:
    """Move every draft to its place; where one fails, put back what was there."""
    kept = os.path.join(temporary, ".kept")
    moved: list[tuple[str, str | None]] = []
    try:
        for number, (path, place) in enumerate(places.items()):
            old = None
            if os.path.lexists(place):
                old = f"{kept}-{number}"
                shutil.copy2(place, old, follow_symlinks=False)
                shutil.copymode(place, os.path.join(temporary, path))
            os.replace(os.path.join(temporary, path), place)
            moved.append((place, old))
    except BaseException:
        for place, old in reversed(moved):
            if old is None:
                os.unlink(place)
            else:
                os.replace(old, place)
        raise
