"""Rewrites projects, builds, starts and compares before and after, and measures both.

Run: .venv/bin/python -m benchmarks.rewriting [PROJECT…] [--quick] [--keep FILE]. A PROJECT is a name in
fixtures/projects, all of them when none is given, or a folder. It needs a Docker engine with the base images;
what it makes is removed. ``--quick`` compares what the images do, and measures nothing. ``--keep`` adds the
rows to those of earlier runs in FILE. Exits 1 where a rewritten image fails where the old one works, or a
bound is missed.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tabulate import tabulate

from dockeropt.errors import DockeroptError, MeasureError
from dockeropt.measure.comparison import Options, measure
from dockeropt.measure.equivalence import Wanted, prove
from dockeropt.measure.model import Candidate, Measurement
from dockeropt.rewrite.options import Base
from dockeropt.rewrite.options import Options as RewriteOptions
from dockeropt.rewrite.rewriter import Outcome, rewrite

PROJECTS = Path(__file__).parents[1] / "fixtures" / "projects"
PATHS = {"nest-orders": "/orders", "vue-pnpm": "/board/", "koa-uploads": "/health", "nuxt-shop": "/"}
"""the page to ask for where it is not the first one"""
NO_SERVER = frozenset(("report-job", "script-exporter"))
"""projects that answer nothing"""
MOST_SIZE, MOST_REBUILD, MOST_COLD = 0.2, 0.5, 1.1
"""after to before: medians of size, where there is a build step, and of rebuild; any cold build"""


class Figures(NamedTuple):
    """What was measured of one image: bytes and seconds; 0 where it was not."""

    unpacked: int
    cold: float
    rebuild: float
    start: float


class Row(NamedTuple):
    """What became of one project."""

    project: str
    stack: str
    works: str
    has_build: bool = False
    """the rewritten file runs a build of the project"""
    before: Figures | None = None
    after: Figures | None = None


class Request(NamedTuple):
    """A project and how to ask it."""

    folder: str
    dockerfile: str
    wanted: Wanted
    is_server: bool
    is_quick: bool

    @property
    def name(self) -> str:
        """The last part of the folder's name."""
        return os.path.basename(os.path.abspath(self.folder))


