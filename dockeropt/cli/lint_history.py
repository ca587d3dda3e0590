"""``dockeropt lint --history``: findings with what they cost over the git history."""

import os
from typing import TYPE_CHECKING

from dockeropt.cli.lint_targets import STANDARD_INPUT, tell
from dockeropt.config.configuration import Configuration
from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.errors import UsageError
from dockeropt.replay.counting import COUNTED, Counter
from dockeropt.replay.history import open_history
from dockeropt.syntax.source import Source

if TYPE_CHECKING:
    from dockeropt.cli.lint_work import Work


class Counting:
    """Counts the findings of a run over as many commits as ``text`` says; raises UsageError for no number."""

    def __init__(self, text: str, work: "Work") -> None:
        if not text.isdecimal() or not int(text):
            raise UsageError(f"--history takes a number of commits, not {text}", "such as --history=200")
        self._commits = int(text)
        self._work = work
        self._counters: dict[str, Counter] = {}
        self.has_failed = False
        """a file's history could not be read"""

    def counted(
        self, name: str, diagnostics: tuple[Diagnostic, ...], configuration: Configuration
    ) -> tuple[Diagnostic, ...]:
        """Return the findings of a file with their counts, and the severity that follows from these.

        Where its context lies in no git repository this is told on standard error. Raises MeasureError
        where there is no git.
        """
        if not any(each.code in COUNTED for each in diagnostics):
            return diagnostics
        try:
            counted = self._counter(name, diagnostics[0].source).counted(diagnostics)
        except UsageError as error:
            self.has_failed = True
            tell(error)
            return diagnostics
        limit = configuration.error_if_wasted
        return tuple([_judged(each, limit) for each in counted]) if limit is not None else counted

    def _counter(self, name: str, source: Source) -> Counter:
        context = self._work.context_of(source)
        folder = context.root if context is not None else os.path.dirname(name) or os.curdir
        if name == STANDARD_INPUT and context is None:
            folder = os.curdir
        if folder not in self._counters:
            self._counters[folder] = Counter(open_history(folder, None, self._commits))
        return self._counters[folder]


def _judged(diagnostic: Diagnostic, limit: int) -> Diagnostic:
    """Return a finding as an error where its step ran for nothing in more than so many of 100 commits."""
    reruns = diagnostic.reruns
    if reruns is None or (reruns.reran_least - reruns.needed) * 100 <= limit * reruns.commits:
        return diagnostic
    return diagnostic._replace(severity=Severity.ERROR)
