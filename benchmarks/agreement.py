"""Compare what dockeropt and hadolint find, code by code, over any folder of Dockerfiles.

Usage: python -m benchmarks.agreement FOLDER… [--show CODE] [--keep FILE] [--hadolint PATH]

A finding is a file, an instruction and a code. hadolint names the line on which the instruction begins and
dockeropt the very word, so places are compared by the instruction they are in. Both run as they come, with
no configuration, and both follow the ignore comments in the files. ShellCheck's codes are left out.

A place where only one of the two reports is documented when a rule's page says why, under "Differences from
hadolint": benchmarks/differences.py has the sentences and how each is told by the text. The second table
counts for each sentence what it explains, and the places where it would and both report all the same.

Where hadolint cannot read a file it has one finding, DL1000, and that is ours too when we refuse the file,
and documented when BuildKit's own parser takes it. What else we find in such a file is not counted.

Exits 1 unless 99 % of hadolint's findings are ours too or documented, and at most 2 % of ours are neither
hadolint's nor documented. With --show, every place where only one of the two reports the code is printed,
with the instruction's first line and the message. With --keep, a file that hadolint has once seen is not
given to it again.
"""

import argparse
import os
import sys
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import dockerfile

from benchmarks.differences import DIFFERENCES, OURS, THEIRS, Difference, explanation
from benchmarks.hadolint import UNREADABLE, Reported, dockerfiles_in, find_command, lint_in_batches
from benchmarks.site import Site, nowhere, sites_of
from dockeropt.errors import InternalError, UsageError
from dockeropt.files import read_source
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source

PREFIX = "DL"
LEAST_FOUND, MOST_EXTRA = 0.99, 0.02
READ_BY_BUILDKIT = "hadolint stops at the first thing it cannot parse"
"""words of DL1000's page"""


class Place(NamedTuple):
    """An instruction, by the line it begins on, and a code reported for it."""

    line: int
    code: str


class Comparison(NamedTuple):
    """Both linters' messages about one file by place, and the difference that explains it, if one does."""

    source: Source
    ours: dict[Place, str]
    theirs: dict[Place, str]
    documented: dict[Place, str]
    """the sentence of the page, for places where one reports alone"""
    doubted: Counter[str]
    """sentences that would explain a place, and both report it"""


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
    print_differences(comparisons)
    if not print_table(comparisons):
        sys.exit(1)


def compare(command: str, paths: list[Path], kept: Path | None = None) -> Iterator[Comparison | LeftOut]:
    """Yield what both find in each file, or why the file is left out."""
    with tempfile.TemporaryDirectory() as home:
        for path, reported in lint_in_batches(command, paths, home, kept):
            if reported is None:
                yield LeftOut(path, "hadolint ends without an answer")
                continue
            try:
                source = read_source(str(path))
                unread = [each for each in reported if each.code == UNREADABLE]
                yield _compare_unread(source, unread[0]) if unread else _compare(source, reported)
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
    documented: dict[Place, str] = {}
    doubted: Counter[str] = Counter()
    sites = sites_of(source)
    elsewhere = nowhere(source)
    for place in ours.keys() | theirs.keys():
        site = sites.get(place.line, elsewhere)
        if place in ours and place in theirs:
            doubted.update(_doubts(place.code, site))
            continue
        found = explanation(place.code, OURS if place in ours else THEIRS, site)
        if found is not None:
            documented[place] = _row(place.code, found)
    return Comparison(source, ours, theirs, documented, doubted)


def _compare_unread(source: Source, reported: Reported) -> Comparison:
    """Compare a file that hadolint cannot read: do we refuse it, and if not, does BuildKit?"""
    place = Place(reported.line, UNREADABLE)
    theirs = {place: reported.message}
    refusals = [each for each in lint_source(source) if each.code == UNREADABLE]
    ours = {place: refusals[0].finding.message} if refusals else {}
    is_documented = not refusals and _is_read_by_buildkit(source.text)
    row = f"{UNREADABLE} {THEIRS}: {READ_BY_BUILDKIT}"
    return Comparison(source, ours, theirs, {place: row} if is_documented else {}, Counter())


