"""``dockeropt measure``: what a Dockerfile costs, and what another one would."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from dockeropt.cli.candidates import choose_candidates
from dockeropt.errors import UsageError
from dockeropt.files import write_atomically

if TYPE_CHECKING:
    from dockeropt.measure.model import Comparison, Scenario
    from dockeropt.measure.narrator import Narrator


def pairs(_context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Return the values of an option NAME=VALUE; NAME alone takes its value from the environment."""
    found: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not name:
            raise click.BadParameter(f"{value!r} is not NAME=VALUE", param=parameter)
        found[name] = text if equals else os.environ.get(name, "")
    return found


def _split(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for value in values for part in value.split(",") if part.strip()))


@click.command(
    epilog="""\b
Examples:
  dockeropt measure .                             ./Dockerfile against the one rewrite writes
  dockeropt measure . --after Dockerfile.new      against another one
  dockeropt measure app --after new --runs 5      medians of five builds in turn
  dockeropt measure . --scenario all --details    every kind of rebuild, and where its time goes

Exit code 4: nothing could be measured, since no engine runs, a build fails or no answer comes.
130: interrupted."""
)
@click.argument("context", default=".", metavar="[CONTEXT]")
@click.option("--before", metavar="FILE", help="The Dockerfile to start from. [default: CONTEXT/Dockerfile]")
@click.option(
    "--after", metavar="FILE", multiple=True, help="The Dockerfile to compare with; may be repeated."
)
@click.option(
    "--rewrite", "rewritten", is_flag=True, help="Compare with what rewrite writes; so too without --after."
)
@click.option(
    "--runs", default=1, show_default=True, type=click.IntRange(1), help="Builds of each kind, in turn."
)
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    type=click.Choice(["cold", "unchanged", "source", "document", "dependency", "remote", "all"]),
    help="What to build after; may be repeated.  [default: cold and source]",
)
@click.option(
    "--cache-ref", "cache", default="", metavar="REF", help="Where remote keeps its cache: app:cache."
)
@click.option("--builder", default="", metavar="NAME", help="The buildx builder.  [default: the one in use]")
@click.option(
    "--platform",
    "platforms",
    metavar="OS/ARCH",
    multiple=True,
    callback=_split,
    help="What to build for; may be repeated.  [default: the builder's own]",
)
@click.option("--source", metavar="FILE", help="The file to change before a rebuild, relative to CONTEXT.")
@click.option(
    "--build-arg", "arguments", metavar="NAME=VALUE", multiple=True, callback=pairs, help="A build argument."
)
@click.option(
    "--env",
    "environment",
    metavar="NAME=VALUE",
    multiple=True,
    callback=pairs,
    help="An environment variable to start with.",
)
@click.option("--secret", "secrets", metavar="id=NAME[,src=FILE]", multiple=True, help="A secret for builds.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="The container's port. [default: EXPOSE, else 3000]"
)
@click.option("--path", default="/", show_default=True, help="The address that must answer with 2xx or 3xx.")
@click.option(
    "--timeout",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="How long a container has to answer.",
)
@click.option("--cpus", type=click.FloatRange(0, min_open=True), help="Processors a container may use.")
@click.option("--memory", metavar="SIZE", help="Memory a container may use, as docker writes it: 512m.")
@click.option("--no-start", is_flag=True, help="Do not start the image.")
@click.option(
    "--json", "json_file", metavar="FILE", help="Write everything measured to a file; - for standard output."
)
@click.option("--markdown", metavar="FILE", help="Write a pull request's comment to a file.")
@click.option("--html", metavar="FILE", help="Write a page for browsers to a file.")
@click.option("--details", is_flag=True, help="Show for each build its critical path and slowest steps.")
def measure(
    context: str,
    before: str | None,
    after: tuple[str, ...],
    rewritten: bool,
    runs: int,
    scenarios: tuple[str, ...],
    cache: str,
    builder: str,
    platforms: tuple[str, ...],
    source: str | None,
    arguments: dict[str, str],
    secrets: tuple[str, ...],
    environment: dict[str, str],
    port: int | None,
    path: str,
    timeout: float,
    cpus: float | None,
    memory: str | None,
    no_start: bool,
    json_file: str | None,
    markdown: str | None,
    html: str | None,
    details: bool,
) -> None:
    """Build, rebuild, weigh and start images with the local Docker engine, and compare them.

    CONTEXT is the build context. It is copied: neither it nor any image, container or cache of yours is
    changed, and what the measurement made is removed, also after Ctrl-C.
    """
    from dockeropt.measure.comparison import Options
    from dockeropt.measure.comparison import measure as compare

    for file in (json_file, markdown, html):
        if file is not None and file != "-":
            check_folder(file)
    choice = choose_candidates(context, before, after, rewritten)
    options = Options(
        runs=runs,
        scenarios=_chosen(scenarios, cache, builder),
        cache=cache,
        builder=builder,
        platforms=platforms,
        port=port,
        path=path if path.startswith("/") else f"/{path}",
        source=source,
        starts=not no_start,
        timeout=timeout,
        cpus=cpus,
        memory=memory,
        arguments=arguments,
        secrets=secrets,
        environment=environment,
    )
    with _telling() as narrator:
        comparison = compare(context, choice.candidates, options, narrator)
    show(comparison, json_file, details)
    _write(comparison, markdown, html)
    if choice.note:
        click.echo(choice.note, err=True)


def _chosen(names: tuple[str, ...], cache: str, builder: str) -> "tuple[Scenario, ...]":
    from dockeropt.measure.comparison import USUAL
    from dockeropt.measure.model import Scenario

    if "remote" in names and not cache:
        raise UsageError(
            "the scenario remote needs a registry for its cache",
            "name it with --cache-ref REGISTRY/NAME:TAG; what is there is replaced",
        )
    if (cache or "remote" in names) and not builder:
        raise UsageError(
            "the scenario remote prunes its own steps, upon which BuildKit runs all other cached steps again",
            "name a builder that may forget, with --builder; `docker buildx create --name bench` makes one",
        )
    if "all" in names:
        return tuple(each for each in Scenario if cache or each is not Scenario.REMOTE)
    return tuple(Scenario(name) for name in names) or USUAL


def check_folder(file: str) -> None:
    """Find out before the builds, not after them, that there is nowhere to write."""
    folder = os.path.dirname(file) or "."
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        raise UsageError(f"{file} cannot be written", f"make the folder {folder}, or choose another")


def show(comparison: "Comparison", json_file: str | None, has_details: bool = False) -> None:
    """Print the table and write the JSON; ``-`` prints the JSON alone."""
    import json

    from dockeropt.measure.model import to_json
    from dockeropt.report.measurement import details, render

    text = json.dumps(to_json(comparison), indent=2, ensure_ascii=False) + "\n"
    if json_file == "-":
        click.echo(text, nl=False)
        return
    click.echo(render(comparison), nl=False)
    if has_details:
        click.echo(f"\n{details(comparison)}", nl=False)
    if json_file:
        write_atomically(json_file, text.encode())


def _write(comparison: "Comparison", markdown: str | None, html: str | None) -> None:
    """Write the reports for people that were asked for."""
    if markdown is not None:
        from dockeropt.report.measurement_markdown import render_markdown

        write_atomically(markdown, render_markdown(comparison).encode("utf-8", "replace"))
    if html is not None:
        from dockeropt.report.measurement_html import render_html

        write_atomically(html, render_html(comparison).encode("utf-8", "replace"))


@contextmanager
def _telling() -> "Iterator[Narrator]":
    from dockeropt.measure.narrator import narrator

    with narrator() as teller:
        yield teller
