"""A verdict of the gate, for a terminal and for a pull request."""

from collections.abc import Iterator

from tabulate import tabulate

from dockeropt.gate.causes import Cause
from dockeropt.gate.snapshot import Snapshot
from dockeropt.gate.verdict import Check, Judgement, Unit, Verdict
from dockeropt.report.layers import shortened
from dockeropt.report.quantities import duration, size

MARKER = "<!-- dockeropt gate -->"
"""the first line of a comment, by which the next run finds it"""

_WORDS = {Judgement.WITHIN: "ok", Judgement.OVER: "FAILED", Judgement.ADVICE: "advice"}


def render(verdict: Verdict) -> str:
    """Return the verdict as text: a sentence, the figures, what made the image grow."""
    lines = [_sentence(verdict), ""]
    if verdict.checks:
        lines.append(_table(verdict, "simple"))
    else:
        lines.append("no limit is set: give --max-size, --max-increase or another, or a table [gate]")
    lines.extend(_causes(verdict, "  "))
    lines.extend(f"note: {note}" for note in verdict.notes)
    return "\n".join(lines) + "\n"


def render_markdown(verdict: Verdict) -> str:
    """Return the verdict as a comment for a pull request."""
    mark = "✅" if verdict.is_passed else "❌"
    lines = [MARKER, f"### {mark} {_sentence(verdict)}", ""]
    if verdict.checks:
        lines.extend([_table(verdict, "github"), ""])
    causes = list(_causes(verdict, "- "))
    if causes:
        lines.extend([causes[0].strip(), "", *causes[1:]])
    lines.extend(f"\n> {note}" for note in verdict.notes)
    return "\n".join(lines).rstrip() + "\n"


def _sentence(verdict: Verdict) -> str:
    subject = verdict.subject
    name = f"{subject.name} ({subject.platform})" if subject.platform else subject.name
    figures = f"{size(subject.compressed_bytes)} compressed, {size(subject.unpacked_bytes)} unpacked"
    return f"{name}: {figures}{_difference(subject, verdict.baseline)}"


def _difference(subject: Snapshot, baseline: Snapshot | None) -> str:
    if baseline is None:
        return ""
    packed = subject.compressed_bytes - baseline.compressed_bytes
    unpacked = subject.unpacked_bytes - baseline.unpacked_bytes
    if subject.compressed_by != baseline.compressed_by:
        return f" ({_signed(unpacked)} unpacked since the baseline)"
    return f" ({_signed(packed)} and {_signed(unpacked)} since the baseline)"


def _signed(change: int) -> str:
    return f"{'+' if change >= 0 else '−'}{size(abs(change))}"


def _table(verdict: Verdict, style: str) -> str:
    rows = [
        (_WORDS[check.judgement], check.what, _figure(check, check.value), _limit(check))
        for check in verdict.checks
    ]
    heads = ("", "", "is", "limit")
    return tabulate(
        rows, heads, tablefmt=style, disable_numparse=True, colalign=("left", "left", "right", "right")
    )


def _figure(check: Check, value: float) -> str:
    if check.unit is Unit.BYTES:
        return size(value)
    if check.unit is Unit.SECONDS:
        return duration(value)
    if check.unit is Unit.SHARE:
        return f"{value:+.1%}"
    return check.more or "none"


def _limit(check: Check) -> str:
    return "none" if check.unit is Unit.FILES else _figure(check, check.limit)


def _causes(verdict: Verdict, bullet: str) -> Iterator[str]:
    if not verdict.causes:
        return
    yield "\nwhat made it grow, unpacked:"
    for cause in verdict.causes:
        yield f"{bullet}{_cause(cause)}"


def _cause(cause: Cause) -> str:
    what = cause.what if cause.is_folder else f"`{shortened(cause.what)}`" if cause.what else "a layer"
    return f"{_signed(cause.increase)} {what}{' (new)' if cause.is_new else ''}"
