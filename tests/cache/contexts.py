"""Writing a row's context to disk, and the snapshot the engine gets to see of it."""

import os
from collections.abc import Mapping
from pathlib import Path

from dockeropt.cache.snapshot import Entry
from tests.cache.row import Content


def write(folder: Path, files: Mapping[str, Content | None]) -> None:
    """Write these files with their modes and times; None deletes one."""
    for path, content in files.items():
        place = folder / path
        if content is None:
            place.unlink()
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if content.is_link:
            place.unlink(missing_ok=True)
            place.symlink_to(content.text)
            continue
        place.write_text(content.text)
        place.chmod(content.mode)
        os.utime(place, (content.modified, content.modified))


def changed(files: Mapping[str, Content], changes: Mapping[str, Content | None]) -> dict[str, Content]:
    """Return the files after these changes."""
    both = {**files, **changes}
    return {path: content for path, content in both.items() if content is not None}


def seen(files: Mapping[str, Content], before: Mapping[str, Content] = {}) -> dict[str, Entry]:
    """Return what the builder has of each file: one of the same size, mode and time is not sent again."""
    entries = {}
    for path, content in files.items():
        old = before.get(path)
        if content.is_link:
            entries[path] = Entry(content.text, content.mode, content.text)
            continue
        is_sent = old is None or (len(old.text), old.mode, old.modified) != (
            len(content.text),
            content.mode,
            content.modified,
        )
        entries[path] = Entry(content.text if is_sent or old is None else old.text, content.mode)
    return entries
