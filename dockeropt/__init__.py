"""Make Docker images small and their rebuilds fast, and prove it.

The names here are loaded when they are first used, so that a command pays only for what it needs.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockeropt.cache.graph import StepGraph, step_graph
    from dockeropt.config.settings import Settings
    from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
    from dockeropt.lint.linter import lint_source as lint_source
    from dockeropt.semantics.build import Build
    from dockeropt.semantics.context import Context
    from dockeropt.semantics.resolver import resolve
    from dockeropt.syntax.parser import parse
    from dockeropt.syntax.source import Source
    from dockeropt.syntax.tree import Dockerfile

__version__ = "0.1.0"

__all__ = [
    "Build",
    "Context",
    "Diagnostic",
    "Dockerfile",
    "Settings",
    "Severity",
    "Source",
    "StepGraph",
    "lint_source",
    "parse",
    "resolve",
    "step_graph",
]

_PLACES = {
    "Build": "semantics.build",
    "Context": "semantics.context",
    "Diagnostic": "diagnostics.diagnostic",
    "Dockerfile": "syntax.tree",
    "Settings": "config.settings",
    "Severity": "diagnostics.diagnostic",
    "Source": "syntax.source",
    "StepGraph": "cache.graph",
    "lint_source": "lint.linter",
    "parse": "syntax.parser",
    "resolve": "semantics.resolver",
    "step_graph": "cache.graph",
}


def __getattr__(name: str) -> object:
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{place}"), name)
