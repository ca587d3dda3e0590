"""What is done with one file, in this process or in another; and which of them does it."""

import os
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from dockeropt import files
from dockeropt.cli.context import find_context, named_paths
from dockeropt.cli.options import Values, text_of
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.errors import UsageError
from dockeropt.records import NamedTuple
from dockeropt.syntax.source import Source

if TYPE_CHECKING:
    from dockeropt.lint.packing import Packed
    from dockeropt.lint.results import Kept, Results
    from dockeropt.semantics.context import Context


class Task(NamedTuple):
    """A file to lint."""

    path: str
    name: str
    """what the user calls it"""
    settings: Settings
    data: bytes | None = None
    """what standard input gave; a file is read where it is linted"""


class Outcome(NamedTuple):
    """What was found in a file, or why it could not be read."""

    diagnostics: tuple[Diagnostic, ...] = ()
    error: UsageError | None = None


class Work:
    """Linting with the options that are the same for all files of a run."""

    def __init__(self, context: str | None, results: "Results | None") -> None:
        self._context = context
        self._results = results

    def lint(self, task: Task) -> Outcome:
        """Return what is in a file; raises InternalError when a rule fails."""
        try:
            return Outcome(self._lint(*self.read(task), task.settings))
        except UsageError as error:
            return Outcome(error=error)

    def lint_packed(self, task: Task) -> "tuple[str, Packed] | UsageError":
        """Return what ``unpacked`` makes an outcome of, in a form that is quickly sent."""
        from dockeropt.lint.packing import pack

        try:
            data, source = self.read(task)
            return source.text, pack(self._lint(data, source, task.settings))
        except UsageError as error:
            return error

    def context_of(self, source: Source) -> "Context | None":
        """Return the build context of a Dockerfile; raises UsageError where the user named none."""
        from dockeropt.syntax.parser import parse

        return find_context(named_paths(parse(source)), source.path, self._context)

    def tidy(self) -> None:
        """Keep the folder of results small; to be called by every process that worked."""
        if self._results is not None:
            self._results.tidy()

    def read(self, task: Task) -> tuple[bytes, Source]:
        """Return the bytes of a file, and what they are; raises UsageError where it cannot be linted."""
        data = files.read_bytes(task.path) if task.data is None else task.data
        return data, files.source_of(data, task.name)

    def _lint(self, data: bytes, source: Source, settings: Settings) -> tuple[Diagnostic, ...]:
        if self._results is None:
            return self._lint_anew(source, settings).diagnostics
        from dockeropt.lint.packing import pack
        from dockeropt.lint.results import Kept, seen_of

        key = self._results.key(data, source.path, settings)
        kept = self._results.load(key)
        found = None if kept is None else self._recalled(kept, source)
        if found is None:
            named, context, found = self._lint_anew(source, settings)
            self._results.save(key, Kept(named, seen_of(context), pack(found)))
        return found

    def _recalled(self, kept: "Kept", source: Source) -> tuple[Diagnostic, ...] | None:
        """Return what was found in a file before, None where its build context is not as it was then."""
        from dockeropt.lint.packing import unpack
        from dockeropt.lint.results import seen_of

        try:
            context = find_context(kept.named, source.path, self._context)
            return unpack(kept.found, source) if seen_of(context, kept.seen) == kept.seen else None
        except (UsageError, AttributeError, KeyError, TypeError, ValueError):
            return None

    def _lint_anew(self, source: Source, settings: Settings) -> "_Linted":
        from dockeropt.lint.linter import build_of, lint_build
        from dockeropt.syntax.parser import parse

        dockerfile = parse(source)
        named = named_paths(dockerfile)
        context = find_context(named, source.path, self._context)
        return _Linted(named, context, lint_build(build_of(dockerfile, context), settings))


class _Linted(NamedTuple):
    named: tuple[str, ...]
    context: "Context | None"
    diagnostics: tuple[Diagnostic, ...]


def work_of(values: Values) -> Work:
    """Return the work that the command line asks for; raises UsageError for a wrong cache folder."""
    results = None if values["no_cache"] else _results(text_of(values["cache_dir"]))
    return Work(text_of(values["context"]), results)


def outcomes(work: Work, tasks: Sequence[Task], jobs: int | None) -> Generator[Outcome]:
    """Yield the outcome of every task, in order; with ``jobs`` None in as many processes as pay."""
    if jobs == 1 or len(tasks) < 2:
        yield from map(work.lint, tasks)
        work.tidy()
        return
    from dockeropt.lint import workers

    count = workers.cores() if jobs is None else jobs
    alone = 0
    if jobs is None:
        for outcome in workers.alone_while_it_pays(work.lint, tasks, count):
            yield outcome
            alone += 1
        work.tidy()
    rest = tasks[alone:]
    if not rest:
        return
    from dockeropt.lint.packing import unpack

    for task, packed in zip(
        rest, workers.in_processes(work.lint_packed, rest, count, work.tidy), strict=True
    ):
        if isinstance(packed, UsageError):
            yield Outcome(error=packed)
        else:
            text, found = packed
            yield Outcome(unpack(found, Source(text, task.name)))


def job_count(values: Values) -> int | None:
    """Return how many processes were asked for, None where nobody did; raises UsageError for no number."""
    text = text_of(values["jobs"])
    if text is None:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise UsageError(
            f"--jobs takes a whole number from 1 on, not `{text}`", "leave it out for one a core"
        )
    return int(text)


def _results(folder: str | None) -> "Results | None":
    """Return the results to use, None where there is no folder for them."""
    from dockeropt.lint.results import Results, default_folder

    if folder is not None and os.path.lexists(folder) and not os.path.isdir(folder):
        raise UsageError(
            f"the cache folder {folder} is a file", "name another with --cache-dir, or add --no-cache"
        )
    folder = default_folder() if folder is None else folder
    try:
        return None if folder is None else Results(os.path.abspath(folder))
    except OSError:
        return None
