"""Fix every Dockerfile of folders and count what a fix may never do; all of it must be 0.

Usage: python -m benchmarks.fixing FOLDER… [--unsafe-fixes] [--each-rule] [--show] [--tally PATH]

BuildKit's own parser (PyPI `dockerfile`) reads each file before and after. A file that it read before and
does not read after is broken; so is one with an instruction that BuildKit does not know and that was not
there before, since the parser lets those pass: that is what a lost continuation looks like. An instruction
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

import dockerfile

from benchmarks.hadolint import dockerfiles_in
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.diagnostics.finding import Applicability
from dockeropt.lint.fixer import Fixed, fix_source
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.edits import Edit, apply
from dockeropt.syntax.keywords import KEYWORDS
from dockeropt.syntax.source import Source

Reading = tuple[int, int, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""first and last line, keyword, flags, values and the bodies of heredocs"""
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
    options.add_argument("--show", action="store_true", help="print what is wrong, file by file")
    options.add_argument("--tally", help="tally's command, to count what it breaks")
    given = options.parse_args()
    paths = dockerfiles_in(given.folders)
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
            lint_source(source)
            middle = time.process_time()
            done = fix_source(source, least=least)
            end = time.process_time()
        except Exception as error:  # noqa: BLE001 - that is what is counted
            wrong.append(Wrong("crashes", path, repr(error)))
            continue
        lint_time, fix_time = lint_time + middle - start, fix_time + end - middle
        fixes.update(each.code for each in done.fixed)
        wrong.extend(Wrong("bugs", path, bug) for bug in done.bugs)
        if done.source.text != source.text:
            changed += 1
            wrong.extend(Wrong(kind, path, what) for kind, what in faults(source, done, least))
        if each_rule:
            wrong.extend(Wrong(kind, path, what) for kind, what in faults_alone(source, done, least))
    return wrong, fixes, changed, lint_time, fix_time


def faults(source: Source, done: Fixed, least: Applicability) -> list[tuple[str, str]]:
    """Return what is wrong with a fixed file."""
    found: list[tuple[str, str]] = []
    broken = breakage(source.text, done.source.text)
    if broken:
        found.append(("broken", broken))
    for before, after, edits in rounds(source, done):
        what = unnamed_change(before, after, edits)
        if what:
            found.append(("changed without being named", what))
    if fix_source(done.source, least=least).source.text != done.source.text:
        found.append(("changed by a second pass", ""))
    return found


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
        found.extend((kind, f"{code} alone: {what}") for kind, what in faults(source, alone, least))
    return found


def breakage(before: str, after: str) -> str:
    """Return what BuildKit's parser cannot make of a text that it could make something of before."""
    old = read(before)
    if old is None:
        return ""
    new = read(after)
    if new is None:
        return "it is not read any more"
    strange = unknown(new) - unknown(old)
    return f"unknown instructions {', '.join(strange)}" if strange else ""


def unknown(instructions: list[Reading]) -> Counter[str]:
    return Counter(keyword for _, _, keyword, *_ in instructions if keyword.upper() not in KEYWORDS)


def read(text: str) -> list[Reading] | None:
    """Return BuildKit's instructions, None where it refuses the text or cannot be given it."""
    if "\0" in text or (not text.isprintable() and any("\ud800" <= each <= "\udfff" for each in text)):
        return None
    try:
        commands = dockerfile.parse_string(text)
    except (dockerfile.GoParseError, UnicodeDecodeError):
        return None
    return [
        (
            each.start_line,
            each.end_line,
            each.cmd or "",
            each.flags,
            each.value,
            tuple(heredoc.content for heredoc in each.heredocs),
        )
        for each in commands
    ]


def rounds(source: Source, done: Fixed) -> list[tuple[str, str, list[Edit]]]:
    """Return text before, text after and edits of every round."""
    found: list[tuple[str, str, list[Edit]]] = []
    groups: dict[int, list[Diagnostic]] = {}
    for each in done.fixed:
        groups.setdefault(id(each.source), []).append(each)
    text = source.text
    for group in groups.values():
        assert group[0].source.text == text
        edits = [edit for each in group if each.finding.fix is not None for edit in each.finding.fix.edits]
        after = apply(text, edits)
        found.append((text, after, edits))
        text = after
    assert text == done.source.text
    return found


def unnamed_change(before: str, after: str, edits: list[Edit]) -> str:
    """Return an instruction in whose lines no edit stands and that is not there any more, in its order."""
    old, new = read(before), read(after)
    if old is None or new is None:
        return ""
    source = Source(before)
    touched: set[int] = set()
    for span, _ in edits:
        first, last = source.position(span.start), source.position(max(span.start, span.end - 1))
        if span.start == span.end and first.column == 1:
            continue
        touched.update(range(first.line, last.line + 1))
    following = iter(new)
    for start, end, *instruction in old:
        if touched.isdisjoint(range(start, end + 1)) and all(
            each[2:] != tuple(instruction) for each in following
        ):
            return f"line {start}: {' '.join(map(str, instruction))[:80]}"
    return ""


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
