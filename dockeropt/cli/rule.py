"""``dockeropt rule CODE``: the page of a rule."""

import os

import click

from dockeropt.errors import UsageError


@click.command()
@click.argument("name", metavar="CODE")
def rule(name: str) -> None:
    """Print a rule's page: what it finds, why it matters, what to type. CODE may be a name or an alias."""
    from dockeropt.checks.registry import find
    from dockeropt.resources import data_folder

    found = find(name)
    if found is None:
        raise UsageError(f"there is no rule {name}", "`dockeropt rules` lists them")
    with open(os.path.join(data_folder("rules"), f"{found.code}.md"), encoding="utf-8") as page:
        click.echo(page.read(), nl=False)
