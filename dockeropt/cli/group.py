"""The click group: every command under its name, imported when it is asked for."""

from collections.abc import Sequence
from importlib import import_module

import click

from dockeropt import __version__
from dockeropt.errors import ExitCode

_COMMANDS = {
    "lint": "dockeropt.cli.lint_command",
    "rewrite": "dockeropt.cli.rewrite",
    "measure": "dockeropt.cli.measure",
    "layers": "dockeropt.cli.layers",
    "gate": "dockeropt.cli.gate",
    "comment": "dockeropt.cli.comment",
    "predict": "dockeropt.cli.predict",
    "replay": "dockeropt.cli.replay",
    "ci": "dockeropt.cli.ci",
    "rule": "dockeropt.cli.rule",
    "rules": "dockeropt.cli.rules",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = getattr(import_module(module), cmd_name)
        return command


@click.group(
    cls=_LazyGroup,
    help="Make Docker images small and their rebuilds fast, and prove it.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="dockeropt")
def dockeropt() -> None:
    """The group has no work of its own."""


def invoke(words: Sequence[str]) -> int:
    """Run a command line through click and return the exit code."""
    try:
        result = dockeropt.main(args=list(words), prog_name="dockeropt", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort as stop:
        raise KeyboardInterrupt from stop
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    return result if isinstance(result, int) else ExitCode.CLEAN
