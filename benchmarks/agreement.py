"""Compare what dockeropt and hadolint find, code by code, over any folder of Dockerfiles.

Usage: python -m benchmarks.agreement FOLDER… [--show CODE] [--keep FILE] [--hadolint PATH]

A finding is a file, an instruction and a code. hadolint names the line on which the instruction begins and
dockeropt the very word, so places are compared by the instruction they are in. Both run as they come, with
no configuration, and both follow the ignore comments in the files. ShellCheck's codes are left out.

Files that hadolint cannot read are counted and left out. With --show, every place where only one of the two
reports the code is printed, with the instruction's first line and the message. With --keep, a file that
hadolint has once seen is not given to it again.
"""

import argparse
import os
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.hadolint import Reported, dockerfiles_in, find_command, lint_in_batches
from dockeropt.errors import InternalError, UsageError
from dockeropt.files import read_source
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source

PREFIX = "DL"


class Place(NamedTuple):
    """An instruction, by the line it begins on, and a code reported for it."""

    line: int
    code: str


class Comparison(NamedTuple):
    """Both linters' messages about one file, by place."""

    source: Source
    ours: dict[Place, str]
    theirs: dict[Place, str]


class LeftOut(NamedTuple):
    """A file that is not compared, and why."""

    path: Path
    reason: str


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--hadolint", help="the command, if it is not on PATH")
    options.add_argument("--show", action="append", default=[], metavar="CODE", help="may be given often")
    options.add_argument("--keep", type=Path, metavar="FILE", help="keep what hadolint reports here")
    given = options.parse_args()
    paths = dockerfiles_in(given.folders)
    root = Path(os.path.commonpath([path.parent for path in paths]))
    comparisons: list[Comparison] = []
    left_out: list[LeftOut] = []
    for each in compare(find_command(given.hadolint), paths, given.keep):
        if isinstance(each, Comparison):
            comparisons.append(each)
        else:
            left_out.append(each)
    for code in given.show:
        show(code.upper(), comparisons, root)
    print_left_out(left_out, len(paths), root)
    print_table(comparisons)


def compare(command: str, paths: list[Path], kept: Path | None) -> Iterator[Comparison | LeftOut]:
    """Yield what both find in each file, or why the file is left out."""
    with tempfile.TemporaryDirectory() as home:
        for path, reported in lint_in_batches(command, paths, home, kept):
            if reported is None:
                yield LeftOut(path, "hadolint cannot read it")
                continue
            try:
                source = read_source(str(path))
                yield _compare(source, reported)
            except (UsageError, InternalError) as error:
                yield LeftOut(path, error.message)


def _compare(source: Source, reported: list[Reported]) -> Comparison:
    starts = [source.position(each.keyword_span.start).line for each in parse(source).instructions]

    def first_line(line: int) -> int:
        after = bisect_right(starts, line)
        return starts[after - 1] if after else line

    ours: dict[Place, str] = {}
    for diagnostic in lint_source(source):
        line = first_line(source.position(diagnostic.finding.span.start).line)
        if diagnostic.code.startswith(PREFIX):
            ours[Place(line, diagnostic.code)] = diagnostic.finding.message
    theirs = {
        Place(first_line(each.line), each.code): each.message
        for each in reported
        if each.code.startswith(PREFIX)
    }
    return Comparison(source, ours, theirs)


def show(code: str, comparisons: list[Comparison], root: Path) -> None:
    """Print the places where only one of the two reports this code."""
    for source, ours, theirs in comparisons:
        lines = source.text.split("\n")
        for place in sorted(ours.keys() ^ theirs.keys()):
            if place.code != code:
                continue
            who, message = ("ours", ours[place]) if place in ours else ("theirs", theirs[place])
            print(f"only {who:<7}{Path(source.path).relative_to(root)}:{place.line} {code} {message}")
            print(f"    {lines[place.line - 1].strip() if 0 < place.line <= len(lines) else ''}")


def print_left_out(left_out: list[LeftOut], total: int, root: Path) -> None:
    """Print how many files count, and which do not and why, hadolint's own failures by number alone."""
    print(f"files      {total:7,}")
    reasons = Counter(each.reason for each in left_out)
    for reason, number in sorted(reasons.items()):
        print(f"left out   {number:7,}  {reason}")
        if not reason.startswith("hadolint"):
            for each in left_out:
                if each.reason == reason:
                    print(f"                    {each.path.relative_to(root)}")
    print(f"compared   {total - len(left_out):7,}\n")


def print_table(comparisons: list[Comparison]) -> None:
    """Print the three numbers of each code, and of all."""
    both: Counter[str] = Counter()
    only_ours: Counter[str] = Counter()
    only_theirs: Counter[str] = Counter()
    for _, ours, theirs in comparisons:
        both.update(place.code for place in ours.keys() & theirs.keys())
        only_ours.update(place.code for place in ours.keys() - theirs.keys())
        only_theirs.update(place.code for place in theirs.keys() - ours.keys())
    print("code       agreed  only ours  only theirs  of theirs found  of ours not theirs")
    for code in sorted(both.keys() | only_ours.keys() | only_theirs.keys()):
        _print_row(code, both[code], only_ours[code], only_theirs[code])
    _print_row("all", both.total(), only_ours.total(), only_theirs.total())


def _print_row(name: str, both: int, only_ours: int, only_theirs: int) -> None:
    found = f"{both / (both + only_theirs):.2%}" if both + only_theirs else "-"
    extra = f"{only_ours / (both + only_ours):.2%}" if both + only_ours else "-"
    print(f"{name:<8} {both:8,} {only_ours:10,} {only_theirs:12,} {found:>16} {extra:>19}")


if __name__ == "__main__":
    main()
