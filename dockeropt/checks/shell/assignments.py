"""Values of variables at a RUN, as far as the file tells."""

from collections.abc import Mapping
from functools import lru_cache

from dockeropt.checks.shell.commands import commands_of
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Run


def values_in(run: Run, build: Build) -> Mapping[str, str]:
    """Return the variables a RUN sees with a known value: ENV, ARG, and what its script assigns once."""
    known = _known(build)
    at = run.instruction.span.start
    if at not in known:
        known[at] = _read(run, build)
    return known[at]


@lru_cache(1)
def _known(build: Build) -> dict[int, dict[str, str]]:
    """Return what has been read of a build so far, by the offset of the RUN."""
    return {}


def _read(run: Run, build: Build) -> dict[str, str]:
    scope = build.scope_of(run)
    values = {name: value for name, value in scope.arguments.items() if value is not None}
    values.update(scope.environment)
    assigned: set[str] = set()
    for command in commands_of(run, build):
        if command.name and command.name != "export":
            continue
        for word in (*command.assignments, *command.words):
            name, equals, value = word.value.partition("=")
            if not equals:
                continue
            if name in assigned or "$" in value or "`" in value:
                values.pop(name, None)
            else:
                values[name] = value
            assigned.add(name)
    return values
