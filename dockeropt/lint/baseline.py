"""Findings that were there before: they are quiet, so that only new ones fail.

A finding is known by its rule, its file and the text of the line it stands in, so it stays known when lines
move. Two alike in a file are counted: a third is new.
"""

import os
from collections import Counter
from collections.abc import Iterable

from dockeropt import files
from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.errors import UsageError
from dockeropt.records import NamedTuple

VERSION = 1
_LARGEST = 100_000_000
"""bytes; a finding takes some 60"""


class _Key(NamedTuple):
    path: str
    """relative to the baseline's folder, with ``/``"""
    code: str
    line: str
    """of the stripped line, the start of its SHA-256"""


class Baseline:
    """Old findings by the file they are kept in. ``read`` and ``of_nothing`` make one."""

    def __init__(self, path: str, counts: Counter[_Key]) -> None:
        self.path = path
        self._folder = os.path.dirname(os.path.abspath(path))
        self._left = Counter(counts)
        self._current: Counter[_Key] = Counter()
        self._linted: set[str] = set()

    def new(self, path: str, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return the findings of a file that are not old ones, and remember all of them for ``write``."""
        self._linted.add(self._relative(path))
        found: list[Diagnostic] = []
        for diagnostic in diagnostics:
            key = self._key(diagnostic)
            self._current[key] += 1
            if self._left[key] > 0:
                self._left[key] -= 1
            else:
                found.append(diagnostic)
        return found

    def stale(self) -> int:
        """Return how many old findings are gone from the files linted so far."""
        return sum(count for key, count in self._left.items() if key.path in self._linted)

    def write(self) -> int:
        """Write the findings of now and return their number.

        Those of files that were not linted stay, unless the file is gone. Raises UsageError where the file
        cannot be written.
        """
        import json

        kept = {
            key: count
            for key, count in self._left.items()
            if count > 0
            and key.path not in self._linted
            and os.path.lexists(os.path.join(self._folder, key.path))
        }
        content: dict[str, dict[str, dict[str, int]]] = {}
        everything = self._current + Counter(kept)
        for key in sorted(everything):
            content.setdefault(key.path, {}).setdefault(key.code, {})[key.line] = everything[key]
        text = json.dumps({"version": VERSION, "findings": content}, indent=2, ensure_ascii=False) + "\n"
        files.write_atomically(self.path, text.encode("utf-8", "surrogateescape"))
        return everything.total()

    def _key(self, diagnostic: Diagnostic) -> _Key:
        from hashlib import sha256

        source = diagnostic.source
        line = source.line(source.position(diagnostic.finding.span.start).line).strip()
        digest = sha256(line.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return _Key(self._relative(source.path), diagnostic.code, digest)

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self._folder).replace(os.sep, "/")


def of_nothing(path: str) -> Baseline:
    """Return a baseline without findings, to be written to this file."""
    return Baseline(path, Counter())


def read(path: str) -> Baseline:
    """Return the baseline of a file; raises UsageError where there is none or it is none of ours."""
    import json

    text = files.read_text(path, _LARGEST)
    if text is None:
        raise UsageError(f"there is no baseline {path}", "make it: add --write-baseline")
    counts: Counter[_Key] = Counter()
    try:
        content = json.loads(text)
        if content["version"] != VERSION:
            raise UsageError(
                f"{path} is a baseline of version {content['version']}, not {VERSION}",
                "write it anew: remove it and add --write-baseline",
            )
        for file, codes in content["findings"].items():
            for code, lines in codes.items():
                for line, count in lines.items():
                    counts[_Key(file, code, line)] = int(count)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise UsageError(
            f"{path} is no baseline of dockeropt", "write it anew: remove it and add --write-baseline"
        ) from error
    return Baseline(path, counts)
