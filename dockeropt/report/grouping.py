"""Diagnostics by the file they are in."""

from collections.abc import Iterable

from dockeropt.diagnostics.diagnostic import Diagnostic


def by_path(diagnostics: Iterable[Diagnostic]) -> dict[str, list[Diagnostic]]:
    """Return the diagnostics of each path, paths in the order they are first met."""
    groups: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        groups.setdefault(diagnostic.source.path, []).append(diagnostic)
    return groups
