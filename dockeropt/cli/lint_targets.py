"""Which files ``lint`` looks at, each with the configuration that holds for it."""

import os
import sys

from dockeropt import files
from dockeropt.cli.configured import overlay
from dockeropt.cli.options import Values, text_of
from dockeropt.config.configuration import Configuration
from dockeropt.config.load import Configurations
from dockeropt.errors import UsageError
from dockeropt.records import NamedTuple

STANDARD_INPUT = "-"


class Target(NamedTuple):
    path: str
    name: str
    """the path, or what the user calls standard input"""
    configuration: Configuration


def find_paths(paths: tuple[str, ...]) -> tuple[dict[str, bool], bool]:
    """Return the files to lint, each once, whether a search found it, and whether a path had none."""
    found: dict[str, tuple[str, bool]] = {}
    known: dict[tuple[int, int], str] = {}
    failed = False
    for path in paths:
        is_searched = path != STANDARD_INPUT and os.path.isdir(path)
        try:
            for file in _search(path) if is_searched else (path,):
                same = file if file == STANDARD_INPUT else _one_name(file, known)
                name, was_searched = found.get(same, (file, True))
                found[same] = (name, is_searched and was_searched)
        except UsageError as error:
            failed = True
            tell(error)
    return dict(found.values()), failed


def _one_name(file: str, known: dict[tuple[int, int], str]) -> str:
    """Return a path that is the same for all paths to a file; ``known`` has the first of each file."""
    try:
        status = os.stat(file)
    except (OSError, ValueError):
        return os.path.realpath(file)
    first = known.setdefault((status.st_dev, status.st_ino), file)
    if first is file:
        return file
    real = os.path.realpath(file)
    return first if os.path.realpath(first) == real else real  # another name of its own: a hard link


def _search(folder: str) -> tuple[str, ...]:
    from dockeropt.config.gitignore import GitIgnore

    found = files.find_dockerfiles(folder, ignores=GitIgnore(folder).ignores)
    if not found:
        raise UsageError(f"there is no Dockerfile in {folder}", "name the file: dockeropt lint PATH/TO/FILE")
    return found


def configure(paths: dict[str, bool], values: Values, standard_input: str) -> list[Target]:
    """Return every path with its configuration, the command line's options laid over it.

    A path that a search found is left out where its configuration excludes it.
    """
    configurations = Configurations(text_of(values["config"]), not values["no_config"])
    laid: dict[int, Configuration] = {}
    targets: list[Target] = []
    for path, is_searched in paths.items():
        name = standard_input if path == STANDARD_INPUT else path
        written = configurations.of(name)
        if is_searched and written.excludes(os.path.abspath(name)):
            continue
        if id(written) not in laid:
            laid[id(written)] = overlay(written, values)
        targets.append(Target(path, name, laid[id(written)]))
    return targets


def tell(error: UsageError) -> None:
    """Say on standard error what is wrong with a path; the others are linted all the same."""
    print(f"dockeropt: {error.message}", file=sys.stderr)
    if error.hint:
        print(f"  hint: {error.hint}", file=sys.stderr)
