"""What is done with one file, in this process or in another; and which of them does it."""

import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from dockeropt import files
from dockeropt.cli.context import find_context, named_paths
from dockeropt.cli.options import Values, text_of
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Diagnostic, Entry
from dockeropt.errors import UsageError
from dockeropt.records import NamedTuple
from dockeropt.syntax.source import Source

if TYPE_CHECKING:
    from dockeropt.lint.packing import Packed
    from dockeropt.lint.results import Results
    from dockeropt.semantics.build import Build
    from dockeropt.semantics.context import Context
    from dockeropt.shellcheck.checker import ShellCheck

GROUP = 32
"""files whose scripts one process of ShellCheck reads: it takes as long as the rules do meanwhile"""


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
    problems: tuple[str, ...] = ()
    """where and why ShellCheck gave nothing"""
    entries: tuple[Entry, ...] | None = None
    """instead of the diagnostics, where the work is to write them"""


class Work:
    """Linting with the options that are the same for all files of a run.

    ``program`` is ShellCheck's, None where it is not to be run. ``written`` names the format, one of
    ``OF_ENTRIES``, in which what is found is wanted, None where the diagnostics themselves are.
    """

    def __init__(
        self,
        context: str | None,
        results: "Results | None",
        program: str | None = None,
        written: str | None = None,
    ) -> None:
        self._context = context
        self._results = results
        self._program = program
        self._written = written
        self._folder = ""
        self._shellcheck: ShellCheck | None = None
        self._begun: deque[_Begun] = deque()

    def open(self) -> None:
        """Make the folder that all processes have in common; ``end`` removes it."""
        if self._program is not None and not self._folder:
            import tempfile

            with suppress(OSError):
                self._folder = tempfile.mkdtemp(prefix="dockeropt-")

    def close(self) -> None:
        """End what still runs and keep the folder of results small; to be called by all that worked."""
        if self._shellcheck is not None:
            self._shellcheck.close()
            self._shellcheck = None
        self._begun.clear()
        if self._results is not None:
            self._results.tidy()

    def end(self) -> None:
        """Close, and remove what ``open`` made."""
        self.close()
        if self._folder:
            import shutil

            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""

    @property
    def group(self) -> int:
        """How many files are best begun together."""
        return 1 if self._program is None else GROUP

    def begin(self, tasks: Sequence[Task]) -> None:
        """Read files that are linted next, so that ShellCheck reads the scripts of all in one process."""
        if self._program is None:
            return
        begun = [self._begin(task) for task in tasks]
        builds: list[Build] = []
        for each in begun:
            shellcheck = self.shellcheck_for(each.task.settings)
            if shellcheck is not None and each.build is not None:
                builds.append(each.build)
        if builds and self._shellcheck is not None:
            self._shellcheck.start(builds)
        self._begun.extend(begun)

    def lint(self, task: Task) -> Outcome:
        """Return what is in a file; raises InternalError when a rule fails."""
        is_begun = self._begun and self._begun[0].task is task
        return self._finish(self._begun.popleft() if is_begun else self._begin(task))

    def lint_packed(self, task: Task) -> "Sent | UsageError":
        """Return what ``received`` makes an outcome of, in a form that is quickly sent."""
        from dockeropt.lint.packing import pack, pack_entries

        diagnostics, error, problems, entries = self.lint(task)
        if error is not None:
            return error
        if entries is not None:
            return Sent("", pack_entries(entries), problems)
        return Sent(diagnostics[0].source.text if diagnostics else "", pack(diagnostics), problems)

    def received(self, task: Task, sent: "Sent | UsageError") -> Outcome:
        """Return the outcome that ``lint_packed`` sent from another process."""
        if isinstance(sent, UsageError):
            return Outcome(error=sent)
        from dockeropt.lint.packing import unpack, unpack_entries

        text, found, problems = sent
        if self._written is not None:
            return Outcome((), None, problems, unpack_entries(found, task.name))
        return Outcome(unpack(found, Source(text, task.name)), None, problems)

    def context_of(self, source: Source) -> "Context | None":
        """Return the build context of a Dockerfile; raises UsageError where the user named none."""
        from dockeropt.syntax.parser import parse

        return find_context(named_paths(parse(source)), source.path, self._context)

    def shellcheck_for(self, settings: Settings) -> "ShellCheck | None":
        """Return the ShellCheck of this process, None where nothing of it is wanted."""
        if self._program is None or not settings.wants_shellcheck():
            return None
        if self._shellcheck is None:
            from dockeropt.shellcheck.checker import ShellCheck

            self._shellcheck = ShellCheck(self._program, self._folder)
        return self._shellcheck

    def read(self, task: Task) -> Source:
        """Return the source of a file; raises UsageError where it cannot be linted."""
        return files.source_of(_bytes_of(task), task.name)

    def _begin(self, task: Task) -> "_Begun":
        """Read a file, and take what was found in it before where that still holds."""
        key = ""
        try:
            data = _bytes_of(task)
            if self._results is not None:
                key = self._results.key(data, task.name, task.settings)
                outcome = self._recalled(key, data, task, self._results)
                if outcome is not None:
                    return _Begun(task, outcome, key, (), None)
            return self._begin_anew(task, files.source_of(data, task.name), key)
        except UsageError as error:
            return _Begun(task, Outcome(error=error))

    def _begin_anew(self, task: Task, source: Source, key: str) -> "_Begun":
        from dockeropt.lint.linter import build_of
        from dockeropt.syntax.parser import parse

        dockerfile = parse(source)
        named = named_paths(dockerfile)
        context = find_context(named, source.path, self._context)
        return _Begun(task, None, key, named, build_of(dockerfile, context))

    def _finish(self, begun: "_Begun") -> Outcome:
        """Return what is in a file, and keep it for the next run."""
        if begun.outcome is not None or begun.build is None:
            return begun.outcome or Outcome()
        from dockeropt.lint.linter import lint_build

        settings = begun.task.settings
        shellcheck = self.shellcheck_for(settings)
        found = lint_build(begun.build, settings, shellcheck)
        problems = () if shellcheck is None else shellcheck.take_problems()
        entries = self._entries_of(found)
        if self._results is not None and not problems:
            from dockeropt.lint.packing import pack
            from dockeropt.lint.results import Kept, seen_of

            kept = Kept(begun.named, seen_of(begun.build.context), pack(found), self._kept_entries(entries))
            self._results.save(begun.key, kept)
        return Outcome(found if entries is None else (), None, problems, entries)

    def _recalled(self, key: str, data: bytes, task: Task, results: "Results") -> Outcome | None:
        """Return what was found in a file before, None where its build context is not as it was then."""
        from dockeropt.lint.packing import unpack, unpack_entries
        from dockeropt.lint.results import seen_of

        kept = results.load(key)
        if kept is None:
            return None
        try:
            context = find_context(kept.named, task.name, self._context)
            if seen_of(context, kept.seen) != kept.seen:
                return None
            if kept.written and kept.written[0] == self._written:
                return Outcome((), None, (), unpack_entries(kept.written[1], task.name))
            # Only where the findings are shown otherwise than last time is it worth reading the text again.
            found = unpack(kept.found, files.source_of(data, task.name))
        except (UsageError, AttributeError, IndexError, KeyError, TypeError, ValueError):
            return None
        entries = self._entries_of(found)
        if entries is None:
            return Outcome(found)
        results.save(key, kept._replace(written=self._kept_entries(entries)))
        return Outcome(entries=entries)

    def _entries_of(self, found: tuple[Diagnostic, ...]) -> tuple[Entry, ...] | None:
        """Return what was found as the format writes it, None where it is not to be written."""
        if self._written is None:
            return None
        from dockeropt.report.formats import entry_writer

        return tuple(map(entry_writer(self._written), found))

    def _kept_entries(self, entries: tuple[Entry, ...] | None) -> "Packed":
        from dockeropt.lint.packing import pack_entries

        return () if entries is None else (self._written, pack_entries(entries))


