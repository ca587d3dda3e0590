"""Compare what dockeropt and hadolint find by ShellCheck, code by code, over any folder of Dockerfiles.

Usage: python -m benchmarks.shellcheck_agreement FOLDER… [--keep FILE] [--hadolint PATH] [--show CODE]

A finding is a file, an instruction and a code. hadolint tells one finding of ShellCheck for an instruction,
the last of them, so ours are in two columns: those beside one of hadolint's, and those where it has none.
With --show, the places are printed where hadolint alone has the code: rules/SC.md says why there are any.
Files that hadolint cannot read are left out.
"""

import argparse
import tempfile
from bisect import bisect_right
from collections import Counter
from pathlib import Path

from benchmarks.hadolint import Reported, dockerfiles_in, find_command, lint_in_batches
from dockeropt.config.settings import Settings
from dockeropt.files import read_source
from dockeropt.lint.linter import lint_build, read_build
from dockeropt.semantics.build import Build
from dockeropt.shellcheck.checker import ShellCheck
from dockeropt.shellcheck.installed import find_program

GROUP = 100
SETTINGS = Settings(select=frozenset(("sc",)))

Places = set[tuple[int, str]]
"""the first line of an instruction, and a code"""


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--hadolint", help="the command, if it is not on PATH")
    options.add_argument("--keep", type=Path, metavar="FILE", help="keep what hadolint reports here")
    options.add_argument("--show", action="append", default=[], metavar="CODE", help="may be given often")
    given = options.parse_args()
    program = find_program()
    if program is None:
        options.error("ShellCheck is not installed")
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("both", "theirs", "beside", "ours")}
    with tempfile.TemporaryDirectory() as home:
        shellcheck = ShellCheck(program, home)
        reports = list(
            lint_in_batches(find_command(given.hadolint), dockerfiles_in(given.folders), home, given.keep)
        )
        readable = [(path, reported) for path, reported in reports if reported is not None]
        for at in range(0, len(readable), GROUP):
            group = [(read_build(read_source(str(path))), each) for path, each in readable[at : at + GROUP]]
            shellcheck.start([build for build, _ in group])
            for build, reported in group:
                count(build, reported, shellcheck, counts, given.show)
        for problem in shellcheck.take_problems():
            print(problem)
        shellcheck.close()
    report(counts, len(readable))


def count(
    build: Build,
    reported: list[Reported],
    shellcheck: ShellCheck,
    counts: dict[str, Counter[str]],
    shown: list[str],
) -> None:
    """Add what both find in a file to the counts, and print what is to be shown."""
    source = build.dockerfile.source
    starts = [source.position(each.keyword_span.start).line for each in build.dockerfile.instructions]

    def first_line(line: int) -> int:
        after = bisect_right(starts, line)
        return starts[after - 1] if after else line

    ours: Places = {
        (first_line(source.position(each.finding.span.start).line), each.code)
        for each in lint_build(build, SETTINGS, shellcheck)
    }
    theirs: Places = {(first_line(each.line), each.code) for each in reported if each.code.startswith("SC")}
    lines = {line for line, _ in theirs}
    counts["both"].update(code for _, code in ours & theirs)
    counts["theirs"].update(code for _, code in theirs - ours)
    counts["beside"].update(code for line, code in ours - theirs if line in lines)
    counts["ours"].update(code for line, code in ours - theirs if line not in lines)
    for line, code in sorted(theirs - ours):
        if code in shown:
            print(f"only theirs  {source.path}:{line} {code}\n    {source.line(line).strip()}")


def report(counts: dict[str, Counter[str]], files: int) -> None:
    """Print the four numbers of each code, and of all."""
    print(f"{files:,} files\ncode       agreed  only theirs  beside theirs  only ours")
    for code in sorted(set().union(*counts.values())):
        print_row(code, [each[code] for each in counts.values()])
    print_row("all", [each.total() for each in counts.values()])


def print_row(name: str, numbers: list[int]) -> None:
    both, theirs, beside, ours = numbers
    print(f"{name:<8} {both:8,} {theirs:12,} {beside:14,} {ours:10,}")


if __name__ == "__main__":
    main()
