"""The text of a configuration file as a table; what cannot be read is told with file and line."""

import re

from dockeropt.config.table import Table
from dockeropt.errors import UsageError


def parse_toml(text: str, path: str) -> Table:
    """Return the table of a TOML file; raises UsageError with file and line where it is broken."""
    import tomllib

    _refuse_undecodable(text, path)
    try:
        # RecursionError: a file nested thousands deep is broken too, not a fault of ours.
        return Table(path, dict(tomllib.loads(text.removeprefix("\ufeff")).items()))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = str(error)
        at = re.search(r" \(at line (\d+), column (\d+)\)$", message)
        place = f"{path}:{at[1]}:{at[2]}" if at else f"{path}:{text.count(chr(10)) + 1}"
        raise UsageError(f"{place}: {_lower(message[: at.start()] if at else message)}") from error


def parse_yaml(text: str, path: str) -> Table:
    """Return the mapping of a YAML file, an empty one of an empty file.

    Raises UsageError with file and line where it is broken, and where it is no mapping.
    """
    import yaml

    _refuse_undecodable(text, path)
    try:
        values = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        raise UsageError(f"{place}: {_lower(error.problem or 'broken YAML')}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise UsageError(f"{path}: {_lower(str(reason).partition(chr(10))[0])}") from error
    if values is None:
        return Table(path, {})
    if not isinstance(values, dict):
        raise UsageError(f"{path}:1: must be a mapping of keys to values", "such as `ignored: [DL3008]`")
    return Table(path, values)


def _refuse_undecodable(text: str, path: str) -> None:
    at = re.search("[\udc80-\udcff]", text)
    if at:
        line = text.count("\n", 0, at.start()) + 1
        raise UsageError(f"{path}:{line}: is not UTF-8", "save it as UTF-8")


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
