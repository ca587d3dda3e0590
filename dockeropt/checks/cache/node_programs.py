"""What a package.json says, and the programs that a workspace's members offer each other."""

import json
import re
from collections.abc import Collection
from posixpath import normpath

from dockeropt.semantics.context import Context


def read_manifest(path: str, context: Context) -> dict[str, object] | None:
    text = context.text_of(path)
    if text is None:
        return None
    try:
        content = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def programs(path: str, context: Context) -> dict[str, str]:
    """Return the programs that a workspace's member offers, by path with their names."""
    manifest = read_manifest(path, context) or {}
    given = manifest.get("bin")
    named = given if isinstance(given, dict) else {str(manifest.get("name")).rpartition("/")[2]: given}
    places = {normpath(f"{path.rpartition('/')[0]}/{each}"): name for name, each in named.items()}
    return {place: name for place, name in places.items() if context.file(place) is not None}


def loses_its_mode(path: str, context: Context) -> bool:
    """Tell whether a program is executable only by what the install does, which a later copy undoes."""
    file = context.file(path)
    return file is not None and not file.mode & 0o111


def is_called(name: str, lines: Collection[str]) -> bool:
    return any(re.search(rf"(?<![\w@/.-]){re.escape(name)}(?![\w/.-])", line) for line in lines)


def scripts_of(path: str, context: Context) -> str:
    given = (read_manifest(path, context) or {}).get("scripts")
    return "\n".join(str(each) for each in given.values()) if isinstance(given, dict) else ""