class _Begun(NamedTuple):
    """A file that was read, and either what came of it or what the rules are to look at."""

    task: Task
    outcome: Outcome | None
    key: str = ""
    """of its result, where results are kept"""
    named: tuple[str, ...] = ()
    build: "Build | None" = None


class Sent(NamedTuple):
    """An outcome as one process sends it to another; ``text`` is the file's, where diagnostics need it."""

    text: str
    found: "Packed"
    problems: tuple[str, ...]


def work_of(values: Values, settings: Iterable[Settings], written: str | None = None) -> Work:
    """Return the work that the command line and the settings of the files ask for.

    ``written`` is the format in which what is found is wanted, None for diagnostics.
    Raises UsageError for a wrong cache folder. Where ShellCheck is asked for and not there, that is told.
    """
    from dockeropt.cli.shellcheck import program_for

    program = program_for(settings)
    results = None if values["no_cache"] else _results(text_of(values["cache_dir"]), program)
    return Work(text_of(values["context"]), results, program, written)


def outcomes(work: Work, tasks: Sequence[Task], jobs: int | None) -> Generator[Outcome]:
    """Yield the outcome of every task, in order; with ``jobs`` None in as many processes as pay."""
    work.open()
    try:
        yield from _outcomes(work, tasks, jobs)
    finally:
        work.end()


def _outcomes(work: Work, tasks: Sequence[Task], jobs: int | None) -> Iterator[Outcome]:
    if jobs == 1 or len(tasks) < 2:
        yield from map(work.lint, _ahead(tasks, work))
        return
    from dockeropt.lint import workers

    count = workers.cores() if jobs is None else jobs
    alone = 0
    if jobs is None:
        for outcome in workers.alone_while_it_pays(work.lint, tasks, count, work.group, work.begin):
            yield outcome
            alone += 1
        work.close()
    rest = tasks[alone:]
    if rest:
        sent = workers.in_processes(work.lint_packed, rest, count, work.close, work.group, work.begin)
        yield from map(work.received, rest, sent)


def _ahead(tasks: Sequence[Task], work: Work) -> Iterator[Task]:
    """Yield the tasks; while one is worked on, the group that comes after its own is begun already."""
    size = work.group
    work.begin(tasks[:size])
    for at in range(0, len(tasks), size):
        work.begin(tasks[at + size : at + 2 * size])
        yield from tasks[at : at + size]


def _bytes_of(task: Task) -> bytes:
    return files.read_bytes(task.path) if task.data is None else task.data


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


def _results(folder: str | None, program: str | None) -> "Results | None":
    """Return the results to use, None where there is no folder for them; ShellCheck's differ by program."""
    from dockeropt.lint.results import Results, default_folder

    if folder is not None and os.path.lexists(folder) and not os.path.isdir(folder):
        raise UsageError(
            f"the cache folder {folder} is a file", "name another with --cache-dir, or add --no-cache"
        )
    folder = default_folder() if folder is None else folder
    try:
        return None if folder is None else Results(os.path.abspath(folder), program)
    except OSError:
        return None
