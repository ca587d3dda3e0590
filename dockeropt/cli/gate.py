"""``dockeropt gate``: stop an image that is over its budget."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from dockeropt.errors import ExitCode, UsageError
from dockeropt.files import read_text, write_atomically

if TYPE_CHECKING:
    from dockeropt.gate.budget import Budget, GateSettings
    from dockeropt.gate.snapshot import Snapshot
    from dockeropt.gate.verdict import Verdict

_LARGEST = 50_000_000
"""bytes of a measurement or baseline"""


@click.command(
    epilog="""\b
Examples:
  dockeropt gate app:1 --max-size 150MB
  dockeropt gate app:1 --baseline image-baseline.json --max-increase 5%
  dockeropt gate app:1 --baseline image-baseline.json --update     accept it as it is now
  dockeropt gate measurement.json --max-startup 2s

Limits stand in the table [gate] of dockeropt.toml, too; what is typed wins.

Exit code 0: within the budget; 1: over it; 2: wrong use, no such baseline; 4: the image cannot be read."""
)
@click.argument("subject")
@click.option("--max-size", metavar="SIZE", help="The most it may have compressed: 150MB, 200MiB.")
@click.option("--max-unpacked", metavar="SIZE", help="The most it may have unpacked.")
@click.option("--max-increase", metavar="SHARE", help="How much it may grow over the baseline: 5%.")
@click.option("--min-increase", metavar="SIZE", help="Growth below this never fails.  [default: 100kB]")
@click.option("--max-waste", metavar="SIZE", help="The most that layers may hold for nothing.")
@click.option("--forbid", metavar="PATTERN", multiple=True, help="A path that must not be there: **/.git.")
@click.option("--max-startup", metavar="TIME", help="The longest start-up, of a measurement: 2s.")
@click.option("--max-rebuild", metavar="TIME", help="The longest rebuild, of a measurement: 60s.")
@click.option("--enforce-rebuild", is_flag=True, help="Fail on a slow rebuild, instead of advising.")
@click.option("--baseline", metavar="FILE", help="The baseline to compare with.")
@click.option("--baseline-image", metavar="IMAGE", help="The image to compare with.")
@click.option("--update", is_flag=True, help="Write what the image is now into the baseline.")
@click.option("--platform", metavar="OS/ARCH", help="Which image of an index, such as linux/arm64.")
@click.option(
    "--json", "json_file", metavar="FILE", help="Write the verdict to a file; - for standard output."
)
@click.option("--markdown", metavar="FILE", help="Write a pull request's comment to a file.")
def gate(
    subject: str,
    platform: str | None,
    baseline: str | None,
    baseline_image: str | None,
    update: bool,
    json_file: str | None,
    markdown: str | None,
    **limits: str | bool | tuple[str, ...] | None,
) -> int:
    """Compare an image with its budget and its baseline, and fail where it is over.

    SUBJECT is what `dockeropt layers` takes, or what `dockeropt measure --json` wrote.
    """
    if baseline is not None and baseline_image is not None:
        raise UsageError("--baseline and --baseline-image are two things to compare with", "give one of them")
    from dockeropt.config.load import nearest_table
    from dockeropt.gate.budget import read_settings
    from dockeropt.gate.verdict import judge

    table, folder = nearest_table(os.getcwd(), "gate")
    settings = read_settings(table)
    budget = _overlay(settings.budget, limits)
    file = baseline or _from_configuration(settings, folder, baseline_image)
    if update and file is None:
        raise UsageError("--update has no file to write", "name it with --baseline FILE")
    current = _snapshot(subject, platform)
    if update and file is not None:
        _update(file, current)
        return ExitCode.CLEAN
    before = _before(file, baseline_image or settings.baseline_image, current.platform)
    if before is None and budget.max_increase is not None:
        raise UsageError("--max-increase has nothing to compare with", "give --baseline or --baseline-image")
    verdict = judge(current, budget, before)
    _show(verdict, json_file, markdown)
    return ExitCode.CLEAN if verdict.is_passed else ExitCode.FINDINGS


def _from_configuration(settings: "GateSettings", folder: str, image: str | None) -> str | None:
    """Return the baseline file of the configuration, unless the command line names an image."""
    if image is not None or settings.baseline is None:
        return None
    return os.path.join(folder, settings.baseline)


def _overlay(budget: "Budget", limits: dict[str, str | bool | tuple[str, ...] | None]) -> "Budget":
    from dockeropt.gate.quantity import read_seconds, read_share, read_size

    readers: dict[str, Callable[[str], float]] = {
        "max_size": read_size,
        "max_unpacked": read_size,
        "max_increase": read_share,
        "min_increase": read_size,
        "max_waste": read_size,
        "max_startup": read_seconds,
        "max_rebuild": read_seconds,
    }
    given: dict[str, object] = {}
    for name, read in readers.items():
        value = limits[name]
        if isinstance(value, str):
            given[name] = read(value)
    if limits["forbid"]:
        given["forbidden"] = limits["forbid"]
    if limits["enforce_rebuild"]:
        given["enforces_rebuild"] = True
    return budget._replace(**given)  # type: ignore[arg-type]


def _snapshot(subject: str, platform: str | None) -> "Snapshot":
    from dockeropt.gate.snapshot import of_image, of_measurement
    from dockeropt.measure.image.manifest import this_platform
    from dockeropt.measure.image.subject import read_subject
    from dockeropt.measure.stored import from_json

    if subject.endswith(".json"):
        text = read_text(subject, _LARGEST)
        if text is None:
            raise UsageError(f"there is no file {subject}", "write it with `dockeropt measure --json FILE`")
        return of_measurement(from_json(text, subject), platform or this_platform())
    return of_image(read_subject(subject, platform))


def _before(file: str | None, image: str | None, platform: str) -> "Snapshot | None":
    """Return what to compare with; raises UsageError where the baseline has nothing of the platform."""
    from dockeropt.gate.baseline import read_baseline

    if file is not None:
        text = read_text(file, _LARGEST)
        if text is None:
            raise UsageError(f"there is no baseline {file}", "write one with --update")
        found = read_baseline(text, file)
        if platform not in found:
            raise UsageError(
                f"{file} has no baseline for {platform}, only for {', '.join(sorted(found)) or 'nothing'}",
                "add this platform's with --update",
            )
        return found[platform]
    return None if image is None else _snapshot(image, platform or None)


def _update(file: str, current: "Snapshot") -> None:
    from dockeropt.gate.baseline import read_baseline, write_baseline

    text = read_text(file, _LARGEST)
    others = read_baseline(text, file) if text else {}
    write_atomically(
        file, write_baseline({**others, current.platform: current}).encode("utf-8", "surrogateescape")
    )
    click.echo(f"{file}: {current.platform} is {current.name} now", err=True)


def _show(verdict: "Verdict", json_file: str | None, markdown: str | None) -> None:
    import json

    from dockeropt.gate.stored import to_json
    from dockeropt.report.gate import render, render_markdown

    if markdown:
        write_atomically(markdown, render_markdown(verdict).encode("utf-8", "surrogateescape"))
    text = json.dumps(to_json(verdict), indent=2, ensure_ascii=False) + "\n"
    if json_file == "-":
        click.echo(text, nl=False)
        return
    if json_file:
        write_atomically(json_file, text.encode("utf-8", "surrogateescape"))
    click.echo(render(verdict), nl=False)
