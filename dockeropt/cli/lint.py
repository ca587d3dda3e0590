"""``dockeropt lint``: read, lint, print."""

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

from dockeropt import files
from dockeropt.cli.configured import overlay
from dockeropt.cli.context import find_context
from dockeropt.cli.options import Values
from dockeropt.config.configuration import Configuration
from dockeropt.config.load import Configurations
from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.errors import ExitCode, UsageError
from dockeropt.lint.linter import lint_source
from dockeropt.records import NamedTuple
from dockeropt.report.formats import DEFAULT, OF_ENGINES, render
from dockeropt.syntax.source import Source

if TYPE_CHECKING:
    from dockeropt.cli.fixing import Fixing
    from dockeropt.lint.baseline import Baseline

STANDARD_INPUT = "-"


def run(paths: tuple[str, ...], values: Values) -> int:
    """Lint these paths, print what was found, and return the exit code.

    A path that cannot be read is told on standard error and does not hide what the others have; a broken
    configuration stops before anything is linted.
    """
    context, standard_input = _text(values["context"]), _text(values["stdin_filename"])
    places, failed = _find(paths or (os.curdir,))
    targets = _configure(places, values, standard_input or STANDARD_INPUT)
    if values["show_config"]:
        return _show(targets)
    first = (
        targets[0].configuration if targets else _configure({os.curdir: False}, values, "")[0].configuration
    )
    baseline = _baseline(first, values)
    fixing = _fixing(values)
    found: list[Diagnostic] = []
    fails = False
    for path, name, configuration in targets:
        try:
            source = _read(path, name)
            settings = configuration.settings_for(os.path.abspath(name))
            folder = find_context(source, context)
            if fixing is None:
                diagnostics = lint_source(source, settings, folder)
            else:
                file = None if path == STANDARD_INPUT else path
                diagnostics = fixing.fix(file, source, settings, folder, configuration)
        except UsageError as error:
            failed = True
            _tell(error)
            continue
        new = diagnostics if baseline is None else baseline.new(name, diagnostics)
        fails = fails or any(configuration.fails(each.severity) for each in new)
        found.extend(each for each in new if configuration.shows(each.severity))
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
    if fixing is None or not fixing.shows_only:
        _print(found, first, sys.stderr if fixing is not None and fixing.prints_text else sys.stdout)
    if fixing is not None and fixing.has_bugs:
        return ExitCode.INTERNAL
    if failed:
        return ExitCode.USAGE
    return ExitCode.FINDINGS if fails and first.format not in OF_ENGINES else ExitCode.CLEAN


class _Target(NamedTuple):
    path: str
    name: str
    """the path, or what the user calls standard input"""
    configuration: Configuration


def _find(paths: tuple[str, ...]) -> tuple[dict[str, bool], bool]:
    """Return the files to lint, each once, whether a search found it, and whether a path had none."""
    found: dict[str, tuple[str, bool]] = {}
    failed = False
    for path in paths:
        is_searched = path != STANDARD_INPUT and os.path.isdir(path)
        try:
            for file in _search(path) if is_searched else (path,):
                same = file if file == STANDARD_INPUT else os.path.realpath(file)
                name, was_searched = found.get(same, (file, True))
                found[same] = (name, is_searched and was_searched)
        except UsageError as error:
            failed = True
            _tell(error)
    return dict(found.values()), failed


def _search(folder: str) -> tuple[str, ...]:
    from dockeropt.config.gitignore import GitIgnore

    found = files.find_dockerfiles(folder, ignores=GitIgnore(folder).ignores)
    if not found:
        raise UsageError(f"there is no Dockerfile in {folder}", "name the file: dockeropt lint PATH/TO/FILE")
    return found


def _configure(paths: dict[str, bool], values: Values, standard_input: str) -> list[_Target]:
    """Return every path with its configuration, the command line's options laid over it.

    A path that a search found is left out where its configuration excludes it.
    """
    configurations = Configurations(_text(values["config"]), not values["no_config"])
    laid: dict[int, Configuration] = {}
    targets: list[_Target] = []
    for path, is_searched in paths.items():
        name = standard_input if path == STANDARD_INPUT else path
        written = configurations.of(name)
        if is_searched and written.excludes(os.path.abspath(name)):
            continue
        if id(written) not in laid:
            laid[id(written)] = overlay(written, values)
        targets.append(_Target(path, name, laid[id(written)]))
    return targets


def _fixing(values: Values) -> "Fixing | None":
    if not (values["fix"] or values["diff"] or values["unsafe_fixes"]):
        return None
    from dockeropt.cli.fixing import wanted

    return wanted(values)


def _baseline(configuration: Configuration, values: Values) -> "Baseline | None":
    """Return the baseline asked for; raises UsageError for one that is missing or none."""
    path = _text(values["baseline"])
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


def _read(path: str, name: str) -> Source:
    if path == STANDARD_INPUT:
        return files.source_of(sys.stdin.buffer.read(), name)
    return files.read_source(path)


def _show(targets: list[_Target]) -> int:
    from dockeropt.config.show import show

    for _, name, configuration in targets:
        text = show(configuration, configuration.settings_for(os.path.abspath(name)))
        sys.stdout.write(f"# {name}\n{text}")
    return ExitCode.CLEAN


def _print(found: list[Diagnostic], configuration: Configuration, stream: TextIO) -> None:
    allowed = not configuration.no_color and not os.environ.get("NO_COLOR")
    colour = allowed and stream.isatty() and os.environ.get("TERM") != "dumb"
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 shows ? and not a traceback
    stream.write(render(configuration.format or DEFAULT, found, colour))


def _tell(error: UsageError) -> None:
    print(f"dockeropt: {error.message}", file=sys.stderr)
    if error.hint:
        print(f"  hint: {error.hint}", file=sys.stderr)


def _text(value: str | bool | tuple[str, ...] | None) -> str | None:
    return value if isinstance(value, str) else None
