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
from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.errors import UsageError
from dockeropt.records import NamedTuple
from dockeropt.syntax.source import Source

if TYPE_CHECKING:
    from dockeropt.lint.packing import Packed
    from dockeropt.lint.results import Kept, Results
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


class Work:
    """Linting with the options that are the same for all files of a run.

    ``program`` is ShellCheck's, None where it is not to be run.
    """

    def __init__(self, context: str | None, results: "Results | None", program: str | None = None) -> None:
        self._context = context
        self._results = results
        self._program = program
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
        return self._lint(task)[1]

    def lint_packed(self, task: Task) -> "Sent | UsageError":
        """Return what ``received`` makes an outcome of, in a form that is quickly sent."""
        from dockeropt.lint.packing import pack

        source, (diagnostics, error, problems) = self._lint(task)
        return Sent(source.text, pack(diagnostics), problems) if error is None else error

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

    def read(self, task: Task) -> tuple[bytes, Source]:
        """Return the bytes of a file, and what they are; raises UsageError where it cannot be linted."""
        data = files.read_bytes(task.path) if task.data is None else task.data
        return data, files.source_of(data, task.name)

    def _lint(self, task: Task) -> tuple[Source, Outcome]:
        is_begun = self._begun and self._begun[0].task is task
        begun = self._begun.popleft() if is_begun else self._begin(task)
        return begun.source, self._finish(begun)

    def _begin(self, task: Task) -> "_Begun":
        """Read a file, and take what was found in it before where that still holds."""
        source = Source("", task.name)
        key = ""
        try:
            data, source = self.read(task)
            if self._results is not None:
                key = self._results.key(data, source.path, task.settings)
                kept = self._results.load(key)
                found = None if kept is None else self._recalled(kept, source)
                if found is not None:
                    return _Begun(task, source, Outcome(found))
            return self._begin_anew(task, source, key)
        except UsageError as error:
            return _Begun(task, source, Outcome(error=error))

    def _begin_anew(self, task: Task, source: Source, key: str) -> "_Begun":
        from dockeropt.lint.linter import build_of
        from dockeropt.syntax.parser import parse

        dockerfile = parse(source)
        named = named_paths(dockerfile)
        context = find_context(named, source.path, self._context)
        return _Begun(task, source, None, key, named, build_of(dockerfile, context))

    def _finish(self, begun: "_Begun") -> Outcome:
        """Return what is in a file, and keep it for the next run."""
        if begun.outcome is not None or begun.build is None:
            return begun.outcome or Outcome()
        from dockeropt.lint.linter import lint_build

        settings = begun.task.settings
        shellcheck = self.shellcheck_for(settings)
        found = lint_build(begun.build, settings, shellcheck)
        problems = () if shellcheck is None else shellcheck.take_problems()
        if self._results is not None and not problems:
            from dockeropt.lint.packing import pack
            from dockeropt.lint.results import Kept, seen_of

            self._results.save(begun.key, Kept(begun.named, seen_of(begun.build.context), pack(found)))
        return Outcome(found, problems=problems)

    def _recalled(self, kept: "Kept", source: Source) -> tuple[Diagnostic, ...] | None:
        """Return what was found in a file before, None where its build context is not as it was then."""
        from dockeropt.lint.packing import unpack
        from dockeropt.lint.results import seen_of

        try:
            context = find_context(kept.named, source.path, self._context)
            return unpack(kept.found, source) if seen_of(context, kept.seen) == kept.seen else None
        except (UsageError, AttributeError, KeyError, TypeError, ValueError):
            return None


class _Begun(NamedTuple):
    """A file that was read, and either what came of it or what the rules are to look at."""

    task: Task
    source: Source
    outcome: Outcome | None
    key: str = ""
    """of its result, where results are kept"""
    named: tuple[str, ...] = ()
    build: "Build | None" = None


class Sent(NamedTuple):
    """An outcome as one process sends it to another."""

    text: str
    found: "Packed"
    problems: tuple[str, ...]


def work_of(values: Values, settings: Iterable[Settings]) -> Work:
    """Return the work that the command line and the settings of the files ask for.

    Raises UsageError for a wrong cache folder. Where ShellCheck is asked for and not there, that is told.
    """
    from dockeropt.cli.shellcheck import program_for

    program = program_for(settings)
    results = None if values["no_cache"] else _results(text_of(values["cache_dir"]), program)
    return Work(text_of(values["context"]), results, program)


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
        yield from map(_received, rest, sent)


def _ahead(tasks: Sequence[Task], work: Work) -> Iterator[Task]:
    """Yield the tasks; while one is worked on, the group that comes after its own is begun already."""
    size = work.group
    work.begin(tasks[:size])
    for at in range(0, len(tasks), size):
        work.begin(tasks[at + size : at + 2 * size])
        yield from tasks[at : at + size]


def _received(task: Task, sent: "Sent | UsageError") -> Outcome:
    if isinstance(sent, UsageError):
        return Outcome(error=sent)
    from dockeropt.lint.packing import unpack

    text, found, problems = sent
    return Outcome(unpack(found, Source(text, task.name)), problems=problems)


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
