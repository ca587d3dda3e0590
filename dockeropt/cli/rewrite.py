"""``dockeropt rewrite``: an optimized Dockerfile out of the project and its old one."""

import difflib
import os
from collections.abc import Callable

import click

from dockeropt.cli.measure import pairs
from dockeropt.errors import ExitCode, UsageError
from dockeropt.rewrite.options import Base, Options
from dockeropt.rewrite.stacks import STACKS

_Command = Callable[..., None]


def _stack_flags(command: _Command) -> _Command:
    """Give a command one flag for each stack."""
    for entry in reversed(STACKS):
        flag = click.option(
            f"--{entry.name}",
            "stack",
            flag_value=entry.name,
            help=f"It is {entry.title}, whatever its files say.",
        )
        command = flag(command)
    return command


@click.command()
@click.argument("context", default=".", metavar="[CONTEXT]")
@_stack_flags
@click.option("--app", metavar="FOLDER", help="The workspace member that is the app.")
@click.option("--cdn", is_flag=True, help="Add a stage with the static files alone, for a CDN.")
@click.option("--base", type=click.Choice([base.value for base in Base]), help="Flavour of the images.")
@click.option(
    "--dockerfile", "-f", metavar="FILE", help="The old Dockerfile; by default that of the project."
)
@click.option("--explain", is_flag=True, help="Say why for every decision, on standard error.")
@click.option("--verify", is_flag=True, help="Build and start the old and the new image and compare them.")
@click.option(
    "--path", "paths", metavar="PATH", multiple=True, help="A page to compare with --verify.  [default: /]"
)
@click.option(
    "--env",
    "environment",
    metavar="NAME=VALUE",
    multiple=True,
    callback=pairs,
    help="A variable that --verify starts both with.",
)
@click.option(
    "--build-arg",
    "arguments",
    metavar="NAME=VALUE",
    multiple=True,
    callback=pairs,
    help="An argument that --verify builds both with.",
)
@click.option("--diff", is_flag=True, help="Print what would change, as a unified diff.")
@click.option("--write", is_flag=True, help="Replace Dockerfile and .dockerignore.")
@click.option(
    "--output", metavar="FILE", help="Write the Dockerfile to FILE, and FILE.dockerignore beside it."
)
def rewrite(
    context: str,
    stack: str | None,
    app: str | None,
    cdn: bool,
    base: str | None,
    dockerfile: str | None,
    explain: bool,
    verify: bool,
    paths: tuple[str, ...],
    environment: dict[str, str],
    arguments: dict[str, str],
    diff: bool,
    write: bool,
    output: str | None,
) -> None:
    """Write a small, fast to rebuild, multi-stage Dockerfile for the project in CONTEXT.

    The old Dockerfile is read for what it wants: ports, variables, packages, users, health check. Without
    --diff, --write or --output the new one is printed. With --verify nothing is written unless the new image
    answers, ends and writes as the old one does.
    """
    from dockeropt.rewrite.rewriter import rewrite as rewrite_project

    if (diff, write, output is not None).count(True) > 1:
        raise UsageError("--diff, --write and --output exclude each other", "take one of them")
    options = Options(None if base is None else Base(base), cdn, app)
    if verify:
        from dockeropt.cli.rewrite_proof import paths_of
        from dockeropt.cli.rewrite_proof import verify as prove
        from dockeropt.measure.equivalence import Wanted

        wanted = Wanted(paths_of(context, paths), environment=environment, arguments=arguments)
        outcome, obstacle = prove(
            context,
            lambda flavour: rewrite_project(context, dockerfile, options._replace(base=flavour), stack),
            options.base,
            wanted,
        )
        if obstacle:
            click.echo(f"nothing is written: {obstacle}", err=True)
            raise SystemExit(ExitCode.FINDINGS)
    else:
        outcome = rewrite_project(context, dockerfile, options, stack)
    rewritten = outcome.rewritten
    shown = rewritten.decisions if explain else rewritten.notices
    for decision in shown:
        mark = "note: " if decision.is_notice else ""
        click.echo(f"{mark}{decision.subject}: {decision.choice} ({decision.reason})", err=True)
    if write:
        _write(outcome.dockerfile_path, rewritten.dockerfile)
        _write(outcome.ignore_path, rewritten.ignore)
    elif output is not None:
        _write(output, rewritten.dockerfile)
        _write(f"{output}.dockerignore", rewritten.ignore)
    elif diff:
        _print_diff(outcome.old_dockerfile, rewritten.dockerfile, outcome.dockerfile_path)
        _print_diff(outcome.old_ignore, rewritten.ignore, outcome.ignore_path)
    else:
        click.echo(rewritten.dockerfile, nl=False)
        if rewritten.ignore != outcome.old_ignore:
            click.echo(
                f"note: {outcome.ignore_path} belongs to it: --write writes both, --diff shows both", err=True
            )


def _write(path: str, text: str) -> None:
    from dockeropt.files import write_atomically

    write_atomically(path, text.encode("utf-8", "surrogateescape"))
    click.echo(f"wrote {path}", err=True)


def _print_diff(old: str, new: str, path: str) -> None:
    if old == new:
        return
    lines = difflib.unified_diff(
        old.splitlines(keepends=True),
        new.splitlines(keepends=True),
        os.devnull if not old else f"a/{path.removeprefix('./')}",
        f"b/{path.removeprefix('./')}",
    )
    for line in lines:
        click.echo(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n", nl=False)
