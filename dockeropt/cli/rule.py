"""``dockeropt rule CODE``: the page of a rule."""

import os
import re

import click

from dockeropt.errors import UsageError

_SHELLCHECK = re.compile(r"(?i)shellcheck|sc[0-9]{0,4}")


@click.command()
@click.argument("name", metavar="CODE")
def rule(name: str) -> None:
    """Print a rule's page: what it finds, why it matters, what to type. CODE may be a name or an alias."""
    from dockeropt.checks.registry import find
    from dockeropt.resources import data_folder

    found = find(name)
    if found is not None:
        code = found.code
    elif _SHELLCHECK.fullmatch(name):
        code = "SC"
        _point_out(name.upper())
    else:
        raise UsageError(f"there is no rule {name}", "`dockeropt rules` lists them")
    with open(os.path.join(data_folder("rules"), f"{code}.md"), encoding="utf-8") as page:
        click.echo(page.read(), nl=False)


def _point_out(code: str) -> None:
    """Say where a code of ShellCheck's is explained, and whether ShellCheck is here at all."""
    from dockeropt.cli.shellcheck import EXTRA
    from dockeropt.report.documentation import url_of
    from dockeropt.shellcheck.installed import find_program

    if len(code) == len("SC2086"):
        click.echo(f"{code} is a rule of ShellCheck's: {url_of(code)}\n")
    if find_program() is None:
        click.echo(f"ShellCheck is not installed, so it does not run: {EXTRA}\n")
