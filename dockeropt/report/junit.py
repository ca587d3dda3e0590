"""Diagnostics as failed test cases in JUnit's XML, with hadolint's elements and attributes."""

from collections.abc import Iterable

from dockeropt import __version__
from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.report.grouping import by_path
from dockeropt.report.markup import DECLARATION, element, nested, text

_NAME = f"dockeropt {__version__}"
_TIME = ("time", "0.000")


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a suite per path that has findings; without any, one suite of one case that passed.

    A report without a single case is an error to Jenkins. Times are 0: nothing is measured.
    """
    suites = [
        _suite([_case(diagnostic) for diagnostic in found], len(found))
        for found in by_path(diagnostics).values()
    ]
    attributes = (("id", "dockeropt"), ("name", _NAME), _TIME)
    return DECLARATION + element("testsuites", attributes, nested(suites or [_passed()])) + "\n"


def _passed() -> str:
    case = element("testcase", (("name", "no findings"), ("classname", "dockeropt"), _TIME))
    return _suite([case], 0)


def _suite(cases: list[str], failures: int) -> str:
    counts = (("tests", len(cases)), ("failures", failures), ("errors", 0))
    return element("testsuite", (("id", "dockeropt"), ("name", _NAME), *counts, _TIME), nested(cases))


def _case(diagnostic: Diagnostic) -> str:
    source, finding = diagnostic.source, diagnostic.finding
    line, column = source.position(finding.span.start)
    code, level = diagnostic.code, diagnostic.severity.value
    details = f"File: {source.path}\nLine: {line}\nColumn: {column}\n{level}: {finding.message}\n"
    failure = (("id", code), ("message", finding.message), ("type", level))
    case = (
        ("id", f"dockeropt.rule.{code}"),
        ("name", f"{code} {diagnostic.slug} at {line}:{column}"),
        ("classname", source.path),
        ("file", source.path),
        ("line", line),
        _TIME,
    )
    return element("testcase", case, element("failure", failure, text(details)))
