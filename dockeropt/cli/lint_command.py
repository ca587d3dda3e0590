"""``dockeropt lint`` as click knows it: built from the table of options."""

import click

from dockeropt.cli.lint import run
from dockeropt.cli.options import LINT, Kind, Option, Values


def _parameter(option: Option) -> click.Option:
    spellings = [*filter(None, (option.short, option.flag)), option.name]
    if option.kind is Kind.FLAG:
        return click.Option(spellings, is_flag=True, help=option.help)
    return click.Option(
        spellings,
        type=click.Choice(option.choices) if option.choices else str,
        multiple=option.kind is Kind.VALUES,
        metavar=option.metavar or None,
        help=option.help,
    )


def _callback(paths: tuple[str, ...], **values: str | bool | tuple[str, ...] | None) -> int:
    given: Values = values
    return run(paths, given)


lint = click.Command(
    "lint",
    callback=_callback,
    params=[click.Argument(["paths"], nargs=-1), *map(_parameter, LINT)],
    help="""Find what makes an image big, its rebuilds slow or its build wrong.

    PATHS are Dockerfiles, folders to search, or - for standard input; without any, this folder is searched.

    Exit code 0: nothing found; 1: findings, with --fix what is left of them, with --diff something to fix;
    2: a path, an option or the configuration is wrong, or a file could not be written; 3: a fix was dropped
    since it would have broken the file, which is a bug to report.""",
)
