"""The top level of simple YAML files such as pnpm-workspace.yaml, .yarnrc.yml and lock files' heads."""

import re
from collections.abc import Mapping

_KEY = re.compile(r"""^(?:"([^"]+)"|'([^']+)'|([^\s#:'"-][^:]*?))\s*:(?:\s+(.*))?$""")


def read_top_level(text: str) -> Mapping[str, tuple[str, ...]]:
    """Return what stands under each top-level key: a scalar as one item, a list's items, a mapping's keys.

    Deeper levels are left out. Nothing is raised: a line that is not understood is passed over.
    """
    found: dict[str, tuple[str, ...]] = {}
    key, indent = "", -1
    for raw in text.splitlines():
        line = _without_comment(raw)
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip())
        if depth == 0 and not line.startswith("- "):
            match = _KEY.match(line)
            key, indent = ("", -1) if match is None else (match[1] or match[2] or match[3], -1)
            if match is not None:
                found[key] = _items(match[4] or "")
        elif key:
            indent = depth if indent < 0 else indent
            if depth == indent:
                found[key] = (*found[key], _entry(line.strip()))
    return found


def _entry(text: str) -> str:
    if text.startswith("-"):
        return _unquoted(text[1:].strip())
    match = _KEY.match(text)
    return (match[1] or match[2] or match[3]) if match else text


def _items(value: str) -> tuple[str, ...]:
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        return tuple(_unquoted(item.strip()) for item in value[1:-1].split(",") if item.strip())
    return (_unquoted(value),) if value else ()


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value


def _without_comment(line: str) -> str:
    """Return a line up to its comment: a ``#`` at its start or after a blank, outside quotes."""
    quote = ""
    for at, character in enumerate(line):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"" and (at == 0 or line[at - 1] in " \t[,:-"):
            quote = character
        elif character == "#" and (at == 0 or line[at - 1].isspace()):
            return line[:at].rstrip()
    return line.rstrip()
