"""Where the tests' ShellCheck is, and what is asked of it most."""

from pathlib import Path

from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.lint.linter import lint_source
from dockeropt.shellcheck.checker import ShellCheck
from dockeropt.shellcheck.installed import find_program
from dockeropt.syntax.source import Source

ROOT = Path(__file__).parents[2]
PROGRAM = find_program() or "shellcheck is not installed: run make .venv/ready"
ALL = Settings(select=frozenset(("sc",)))


def lint(text: str, shellcheck: ShellCheck, settings: Settings = ALL) -> list[Diagnostic]:
    return list(lint_source(Source(text), settings, shellcheck=shellcheck))


def shown(diagnostics: list[Diagnostic]) -> list[str]:
    """Return place, code, severity and message of each."""
    return [
        "{}:{} {} {} {}".format(
            *each.source.position(each.finding.span.start),
            each.code,
            each.severity.value,
            each.finding.message,
        )
        for each in diagnostics
    ]


def codes(text: str, shellcheck: ShellCheck) -> list[str]:
    return [each.code for each in lint(text, shellcheck)]
