"""``dockeropt ci``: pipelines, the CDN behind them, and what browsers see of it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from dockeropt.ci.pipeline import Options, Service

_REGISTRIES = ("ecr", "ecr-public", "ghcr", "docker-hub", "gitlab")


@click.group(
    epilog="""\b
Examples:
  dockeropt ci codebuild                       print a buildspec.yml for the project in this folder
  dockeropt ci github --output .               write .github/workflows/image.yml
  dockeropt ci cdn --bucket shop-assets --origin https://shop.example.com --output cdn
  dockeropt ci ecs measurement.json            a task whose traffic waits until the app answers
  dockeropt ci cors-check https://cdn.example.com/_nuxt/entry.js --origin https://shop.example.com"""
)
def ci() -> None:
    """Write a pipeline with a remote cache, the CDN for the static files, and check that CORS holds."""


def _pipeline_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that all pipelines share."""
    for option in reversed(
        (
            click.argument("context", default=".", metavar="[CONTEXT]"),
            click.option(
                "--dockerfile", "-f", metavar="FILE", help="The Dockerfile; by default that of the project."
            ),
            click.option("--registry", type=click.Choice(_REGISTRIES), help="Where the image goes."),
            click.option("--repository", metavar="NAME", help="Its name there, such as team/shop."),
            click.option("--region", metavar="REGION", help="The AWS region, such as eu-west-1."),
            click.option("--service", metavar="NAME", help="The container of the ECS service."),
            click.option("--bucket", metavar="NAME", help="The S3 bucket behind the CDN."),
            click.option("--domain", metavar="HOST", help="The CDN's host name."),
            click.option("--output", metavar="DIR", help="Write it below this folder, under its own name."),
            click.option("--force", is_flag=True, help="Replace what is there."),
        )
    ):
        command = option(command)
    return command


@ci.command()
@_pipeline_options
def codebuild(context: str, dockerfile: str | None, output: str | None, force: bool, **names: Any) -> None:
    """Print a buildspec.yml for AWS CodeBuild: remote cache, gate, static files, imagedefinitions.json.

    What no option says is left to variables of the build, REPOSITORY_URI first.
    """
    from dockeropt.ci.pipeline import Service

    _write(Service.CODEBUILD, context, dockerfile, _options(names), output, force)


@ci.command()
@_pipeline_options
@click.option("--branch", default="main", show_default=True, help="The branch whose image is pushed.")
def github(context: str, dockerfile: str | None, output: str | None, force: bool, **names: Any) -> None:
    """Print a workflow for GitHub Actions: lint as SARIF, the size as a comment, gate before push.

    By default the image goes to GHCR under the repository's own name. A workflow lies below .github, so
    `--output .` writes it where GitHub looks.
    """
    from dockeropt.ci.pipeline import Service

    _write(Service.GITHUB, context, dockerfile, _options(names), output, force)


@ci.command()
@_pipeline_options
def gitlab(context: str, dockerfile: str | None, output: str | None, force: bool, **names: Any) -> None:
    """Print a .gitlab-ci.yml: docker-in-docker, remote cache, code quality report, gate, static files.

    By default the image goes to the project's own registry.
    """
    from dockeropt.ci.pipeline import Service

    _write(Service.GITLAB, context, dockerfile, _options(names), output, force)


def _options(names: Mapping[str, str | None]) -> "Options":
    """Return the options after every name has been found to be one."""
    from dockeropt.ci import values
    from dockeropt.ci.pipeline import Options, Registry

    checks: dict[str, Callable[[str], object]] = {
        "registry": Registry,
        "repository": values.repository,
        "region": values.region,
        "service": values.service,
        "bucket": values.bucket,
        "domain": values.domain,
        "branch": values.branch,
    }
    given = {name: checks[name](value) for name, value in names.items() if value is not None}
    return Options(**given)  # type: ignore[arg-type]


def _write(
    service: "Service",
    context: str,
    dockerfile: str | None,
    options: "Options",
    output: str | None,
    force: bool,
) -> None:
    from dockeropt.ci.facts import read_facts
    from dockeropt.ci.pipeline import notices, plan
    from dockeropt.ci.render import PLACES, render

    pipeline = plan(service, read_facts(context, dockerfile), options)
    text = render(pipeline)
    for notice in notices(pipeline):
        click.echo(f"note: {notice}", err=True)
    _put(output, {PLACES[service]: text}, force, text)


def _put(output: str | None, files: Mapping[str, str], force: bool, printed: str) -> None:
    """Write files below a folder, or print one where there is no folder."""
    from dockeropt.errors import UsageError

    if output is None:
        if force:
            raise UsageError("--force has nothing to replace", "name a folder with --output DIR")
        click.echo(printed, nl=False)
        return
    from dockeropt.ci.output import write_files

    for place in write_files(output, files, force):
        click.echo(f"wrote {place}", err=True)
