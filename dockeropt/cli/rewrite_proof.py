"""``dockeropt rewrite --verify``: builds and starts the old and the new image and compares what they do."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from dockeropt.errors import MeasureError, UsageError
from dockeropt.rewrite.options import Base

if TYPE_CHECKING:
    from dockeropt.measure.equivalence import Proof, Wanted
    from dockeropt.measure.model import Candidate, Measurement
    from dockeropt.measure.narrator import Narrator
    from dockeropt.rewrite.rewriter import Outcome

_SERVED = ("public", "static", "dist")
_MOST_FILES = 5
_MORE_BYTES = 1.01
"""an init and a few lines of configuration are no loss"""
_MORE_SECONDS, _NOISE_SECONDS = 1.5, 3.0
"""what a busy machine does not explain"""


def verify(
    context: str, make: "Callable[[Base | None], Outcome]", asked: Base | None, wanted: "Wanted"
) -> "tuple[Outcome, str]":
    """Return the rewrite that was proven, and why it is not to be written, empty where it is.

    Where the one on Alpine fails and no flavour was asked for, the one on slim is tried. What was seen is
    told on standard output, with the table of ``measure`` where both work.
    """
    from dockeropt.measure.equivalence import prove
    from dockeropt.measure.narrator import narrator

    outcome = make(asked)
    if not outcome.old_dockerfile:
        raise UsageError("there is no old Dockerfile to compare with", "leave --verify out")
    with narrator() as teller:
        proof = prove(context, *_candidates(outcome), wanted, teller)
        if proof.failures and asked is None and "-alpine" in outcome.rewritten.dockerfile:
            other = make(Base.SLIM)
            click.echo("the image on Alpine fails; slim is tried", err=True)
            again = prove(context, *_candidates(other), wanted, teller)
            if not again.failures:
                outcome, proof = other, again
        click.echo(render(proof), nl=False)
        if proof.failures:
            return outcome, "the new image fails where the old one works"
        if proof.after is None:
            return outcome, "neither image works"
        loss = _measure(context, outcome, wanted, teller) if proof.before is not None else ""
    return outcome, loss


def paths_of(context: str, given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths to ask for: those given, and files that the app serves as they are."""
    found = [path if path.startswith("/") else f"/{path}" for path in given] or ["/"]
    for folder in _SERVED:
        place = os.path.join(context, folder)
        if os.path.isdir(place):
            names = sorted(name for name in os.listdir(place) if os.path.isfile(os.path.join(place, name)))
            found += [f"/{name}" for name in names if not name.startswith(".")][:_MOST_FILES]
    return tuple(dict.fromkeys(found))


def render(proof: "Proof") -> str:
    """Return what was seen: answers by path, then what differs."""
    lines: list[str] = []
    before, after = proof.before, proof.after
    if before is not None and after is not None:
        for path, old in before.answers.items():
            new = after.answers.get(path)
            shown = "no answer" if new is None else f"{new.status} {new.kind} {new.size} B"
            lines.append(f"{path}: {old.status} {old.kind} {old.size} B, then {shown}")
        lines.append(f"first answer: after {before.seconds:.1f} s, then {after.seconds:.1f} s")
        stops = " s, then ".join(
            f"{each.stop.seconds:.1f}" + (" (killed)" if each.stop.was_killed else "")
            for each in (before, after)
        )
        lines.append(f"docker stop: {stops} s, exit code {before.exit_code}, then {after.exit_code}")
    lines += [f"{'FAILS: ' if each.is_failure else 'note: '}{each.what}" for each in proof.differences]
    if not proof.failures and before is not None and after is not None:
        lines.append("the new image does what the old one does")
    return "\n".join(lines) + "\n"


def _candidates(outcome: "Outcome") -> "tuple[Candidate, Candidate]":
    from dockeropt.measure.model import Candidate

    path = outcome.dockerfile_path
    old = Candidate("before", outcome.old_dockerfile, outcome.old_ignore or None, path)
    return old, Candidate("after", outcome.rewritten.dockerfile, outcome.rewritten.ignore, path)


def _measure(context: str, outcome: "Outcome", wanted: "Wanted", teller: "Narrator") -> str:
    """Print the table of both and return what is lost; what cannot be measured is told and no failure."""
    from dockeropt.measure.comparison import Options, measure
    from dockeropt.report.measurement import render as table

    options = Options(
        port=wanted.port,
        path=wanted.paths[0],
        arguments=wanted.arguments,
        secrets=wanted.secrets,
        environment=wanted.environment,
    )
    try:
        comparison = measure(context, _candidates(outcome), options, teller)
    except (MeasureError, UsageError) as error:
        click.echo(f"not measured: {error.message}", err=True)
        return ""
    click.echo(table(comparison), nl=False)
    return loss_of(*comparison.measurements)


def loss_of(before: "Measurement", after: "Measurement") -> str:
    """Return what a new image loses to the old one in bytes, or clearly in seconds; empty for nothing."""
    old, new = before.image.unpacked_bytes, after.image.unpacked_bytes
    if new > old * _MORE_BYTES:
        return f"the new image is larger: {new / 1e6:,.0f} MB, where the old one has {old / 1e6:,.0f} MB"
    if before.rebuild is not None and after.rebuild is not None:
        was, takes = before.rebuild.timing.minimum, after.rebuild.timing.minimum
        if takes > was * _MORE_SECONDS and takes - was > _NOISE_SECONDS:
            return f"a rebuild after an edit gets slower: {takes:.1f} s, where the old one takes {was:.1f} s"
    return ""
