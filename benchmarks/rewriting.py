"""Rewrites every project of fixtures/projects, builds, starts and compares before and after.

Run: .venv/bin/python -m benchmarks.rewriting [PROJECT…] [--quick]. It needs a Docker engine with the base
images; what it makes is removed. ``--quick`` compares what the images do, and measures nothing. Exits 1 where
a rewritten image fails where the old one works.
"""

import argparse
import os
import sys
from pathlib import Path

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


def main() -> int:
    """Print a row for each project; return 1 where a rewritten image fails where the old one works."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("projects", nargs="*")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    names = options.projects or sorted(each.name for each in PROJECTS.iterdir() if each.is_dir())
    rows = [_row(name, options.quick) for name in names]
    print(tabulate(rows, headers=_HEADERS, disable_numparse=True))
    return int(any(row[2].startswith("FAILS") for row in rows))


_HEADERS = ("project", "stack", "works", "image", "cold", "rebuild", "start")


def _row(name: str, is_quick: bool) -> tuple[str, ...]:
    folder = str(PROJECTS / name)
    try:
        outcome = rewrite(folder, os.path.join(folder, "Dockerfile"))
    except DockeroptError as error:
        return (name, "", f"refused: {error.message}", "", "", "", "")
    stack = next(each.choice for each in outcome.rewritten.decisions if each.subject == "stack")
    if outcome.is_in_place:
        reason = next(e.reason for e in outcome.rewritten.decisions if e.subject == "Dockerfile")
        return (name, stack, f"stays: {reason}", "", "", "", "")
    try:
        works, outcome = ("not asked", outcome) if name in NO_SERVER else _compare(name, folder, outcome)
        figures = (
            ("", "", "", "") if is_quick or works.startswith("FAILS") else _figures(name, folder, outcome)
        )
    except MeasureError as error:
        return (name, stack, f"not measured: {error.message.splitlines()[0]}", "", "", "", "")
    return (name, stack, works, *figures)


def _compare(name: str, folder: str, outcome: Outcome) -> tuple[str, Outcome]:
    """Return whether the new image does what the old one does, on Alpine or else on slim."""
    wanted = Wanted((PATHS.get(name, "/"),))
    proof = prove(folder, *_candidates(outcome), wanted)
    where = ""
    if proof.failures and "-alpine" in outcome.rewritten.dockerfile:
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


def _figures(name: str, folder: str, outcome: Outcome) -> tuple[str, str, str, str]:
    options = Options(path=PATHS.get(name, "/"), starts=name not in NO_SERVER)
    before, after = measure(folder, _candidates(outcome), options).measurements
    return (
        f"{_megabytes(before)} to {_megabytes(after)} MB",
        f"{before.cold.timing.median:.1f} to {after.cold.timing.median:.1f} s",
        f"{_rebuild(before)} to {_rebuild(after)} s",
        ""
        if before.startup is None or after.startup is None
        else f"{before.startup.timing.median:.2f} to {after.startup.timing.median:.2f} s",
    )


def _megabytes(measurement: Measurement) -> str:
    return f"{measurement.image.unpacked_bytes / 1e6:,.0f}"


def _rebuild(measurement: Measurement) -> str:
    return "" if measurement.rebuild is None else f"{measurement.rebuild.timing.median:.1f}"


if __name__ == "__main__":
    sys.exit(main())
