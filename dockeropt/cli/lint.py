"""``dockeropt lint``: read, lint, print."""

import gc
import io
import os
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, TextIO

from dockeropt.cli.lint_targets import STANDARD_INPUT, Target, configure, find_paths, tell
from dockeropt.cli.lint_work import Outcome, Task, Work, job_count, outcomes, work_of
from dockeropt.cli.options import Values, text_of
from dockeropt.config.configuration import Configuration
from dockeropt.diagnostics.diagnostic import Diagnostic, Entry
from dockeropt.errors import ExitCode, UsageError
from dockeropt.report.formats import DEFAULT, OF_ENGINES, OF_ENTRIES, render, render_entries

if TYPE_CHECKING:
    from dockeropt.cli.fixing import Fixing
    from dockeropt.cli.lint_history import Counting
    from dockeropt.lint.baseline import Baseline

_OBJECTS = 100_000
"""made since the last look for cycles, before the next"""


def run(paths: tuple[str, ...], values: Values) -> int:
    """Lint these paths, print what was found, and return the exit code.

    A path that cannot be read is told on standard error and does not hide what the others have; a broken
    configuration stops before anything is linted.
    """
    jobs = job_count(values)
    standard_input = text_of(values["stdin_filename"]) or STANDARD_INPUT
    places, failed = find_paths(paths or (os.curdir,))
    targets = configure(places, values, standard_input)
    if values["show_config"]:
        return _show(targets)
    first = (
        targets[0].configuration if targets else configure({os.curdir: False}, values, "")[0].configuration
    )
    baseline = _baseline(first, values)
    fixing = _fixing(values)
    tasks = [_task(target) for target in targets]
    format_name = first.format or DEFAULT
    is_as_found = baseline is None and fixing is None and values["history"] is None
    written = format_name if is_as_found and format_name in OF_ENTRIES else None
    work = work_of(values, [task.settings for task in tasks], written)
    counting = _counting(values, work)
    found: list[Diagnostic] = []
    entries: list[Entry] = []
    problems: list[str] = []
    fails = False
    done = outcomes(work, tasks, jobs) if fixing is None else _fixed(fixing, work, tasks, targets)
    with closing(done), _few_collections():
        for (_, name, configuration), (diagnostics, error, missed, ready) in zip(targets, done, strict=True):
            problems.extend(missed)
            if error is not None:
                failed = True
                tell(error)
                continue
            if ready is not None:
                fails = fails or any(configuration.fails(each.severity) for each in ready)
                entries.extend(each for each in ready if configuration.shows(each.severity))
                continue
            new = diagnostics if baseline is None else baseline.new(name, diagnostics)
            if counting is not None:
                new = counting.counted(name, tuple(new), configuration)
                failed = failed or counting.has_failed
            fails = fails or any(configuration.fails(each.severity) for each in new)
            found.extend(each for each in new if configuration.shows(each.severity))
    if problems:
        from dockeropt.cli.shellcheck import tell_problems

        tell_problems(problems)
    if baseline is not None:
        if values["write_baseline"]:
            count = baseline.write()
            print(f"dockeropt: {baseline.path} has {count} finding{'s' * (count != 1)}", file=sys.stderr)
            return ExitCode.USAGE if failed else ExitCode.CLEAN
        _tell_stale(baseline)
    if fixing is not None:
        fixing.tell(found)
        failed = failed or fixing.has_failed
        fails = fixing.has_changes and not first.no_fail if fixing.shows_only else fails
    output = text_of(values["output"])
    if output is not None:
        from dockeropt.files import write_atomically

        text = render(format_name, found) if written is None else render_entries(format_name, entries)
        write_atomically(output, text.encode("utf-8", "replace"))
    elif written is not None:
        _write(render_entries(format_name, entries), sys.stdout)
    elif fixing is None or not fixing.shows_only:
        stream = sys.stderr if fixing is not None and fixing.prints_text else sys.stdout
        _write(render(format_name, found, _has_colour(stream, first)), stream)
    if fixing is not None and fixing.has_bugs:
        return ExitCode.INTERNAL
    if failed:
        return ExitCode.USAGE
    return ExitCode.FINDINGS if fails and first.format not in OF_ENGINES else ExitCode.CLEAN


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let Python seldom look for cycles among objects: linting makes none, and looking took a sixth of it."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _task(target: Target) -> Task:
    path, name, configuration = target
    data = sys.stdin.buffer.read() if path == STANDARD_INPUT else None
    return Task(path, name, configuration.settings_for(os.path.abspath(name)), data)


def _fixed(
    fixing: "Fixing", work: Work, tasks: Sequence[Task], targets: Sequence[Target]
) -> Generator[Outcome]:
    """Yield what is left of every file's findings after fixing it."""
    work.open()
    try:
        for task, (_, _, configuration) in zip(tasks, targets, strict=True):
            file = None if task.path == STANDARD_INPUT else task.path
            try:
                source = work.read(task)
                context, shellcheck = work.context_of(source), work.shellcheck_for(task.settings)
                found = fixing.fix(file, source, task.settings, context, configuration, shellcheck)
            except UsageError as error:
                yield Outcome(error=error)
            else:
                yield Outcome(found, problems=() if shellcheck is None else shellcheck.take_problems())
    finally:
        work.end()


def _counting(values: Values, work: Work) -> "Counting | None":
    history = text_of(values["history"])
    if history is None:
        return None
    from dockeropt.cli.lint_history import Counting

    return Counting(history, work)


def _fixing(values: Values) -> "Fixing | None":
    if not (values["fix"] or values["diff"] or values["unsafe_fixes"]):
        return None
    from dockeropt.cli.fixing import wanted

    return wanted(values)


def _baseline(configuration: Configuration, values: Values) -> "Baseline | None":
    """Return the baseline asked for; raises UsageError for one that is missing or none."""
    path = text_of(values["baseline"])
    if path is None and configuration.baseline is not None:
        path = os.path.relpath(os.path.join(configuration.folder, configuration.baseline))
    if path is None:
        if values["write_baseline"]:
            raise UsageError("no baseline is named", "add --baseline FILE")
        return None
    from dockeropt.lint import baseline

    if values["write_baseline"] and not os.path.lexists(path):
        return baseline.of_nothing(path)
    return baseline.read(path)


def _tell_stale(baseline: "Baseline") -> None:
    count = baseline.stale()
    if count:
        what = "1 finding is" if count == 1 else f"{count} findings are"
        print(f"dockeropt: {what} in {baseline.path} and no longer there", file=sys.stderr)
        print("  hint: add --write-baseline to take out what is gone", file=sys.stderr)


def _show(targets: list[Target]) -> int:
    from dockeropt.config.show import show

    for _, name, configuration in targets:
        text = show(configuration, configuration.settings_for(os.path.abspath(name)))
        sys.stdout.write(f"# {name}\n{text}")
    return ExitCode.CLEAN


def _has_colour(stream: TextIO, configuration: Configuration) -> bool:
    is_allowed = not configuration.no_color and not os.environ.get("NO_COLOR")
    return is_allowed and stream.isatty() and os.environ.get("TERM") != "dumb"


def _write(text: str, stream: TextIO) -> None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 shows ? and not a traceback
    stream.write(text)
