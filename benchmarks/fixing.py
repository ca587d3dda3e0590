"""Fix every Dockerfile of folders and count what a fix may never do; all of it must be 0.

Usage: python -m benchmarks.fixing FOLDER… [--unsafe-fixes] [--each-rule] [--every N] [--show] [--tally PATH]

BuildKit's own parser (PyPI `dockerfile`) reads each file before and after. A file that it read before and
does not read after is broken; so is one with an instruction that BuildKit does not know and that was not
there before, since the parser lets those pass: that is what a lost continuation looks like. All rules are on,
those too that are off by default. An instruction
in whose lines no edit stands must be the same after each round. A second pass must change nothing. With
--each-rule every rule that fixes something in a file fixes it alone too: it must find less than before.

Linting and fixing take turns on every file, so the ratio of their times means something on a busy machine.
With --tally its `lint --fix` (or --fix-unsafe) runs on copies of the same files, and what it breaks is
counted the same way.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from benchmarks.hadolint import dockerfiles_in
from dockeropt.checks.registry import rules
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.finding import Applicability
from dockeropt.lint.fixer import Fixed, fix_source
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.source import Source
from tests.lint.promises import breakage, faults

ALL = Settings(select=frozenset(rule.code.lower() for rule in rules()))
LEASTS = (
    "broken",
    "changed without being named",
    "changed by a second pass",
    "new findings of the fixed rule",
    "crashes",
    "bugs",
)


class Wrong(NamedTuple):
    """One thing that must not be."""

    kind: str
    path: Path
    what: str


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--unsafe-fixes", action="store_true")
    options.add_argument("--each-rule", action="store_true", help="let every rule fix alone too")
    options.add_argument("--every", type=int, default=1, help="take only one file in so many")
    options.add_argument("--show", action="store_true", help="print what is wrong, file by file")
    options.add_argument("--tally", help="tally's command, to count what it breaks")
    given = options.parse_args()
    paths = dockerfiles_in(given.folders)[:: given.every]
    least = Applicability.UNSAFE if given.unsafe_fixes else Applicability.SAFE
    wrong, fixed, changed, lint_time, fix_time = fix_all(paths, least, given.each_rule)
    print(f"{len(paths):,} files, {changed:,} changed by {fixed.total():,} fixes")
    print(", ".join(f"{code} {count:,}" for code, count in fixed.most_common()))
    for kind in LEASTS:
        print(f"{sum(each.kind == kind for each in wrong):8,} {kind}")
    ratio = fix_time / lint_time
    print(f"linting took {lint_time:.1f} s, fixing {fix_time:.1f} s: {ratio:.2f} times as long")
    if given.show:
        for each in wrong:
            print(f"{each.path}: {each.kind}: {each.what}")
    if given.tally:
        tally(given.tally, paths, given.unsafe_fixes)
    sys.exit(1 if wrong or ratio > 3 else 0)


def fix_all(
    paths: list[Path], least: Applicability, each_rule: bool
) -> tuple[list[Wrong], Counter[str], int, float, float]:
    """Return what went wrong, the fixes by code, the files changed, and the seconds of linting and fixing."""
    wrong: list[Wrong] = []
    fixes: Counter[str] = Counter()
    changed = 0
    lint_time = fix_time = 0.0
    for path in paths:
        source = Source.decode(path.read_bytes(), str(path))
        try:
            start = time.process_time()
            lint_source(source, ALL)
            middle = time.process_time()
            done = fix_source(source, ALL, least=least)
            end = time.process_time()
        except Exception as error:  # noqa: BLE001 - that is what is counted
            wrong.append(Wrong("crashes", path, repr(error)))
            continue
        lint_time, fix_time = lint_time + middle - start, fix_time + end - middle
        fixes.update(each.code for each in done.fixed)
        wrong.extend(Wrong("bugs", path, bug) for bug in done.bugs)
        if done.source.text != source.text:
            changed += 1
            wrong.extend(Wrong(kind, path, what) for kind, what in faults(source, done, least, ALL))
        if each_rule:
            wrong.extend(Wrong(kind, path, what) for kind, what in faults_alone(source, done, least))
    return wrong, fixes, changed, lint_time, fix_time


def faults_alone(source: Source, done: Fixed, least: Applicability) -> list[tuple[str, str]]:
    """Return what is wrong when each rule that fixed something fixes alone."""
    found: list[tuple[str, str]] = []
    for code in {each.code for each in done.fixed}:
        settings = Settings(select=frozenset((code.lower(),)))
        alone = fix_source(source, settings, least=least)
        before = Counter(each.finding.message for each in lint_source(source, settings))
        after = Counter(each.finding.message for each in alone.remaining)
        if after.total() >= before.total() and alone.fixed:
            found.append(("new findings of the fixed rule", f"{code}: {before.total()}, {after.total()}"))
        found.extend((kind, f"{code} alone: {what}") for kind, what in faults(source, alone, least, settings))
    return found


def tally(command: str, paths: list[Path], unsafe: bool) -> None:
    """Print what tally's fixes break of the same files."""
    broken = changed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(paths):
            copy = Path(folder) / str(number) / "Dockerfile"
            copy.parent.mkdir()
            copy.write_bytes(path.read_bytes())
            options = ["--fix", "--fix-unsafe"] if unsafe else ["--fix"]
            run = subprocess.run([command, "lint", *options, str(copy)], capture_output=True, check=False)
            failed += run.returncode not in (0, 1)
            before, after = (each.read_bytes().decode("utf-8", "surrogateescape") for each in (path, copy))
            changed += before != after
            broken += bool(breakage(before, after))
    print(f"tally: {changed:,} changed, {broken:,} broken, {failed:,} runs that failed")


if __name__ == "__main__":
    main()
