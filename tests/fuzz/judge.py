"""What must hold for any bytes that ``lint`` is given."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from dockeropt.checks.registry import rules
from dockeropt.config.configuration import with_options
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.errors import UsageError
from dockeropt.files import source_of
from dockeropt.lint.linter import lint_source
from dockeropt.report.formats import NAMES, render
from dockeropt.semantics.context import Context, File
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source

SECONDS = 3.0
"""of processor time for one input; most take a thousandth of it"""
MEMORY = 1_000_000_000
"""bytes of address space for the whole process"""

_FILES = (
    File("a", 1, 0o644),
    File("package.json", 2, 0o644),
    File("src/b.ts", 3, 0o755),
    File(".npmrc", 4, 0o600),
)
_JSON = frozenset(("json", "gitlab_codeclimate", "sarif", "sonarqube"))
_PRINTED = 8
"""one input in so many is printed as well, each in one format: that takes longer than linting"""


class SlowError(Exception):
    """An input took more than its time."""


def judge(data: bytes, seconds: float = SECONDS) -> None:
    """Lint an input and print what is found; raises whatever is wrong about either."""
    try:
        source = source_of(data, "Dockerfile")
    except UsageError:
        return
    with _time_limit(seconds):
        nodes = parse(source).nodes
        assert source.text == "".join(source.text[each.span.start : each.span.end] for each in nodes)
        found = lint_source(source, everything(), Context(lambda: _FILES, "a\n"))
        for each in found:
            _judge_diagnostic(each, source)
        if len(data) % _PRINTED == 0:
            _print(found, NAMES[len(data) // _PRINTED % len(NAMES)])


def _print(found: tuple[Diagnostic, ...], name: str) -> None:
    printed = render(name, found, colour=True)
    if name in _JSON:
        json.loads(printed)


@lru_cache(1)
def everything() -> Settings:
    """Return settings under which every rule runs, those too that are off by default."""
    off = [rule.code for rule in rules() if rule.severity is Severity.IGNORE]
    settings = Settings(severities=dict.fromkeys(off, Severity.INFO))
    settings = with_options(settings, "trusted", ("docker.io",))
    return with_options(settings, "labels", ("maintainer:text", "org.a.b:semver"))


def _judge_diagnostic(diagnostic: Diagnostic, source: Source) -> None:
    finding = diagnostic.finding
    spans = [finding.span, *(each.span for each in finding.related)]
    if finding.fix is not None:
        spans.extend(edit.span for edit in finding.fix.edits)
    for span in spans:
        assert 0 <= span.start <= span.end <= len(source.text), f"{diagnostic.code} is at {span}"
    assert finding.message, f"{diagnostic.code} says nothing"


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: object) -> None:
        raise SlowError(f"more than {seconds} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
