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
            click.option("--service", metavar="NAME", help="The ECS service, and the container in it."),
            click.option("--bucket", metavar="NAME", help="The S3 bucket behind the CDN."),
            click.option("--domain", metavar="HOST", help="The CDN's host name."),
            click.option("--output", metavar="DIR", help="Write it below this folder, under its own name."),
            click.option("--force", is_flag=True, help="Replace what is there."),
        )
    ):
        command = option(command)
    return command


_cluster = click.option("--cluster", metavar="NAME", help="The ECS cluster of the service.")


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
@_cluster
@click.option("--branch", default="main", show_default=True, help="The branch whose image is pushed.")
def github(context: str, dockerfile: str | None, output: str | None, force: bool, **names: Any) -> None:
    """Print a workflow for GitHub Actions: lint as SARIF, the size as a comment, gate before push.

    By default the image goes to GHCR under the repository's own name. With --service a job starts its new
    tasks on ECS. A workflow lies below .github, so `--output .` writes it where GitHub looks.
    """
    from dockeropt.ci.pipeline import Service

    _write(Service.GITHUB, context, dockerfile, _options(names), output, force)


@ci.command()
@_pipeline_options
@_cluster
def gitlab(context: str, dockerfile: str | None, output: str | None, force: bool, **names: Any) -> None:
    """Print a .gitlab-ci.yml: docker-in-docker, remote cache, code quality report, gate, static files.

    By default the image goes to the project's own registry. With --service a job starts its new tasks on ECS.
    """
    from dockeropt.ci.pipeline import Service

    _write(Service.GITLAB, context, dockerfile, _options(names), output, force)


@ci.command()
@click.option(
    "--origin", "origins", metavar="ORIGIN", multiple=True, required=True, help="Where pages come from."
)
@click.option("--bucket", metavar="NAME", help="The bucket; without it the template asks for it.")
@click.option("--domain", metavar="HOST", help="The CDN's host name; without it the template asks for it.")
@click.option(
    "--by-origin",
    is_flag=True,
    help="Keep an answer for each Origin, in place of a policy that adds headers.",
)
@click.option(
    "--format", "form", type=click.Choice(("cloudformation", "terraform")), help="Write this one alone."
)
@click.option("--output", metavar="DIR", help="Write into this folder: both, and the bucket's CORS rules.")
@click.option("--force", is_flag=True, help="Replace what is there.")
def cdn(
    origins: tuple[str, ...],
    bucket: str | None,
    domain: str | None,
    by_origin: bool,
    form: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Print a private bucket behind CloudFront as CloudFormation or Terraform, with CORS that holds.

    ORIGIN is what browsers have in their address bar: https://shop.example.com. Give --origin once for each.
    """
    from dockeropt.ci import values
    from dockeropt.ci.cdn import Cdn, Format, bucket_cors, render_cdn

    wanted = Cdn(
        tuple(dict.fromkeys(values.origin(origin) for origin in origins)),
        None if bucket is None else values.bucket(bucket),
        None if domain is None else values.domain(domain),
        by_origin,
    )
    forms = tuple(Format) if form is None else (Format[form.upper()],)
    files = {each.value: render_cdn(wanted, each) for each in forms}
    _put(output, {**files, "bucket-cors.json": bucket_cors(wanted)}, force, files[forms[0].value])


@ci.command()
@click.argument("measurement")
@click.argument("context", default=".", metavar="[CONTEXT]")
@click.option("--dockerfile", "-f", metavar="FILE", help="The Dockerfile; by default that of the project.")
@click.option("--candidate", metavar="NAME", help="Which of what was measured. [default: the last]")
@click.option(
    "--service", metavar="NAME", default="app", show_default=True, help="The name of the container."
)
@click.option("--image", metavar="IMAGE", default="IMAGE", show_default=True, help="What it runs.")
@click.option("--domain", metavar="HOST", help="The CDN's host name, for NUXT_APP_CDN_URL.")
@click.option("--output", metavar="DIR", help="Write task-definition.json and service.json into this folder.")
@click.option("--force", is_flag=True, help="Replace what is there.")
def ecs(
    measurement: str,
    context: str,
    dockerfile: str | None,
    candidate: str | None,
    service: str,
    image: str,
    domain: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Print a fragment of an ECS task definition whose health check and start period let traffic wait.

    MEASUREMENT is what `dockeropt measure --json` wrote, with a start-up in it.
    """
    import json

    from dockeropt.ci import values
    from dockeropt.ci.ecs import choose, plan_task
    from dockeropt.ci.facts import read_facts
    from dockeropt.errors import UsageError
    from dockeropt.files import read_text
    from dockeropt.measure.stored import from_json

    text = read_text(measurement)
    if text is None:
        raise UsageError(f"there is no file {measurement}", "write it with `dockeropt measure --json FILE`")
    address = None if domain is None else f"https://{values.domain(domain)}"
    chosen = choose(from_json(text, measurement), candidate)
    task = plan_task(read_facts(context, dockerfile), chosen, values.service(service), image, address)
    files = {
        name: json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        for name, value in (("task-definition.json", task.definition), ("service.json", task.service))
    }
    for notice in task.notices:
        click.echo(f"note: {notice}", err=True)
    _put(output, files, force, files["task-definition.json"])


@ci.command(
    epilog="""\b
Exit code 0: nothing wrong; 1: something is; 2: wrong use; 4: nothing answers, or not with the file."""
)
@click.argument("url")
@click.option(
    "--origin", required=True, metavar="ORIGIN", help="Where pages come from: https://shop.example.com."
)
@click.option(
    "--timeout", default=10.0, show_default=True, type=click.FloatRange(0.1), help="Seconds to wait."
)
@click.option("--json", "is_json", is_flag=True, help="Print what is found as JSON.")
def cors_check(url: str, origin: str, timeout: float, is_json: bool) -> int:
    """Ask for a static file with Origin, without and by OPTIONS, and tell which fault of CORS is there.

    To see whether a cache mixes answers up, addresses are asked for that nobody has asked for yet: the file
    with a query, and files beside it that are not there.
    """
    import json

    from dockeropt.ci import values
    from dockeropt.ci.cors import ask, judge
    from dockeropt.errors import ExitCode

    origin = values.origin(origin)
    found = judge(ask(url, origin, timeout), origin)
    if is_json:
        faults = [
            {"fault": each.fault.value, "evidence": each.evidence, "change": each.change} for each in found
        ]
        click.echo(json.dumps({"url": url, "origin": origin, "faults": faults}, indent=2, ensure_ascii=False))
    else:
        for each in found:
            click.echo(f"{each.fault.value}: {each.evidence}\n  change: {each.change}")
        if not found:
            click.echo(f"{url}: pages of {origin} may read it, whatever was asked for before")
    return ExitCode.FINDINGS if found else ExitCode.CLEAN


def _options(names: Mapping[str, str | None]) -> "Options":
    """Return the options after every name has been found to be one."""
    from dockeropt.ci import values
    from dockeropt.ci.pipeline import Options, Registry

    checks: dict[str, Callable[[str], object]] = {
        "registry": Registry,
        "repository": values.repository,
        "region": values.region,
        "service": values.service,
        "cluster": values.cluster,
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
