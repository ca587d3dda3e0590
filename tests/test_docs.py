"""The pages for users: their links lead somewhere, and their commands and options exist."""

import re
from pathlib import Path

import click
import pytest

from dockeropt.cli.group import dockeropt

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "benchmarks" / "README.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_their_options_exist(page: Path) -> None:
    context = click.Context(dockeropt)
    unknown = []
    for command, rest in re.findall(r"\bdockeropt ([a-z]+)((?: +(?:\\\n)?[^\s`;|&#]+)*)", page.read_text()):
        found = dockeropt.get_command(context, command)
        if found is None:
            continue
        below = list(found.commands.values()) if isinstance(found, click.Group) else []
        known = {option for each in (found, *below) for given in each.params for option in given.opts}
        options = re.findall(r"(?<!\S)(--[a-z][a-z-]+)", rest)
        unknown += [f"{command} {each}" for each in options if each not in known]
    assert unknown == []