def main() -> int:
    """Print a row for each project; return 1 where one fails or a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("projects", nargs="*")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", metavar="FILE")
    parser.add_argument("--file", metavar="DOCKERFILE", default="Dockerfile", help="below the project")
    parser.add_argument("--path", metavar="PATH", help="the page to ask for")
    parser.add_argument("--env", metavar="NAME=VALUE", action="append", default=[])
    parser.add_argument("--build-arg", metavar="NAME=VALUE", action="append", default=[])
    parser.add_argument("--no-server", action="store_true", help="it answers nothing")
    given = parser.parse_args()
    rows = _kept(given.keep)
    for name in given.projects or sorted(each.name for each in PROJECTS.iterdir() if each.is_dir()):
        wanted = Wanted(
            (given.path or PATHS.get(name, "/"),),
            environment=_pairs(given.env),
            arguments=_pairs(given.build_arg),
        )
        folder = str(PROJECTS / name if (PROJECTS / name).is_dir() else name)
        is_server = not given.no_server and name not in NO_SERVER
        row = _row(Request(folder, given.file, wanted, is_server, given.quick))
        rows = [*(each for each in rows if each.project != row.project), row]
        if given.keep:
            Path(given.keep).write_text("".join(f"{json.dumps(each)}\n" for each in rows))
    print(tabulate([_cells(row) for row in rows], headers=_HEADERS, disable_numparse=True))
    missed = 0
    for what, is_met in bounds(rows):
        print(what if is_met else f"{what}: missed")
        missed += not is_met
    return int(missed > 0 or any(row.works.startswith("FAILS") for row in rows))


_HEADERS = ("project", "stack", "works", "image", "ratio", "cold", "ratio", "rebuild", "ratio", "start")


def bounds(rows: Iterable[Row]) -> list[tuple[str, bool]]:
    """Return each bound as a sentence with the figure, and whether it is met."""
    pairs = [(row, row.before, row.after) for row in rows if row.before and row.after]
    sizes = [b.unpacked / a.unpacked for row, a, b in pairs if row.has_build]
    rebuilds = [b.rebuild / a.rebuild for _, a, b in pairs if a.rebuild]
    colds = [b.cold / a.cold for _, a, b in pairs]
    found: list[tuple[str, bool]] = []
    if sizes:
        size = median(sizes)
        what = f"size where there is a build step, median of {len(sizes)}: {size:.2f}, at most {MOST_SIZE}"
        found.append((what, size <= MOST_SIZE))
    if rebuilds:
        rebuild = median(rebuilds)
        what = f"rebuild, median of {len(rebuilds)}: {rebuild:.2f}, at most {MOST_REBUILD}"
        found.append((what, rebuild <= MOST_REBUILD))
    if colds:
        what = f"cold build, worst of {len(colds)}: {max(colds):.2f}, at most {MOST_COLD}"
        found.append((what, max(colds) <= MOST_COLD))
    return found


def _kept(path: str | None) -> list[Row]:
    if path is None or not os.path.exists(path):
        return []
    found: list[Row] = []
    for line in Path(path).read_text().splitlines():
        project, stack, works, has_build, before, after = json.loads(line)
        figures = [None if each is None else Figures(*each) for each in (before, after)]
        found.append(Row(project, stack, works, has_build, *figures))
    return found


def _pairs(words: Iterable[str]) -> dict[str, str]:
    return dict(word.partition("=")[::2] for word in words)


def _row(request: Request) -> Row:
    name = request.name
    try:
        outcome = rewrite(request.folder, os.path.join(request.folder, request.dockerfile))
    except DockeroptError as error:
        return Row(name, "", f"refused: {error.message}")
    decisions = outcome.rewritten.decisions
    stack = next(each.choice for each in decisions if each.subject == "stack")
    if outcome.is_in_place:
        reason = next(each.reason for each in decisions if each.subject == "Dockerfile")
        if outcome.rewritten.dockerfile == outcome.old_dockerfile:
            return Row(name, stack, f"stays as it is: {reason}")
        stack += ", mended in place"
    has_build = any(each.subject == "build" for each in decisions)
    try:
        works = "not asked"
        if request.is_server:
            works, outcome = _compare(request, outcome)
        if request.is_quick or works.startswith("FAILS"):
            return Row(name, stack, works, has_build)
        return Row(name, stack, works, has_build, *_figures(request, outcome))
    except MeasureError as error:
        return Row(name, stack, f"not measured: {error.message.splitlines()[0]}", has_build)


def _compare(request: Request, outcome: Outcome) -> tuple[str, Outcome]:
    """Return whether the new image does what the old one does, on Alpine or else on slim."""
    folder, wanted = request.folder, request.wanted
    proof = prove(folder, *_candidates(outcome), wanted)
    where = ""
    if proof.failures and "-alpine" in outcome.rewritten.dockerfile and not outcome.is_in_place:
        slim = rewrite(folder, outcome.dockerfile_path, RewriteOptions(base=Base.SLIM))
        again = prove(folder, *_candidates(slim), wanted)
        if not again.failures:
            proof, outcome, where = again, slim, " on slim"
    if proof.failures:
        return "FAILS: " + "; ".join(each.what.splitlines()[0] for each in proof.failures), outcome
    if proof.before is None:
        return "; ".join(each.what.splitlines()[-1] for each in proof.differences), outcome
    return f"yes{where}", outcome


def _candidates(outcome: Outcome) -> tuple[Candidate, Candidate]:
    path = outcome.dockerfile_path
    old = Candidate("before", outcome.old_dockerfile, outcome.old_ignore or None, path)
    return old, Candidate("after", outcome.rewritten.dockerfile, outcome.rewritten.ignore, path)


def _figures(request: Request, outcome: Outcome) -> tuple[Figures, Figures]:
    wanted = request.wanted
    options = Options(
        path=wanted.paths[0],
        starts=request.is_server,
        arguments=wanted.arguments,
        environment=wanted.environment,
    )
    before, after = measure(request.folder, _candidates(outcome), options).measurements
    return _figures_of(before), _figures_of(after)


def _figures_of(measurement: Measurement) -> Figures:
    rebuild, startup = measurement.rebuild, measurement.startup
    return Figures(
        measurement.image.unpacked_bytes,
        measurement.cold.timing.median,
        0.0 if rebuild is None else rebuild.timing.median,
        0.0 if startup is None else startup.timing.median,
    )


def _cells(row: Row) -> tuple[str, ...]:
    before, after = row.before, row.after
    if before is None or after is None:
        return (row.project, row.stack, row.works, *[""] * 7)
    return (
        row.project,
        row.stack,
        row.works,
        f"{before.unpacked / 1e6:,.0f} to {after.unpacked / 1e6:,.0f} MB",
        f"{after.unpacked / before.unpacked:.2f}",
        f"{before.cold:.1f} to {after.cold:.1f} s",
        f"{after.cold / before.cold:.2f}",
        f"{before.rebuild:.1f} to {after.rebuild:.1f} s" if before.rebuild else "",
        f"{after.rebuild / before.rebuild:.2f}" if before.rebuild else "",
        f"{before.start:.2f} to {after.start:.2f} s" if before.start else "",
    )


if __name__ == "__main__":
    sys.exit(main())
