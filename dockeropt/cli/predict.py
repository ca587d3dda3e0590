"""``dockeropt predict``: what an edit reruns, told from the step graph, without an engine."""

import click

from dockeropt.cli.candidates import choose_candidates


@click.command(
    epilog="""\b
Examples:
  dockeropt predict .                            ./Dockerfile against the one `rewrite` would write
  dockeropt predict . --after Dockerfile.new     against another one"""
)
@click.argument("context", default=".", metavar="[CONTEXT]")
@click.option("--before", metavar="FILE", help="The Dockerfile to start from. [default: CONTEXT/Dockerfile]")
@click.option(
    "--after", metavar="FILE", multiple=True, help="The one to compare with. [default: what rewrite writes]"
)
@click.option("--source", metavar="FILE", help="The source file to edit, relative to CONTEXT.")
def predict(context: str, before: str | None, after: tuple[str, ...], source: str | None) -> None:
    """Tell which steps an edited source, a new dependency and an edited document run again."""
    from dockeropt.measure.prediction import predict as predict_reruns
    from dockeropt.report.prediction import render

    choice = choose_candidates(context, before, after)
    click.echo(render(predict_reruns(context, choice.candidates, source)), nl=False)
    if choice.note:
        click.echo(choice.note, err=True)
