"""The verdict: what is over its limit, by how much, and what made it so."""

from collections.abc import Iterator
from enum import Enum

from dockeropt.gate.budget import Budget
from dockeropt.gate.causes import Cause, causes_of
from dockeropt.gate.snapshot import Snapshot
from dockeropt.records import NamedTuple


class Unit(Enum):
    """What a figure counts."""

    BYTES = "bytes"
    SECONDS = "seconds"
    SHARE = "share"
    """of the baseline"""
    FILES = "files"


class Judgement(Enum):
    """How a figure stands to its limit."""

    WITHIN = "within"
    OVER = "over"
    ADVICE = "advice"
    """over a limit that does not fail"""


class Check(NamedTuple):
    """A figure and its limit."""

    what: str
    """``compressed size``"""
    value: float
    limit: float
    unit: Unit
    judgement: Judgement
    more: str = ""
    """what else there is to say of it"""


class Verdict(NamedTuple):
    """What the gate says of an image."""

    subject: Snapshot
    baseline: Snapshot | None
    checks: tuple[Check, ...]
    causes: tuple[Cause, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_passed(self) -> bool:
        """Whether nothing is over a limit that fails."""
        return all(check.judgement is not Judgement.OVER for check in self.checks)


def judge(subject: Snapshot, budget: Budget, baseline: Snapshot | None = None) -> Verdict:
    """Return the verdict on an image; limits on what was not looked at are named in the notes."""
    checks = [*_limits(subject, budget), *_forbidden(subject, budget)]
    notes = list(_not_looked_at(subject, budget))
    if baseline is not None:
        checks.extend(_increases(subject, baseline, budget))
        if baseline.compressed_by != subject.compressed_by:
            notes.append(
                "the baseline was taken from an engine that keeps layers in another form: "
                "unpacked bytes are compared, compressed ones are not"
            )
    causes = causes_of(baseline, subject) if baseline is not None else ()
    return Verdict(subject, baseline, tuple(checks), causes, tuple(notes))


def _limits(subject: Snapshot, budget: Budget) -> Iterator[Check]:
    for what, value, limit, unit in (
        ("compressed size", subject.compressed_bytes, budget.max_size, Unit.BYTES),
        ("unpacked size", subject.unpacked_bytes, budget.max_unpacked, Unit.BYTES),
        ("wasted bytes", subject.wasted_bytes, budget.max_waste, Unit.BYTES),
        ("start-up", subject.startup_seconds, budget.max_startup, Unit.SECONDS),
    ):
        if value is not None and limit is not None:
            yield Check(what, value, limit, unit, _judged(value > limit))
    if subject.rebuild_seconds is not None and budget.max_rebuild is not None:
        is_over = subject.rebuild_seconds > budget.max_rebuild
        judgement = _judged(is_over)
        if is_over and not budget.enforces_rebuild:
            judgement = Judgement.ADVICE
        yield Check("rebuild", subject.rebuild_seconds, budget.max_rebuild, Unit.SECONDS, judgement)


def _judged(is_over: bool) -> Judgement:
    return Judgement.OVER if is_over else Judgement.WITHIN


def _not_looked_at(subject: Snapshot, budget: Budget) -> Iterator[str]:
    if subject.wasted_bytes is None and budget.max_waste is not None:
        yield "a measurement does not tell what is wasted: give the image itself for max-waste"
    if subject.paths is None and budget.forbidden:
        yield "a measurement does not tell which files are there: give the image itself for forbidden paths"
    if subject.startup_seconds is None and budget.max_startup is not None:
        yield "the start-up was not measured: give what `dockeropt measure --json` wrote for max-startup"
    if subject.rebuild_seconds is None and budget.max_rebuild is not None:
        yield "the rebuild was not measured: give what `dockeropt measure --json` wrote for max-rebuild"


def _forbidden(subject: Snapshot, budget: Budget) -> Iterator[Check]:
    if subject.paths is None:
        return
    from dockeropt.semantics.dockerignore import Matcher

    for pattern in budget.forbidden:
        matcher = Matcher(pattern)
        found = sorted(path for path in subject.paths if matcher.excludes(path.lstrip("/")))
        more = f"{found[0]}{f' and {len(found) - 1} more' if len(found) > 1 else ''}" if found else ""
        yield Check(f"files of {pattern}", len(found), 0, Unit.FILES, _judged(bool(found)), more)


def _increases(subject: Snapshot, baseline: Snapshot, budget: Budget) -> Iterator[Check]:
    """Yield the growth of either size: over only where it is both a share and bytes that matter."""
    if budget.max_increase is None:
        return
    sizes = [("unpacked size", baseline.unpacked_bytes, subject.unpacked_bytes)]
    if baseline.compressed_by == subject.compressed_by:
        sizes.insert(0, ("compressed size", baseline.compressed_bytes, subject.compressed_bytes))
    for what, before, after in sizes:
        increase = after - before
        share = increase / before if before else float(increase > 0)
        is_over = share > budget.max_increase and increase > budget.min_increase
        yield Check(f"increase of {what}", share, budget.max_increase, Unit.SHARE, _judged(is_over))
