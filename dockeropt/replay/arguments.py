"""Build arguments that follow the history: ``COMMIT_ID=*`` is another one in every commit."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from dockeropt.errors import UsageError
from dockeropt.records import NamedTuple
from dockeropt.syntax.instructions import Arg
from dockeropt.syntax.tree import Dockerfile
from dockeropt.syntax.views import view


class Pattern(NamedTuple):
    """Arguments whose names match, and their value, ``*`` standing for the commit."""

    name: str
    value: str


Patterns = tuple[Pattern, ...]


def read_patterns(given: Iterable[str]) -> Patterns:
    """Return the patterns written as NAME=VALUE; raises UsageError where one is not."""
    found: list[Pattern] = []
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(
                f"the build argument {text!r} has no value",
                f"write {name or 'NAME'}=VALUE, or {name or 'NAME'}=*",
            )
        found.append(Pattern(name, value))
    return tuple(found)


def arguments_for(patterns: Patterns, dockerfile: Dockerfile, commit: str) -> dict[str, str]:
    """Return the arguments that a Dockerfile declares and a pattern matches; of several the last counts."""
    if not patterns:
        return {}
    names = declared(dockerfile)
    return {
        name: value.replace("*", commit)
        for pattern, value in patterns
        for name in names
        if fnmatchcase(name, pattern)
    }


def declared(dockerfile: Dockerfile) -> tuple[str, ...]:
    """Return the names of all ARGs of a Dockerfile."""
    views = [view(each, dockerfile.escape) for each in dockerfile.instructions if each.keyword == "ARG"]
    return tuple(
        dict.fromkeys(pair.key.value for each in views if isinstance(each, Arg) for pair in each.pairs)
    )
