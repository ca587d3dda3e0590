"""``dockeropt lint --fix``: fixing files one by one, and telling what was done."""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from typing import TYPE_CHECKING

from dockeropt import files
from dockeropt.cli.options import Values
from dockeropt.config.configuration import Configuration
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.diagnostics.finding import Applicability
from dockeropt.errors import UsageError
from dockeropt.lint.fixer import Fixed, fix_source, is_applicable
from dockeropt.lint.linter import lint_source
from dockeropt.semantics.context import Context
from dockeropt.syntax.source import Source

if TYPE_CHECKING:
    from dockeropt.shellcheck.checker import ShellCheck

_NO_NEWLINE = "\\ No newline at end of file\n"


class Fixing:
    """The fixing of a run. ``wanted`` makes one; what it did is counted in it."""

    def __init__(self, least: Applicability, writes: bool) -> None:
        self._least = least
        self._writes = writes
        self._fixed: Counter[str] = Counter()
        self._files = 0
        self.has_bugs = False
        self.has_failed = False
        """a file could not be written"""
        self.prints_text = False
        """a fixed text went to standard output, so the findings must not"""

    @property
    def shows_only(self) -> bool:
        """Whether a diff is shown and nothing written."""
        return not self._writes

    @property
    def has_changes(self) -> bool:
        """Whether a file was changed, or would have been."""
        return self._files > 0

    def fix(
        self,
        path: str | None,
        source: Source,
        settings: Settings,
        context: Context | None,
        configuration: Configuration,
        shellcheck: "ShellCheck | None" = None,
    ) -> tuple[Diagnostic, ...]:
        """Fix a file and return what is left; ``path`` is None for standard input.

        A file that cannot be written is told on standard error, and what was found in it returned.
        """
        done = fix_source(
            source,
            settings,
            context,
            self._least,
            lambda each: configuration.shows(each.severity),
            shellcheck,
        )
        for bug in done.bugs:
            self.has_bugs = True
            _say(bug, "this is a bug in dockeropt: please report it with the file")
        is_changed = done.source.text != source.text
        try:
            if not self._writes:
                _print("".join(_diff(source, done.source)))
            elif path is None:
                self.prints_text = True
                _print(done.source.text)
            elif is_changed:
                _write(path, source, done.source)
        except UsageError as error:
            self.has_failed = True
            _say(error.message, error.hint)
            return lint_source(source, settings, context, shellcheck)
        if is_changed:
            self._count(source.path, done)
        return done.remaining

    def tell(self, left: Iterable[Diagnostic]) -> None:
        """Print on standard error how many findings were fixed, and how many are left."""
        left = tuple(left)
        more = sum(is_applicable(each, Applicability.UNSAFE) for each in left)
        count = self._fixed.total()
        if not count and not more:
            return
        fixed = f"{'fixed' if self._writes else 'would fix'} {_findings(count)}"
        if self._files > 1:
            fixed += f" in {self._files} files"
        codes = ", ".join(f"{number} {code}" for code, number in self._fixed.most_common())
        hint = f"--unsafe-fixes fixes {more} of them" if more and self._least is Applicability.SAFE else ""
        _say(f"{fixed}{f' ({codes})' if codes else ''}, {len(left)} left", hint)

    def _count(self, path: str, done: Fixed) -> None:
        self._files += 1
        self._fixed.update(each.code for each in done.fixed)


def wanted(values: Values) -> Fixing | None:
    """Return what the command line asks to be fixed, if anything; raises UsageError for half a wish."""
    if not values["fix"] and not values["diff"]:
        if values["unsafe_fixes"]:
            raise UsageError("--unsafe-fixes alone fixes nothing", "add --fix, or --diff to see what it does")
        return None
    least = Applicability.UNSAFE if values["unsafe_fixes"] else Applicability.SAFE
    return Fixing(least, not values["diff"])


def _write(path: str, old: Source, new: Source) -> None:
    """Write a fixed file; raises UsageError where it is not as it was read, or may not be written."""
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        raise UsageError(
            f"{path} is gone since it was read, so nothing was written", "run the command again"
        ) from error
    if not mode & 0o222:
        raise UsageError(f"cannot write {path}: it is read-only", f"allow it with chmod u+w {path}")
    if files.read_source(path).text != old.text:
        raise UsageError(
            f"{path} changed while it was being fixed, so nothing was written", "run the command again"
        )
    files.write_atomically(path, new.encode(new.text), _project(path))


def _project(path: str) -> str:
    """Return the folder that links may not leave: the git repository, the working directory, else its own."""
    own = folder = os.path.dirname(os.path.abspath(path))
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            here = os.getcwd()
            return here if (own + os.sep).startswith(here.rstrip(os.sep) + os.sep) else own
        folder = above
    return folder


def _diff(old: Source, new: Source) -> Iterator[str]:
    """Yield the lines of a unified diff, as ``patch`` and ``git apply`` take them."""
    before, after = _lines(old.text), _lines(new.text)
    for line in unified_diff(before, after, old.path, new.path):
        yield line
        if not line.endswith("\n"):
            yield "\n" + _NO_NEWLINE


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def _print(text: str) -> None:
    """Print a text with its bytes as they were, line ends included."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


def _say(message: str, hint: str = "") -> None:
    print(f"dockeropt: {message}", file=sys.stderr)
    if hint:
        print(f"  hint: {hint}", file=sys.stderr)


def _findings(count: int) -> str:
    return "1 finding" if count == 1 else f"{count} findings"