def _is_read_by_buildkit(text: str) -> bool:
    try:
        return bool(dockerfile.parse_string(text))
    except (dockerfile.GoParseError, UnicodeError):
        return False


def _doubts(code: str, site: Site) -> Iterator[str]:
    for difference in DIFFERENCES:
        if code in difference.codes and difference.explains(site):
            yield _row(code, difference)


def _row(code: str, difference: Difference) -> str:
    return f"{code} {difference.who}: {difference.sentence}"


def show(code: str, comparisons: list[Comparison], root: Path) -> None:
    """Print the places where only one of the two reports this code."""
    for source, ours, theirs, documented, _ in comparisons:
        lines = source.text.split("\n")
        for place in sorted(ours.keys() ^ theirs.keys()):
            if place.code != code:
                continue
            who, message = (OURS, ours[place]) if place in ours else (THEIRS, theirs[place])
            print(f"only {who:<7}{Path(source.path).relative_to(root)}:{place.line} {code} {message}")
            print(f"    {lines[place.line - 1].strip() if 0 < place.line <= len(lines) else ''}")
            print(f"    {documented.get(place, 'not documented')}")


def print_left_out(left_out: list[LeftOut], total: int, root: Path) -> None:
    """Print how many files count, and which do not and why."""
    print(f"files      {total:7,}")
    for reason, number in sorted(Counter(each.reason for each in left_out).items()):
        print(f"left out   {number:7,}  {reason}")
        for each in left_out:
            if each.reason == reason:
                print(f"                    {each.path.relative_to(root)}")
    print(f"compared   {total - len(left_out):7,}\n")


def print_differences(comparisons: list[Comparison]) -> None:
    """Print for each documented difference how many places it explains, and at how many both report."""
    explained: Counter[str] = Counter()
    doubted: Counter[str] = Counter()
    for comparison in comparisons:
        explained.update(comparison.documented.values())
        doubted.update(comparison.doubted)
    print("explains  both report  documented difference")
    for row in sorted(explained):
        print(f"{explained[row]:8,} {doubted[row]:12,}  {row}")
    print()


def print_table(comparisons: list[Comparison]) -> bool:
    """Print the numbers of each code and of all; return whether they are good enough."""
    both: Counter[str] = Counter()
    alone: dict[str, Counter[str]] = {OURS: Counter(), THEIRS: Counter()}
    open_: dict[str, Counter[str]] = {OURS: Counter(), THEIRS: Counter()}
    for _, ours, theirs, documented, _ in comparisons:
        both.update(place.code for place in ours.keys() & theirs.keys())
        for place in ours.keys() ^ theirs.keys():
            who = OURS if place in ours else THEIRS
            alone[who][place.code] += 1
            if place not in documented:
                open_[who][place.code] += 1
    print("code       agreed  only ours  undocumented  only theirs  undocumented")
    codes = sorted(both.keys() | alone[OURS].keys() | alone[THEIRS].keys())
    for code in codes:
        _print_row(
            code, both[code], *(count[code] for who in (OURS, THEIRS) for count in (alone[who], open_[who]))
        )
    totals = [count.total() for who in (OURS, THEIRS) for count in (alone[who], open_[who])]
    _print_row("all", both.total(), *totals)
    found = 1 - _share(totals[3], both.total() + totals[2])
    extra = _share(totals[1], both.total() + totals[0])
    print(f"\nof hadolint's findings are ours too or documented   {found:8.2%}  (at least {LEAST_FOUND:.0%})")
    print(f"of ours are neither hadolint's nor documented       {extra:8.2%}  (at most {MOST_EXTRA:.0%})")
    return found >= LEAST_FOUND and extra <= MOST_EXTRA


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _print_row(name: str, both: int, ours: int, open_ours: int, theirs: int, open_theirs: int) -> None:
    print(f"{name:<8} {both:8,} {ours:10,} {open_ours:13,} {theirs:12,} {open_theirs:13,}")


if __name__ == "__main__":
    main()
