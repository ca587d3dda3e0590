"""``dockeropt replay``: what the order of the steps cost over the git history, without an engine."""

import io
import os
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from dockeropt.cli.measure import check_folder
from dockeropt.errors import DockeroptError, UsageError
from dockeropt.files import read_source, read_text, source_of, write_atomically

if TYPE_CHECKING:
    from dockeropt.diagnostics.finding import Applicability
    from dockeropt.replay.history import History as Commits
    from dockeropt.replay.model import History
    from dockeropt.replay.place import Place
    from dockeropt.replay.replay import Other


@click.command(
    epilog="""\b
Examples:
  dockeropt replay .                                  ./Dockerfile over the last 200 commits
  dockeropt replay . --build-arg 'COMMIT_ID=*'        with an argument that each commit changes
  dockeropt replay . --against Dockerfile.new         beside another one
  dockeropt measure . --json m.json && dockeropt replay . --times m.json"""
)
@click.argument("context", default=".", metavar="[CONTEXT]")
@click.option("--dockerfile", "-f", metavar="FILE", help="The Dockerfile. [default: CONTEXT/Dockerfile]")
@click.option("--against", metavar="FILE", multiple=True, help="Another Dockerfile to compare with.")
@click.option("--commits", type=click.IntRange(1), default=200, show_default=True, help="How many to replay.")
@click.option("--branch", metavar="NAME", help="The branch or commit to go back from. [default: HEAD]")
@click.option(
    "--build-arg",
    "arguments",
    metavar="NAME=VALUE",
    multiple=True,
    help="A build argument; * in VALUE is another text in each commit, and NAME may be a pattern.",
)
@click.option("--target", metavar="STAGE", help="The stage to build. [default: the last one]")
@click.option("--no-git-folder", is_flag=True, help="The build gets the files without .git.")
@click.option("--times", metavar="FILE", help="Take the steps' times from this JSON of `dockeropt measure`.")
@click.option("--json", "json_file", metavar="FILE", help="Write the figures there; - prints them alone.")
@click.option("--html", "html_file", metavar="FILE", help="Write the report there as a page with bars.")
def replay(
    context: str,
    dockerfile: str | None,
    against: tuple[str, ...],
    commits: int,
    branch: str | None,
    arguments: tuple[str, ...],
    target: str | None,
    no_git_folder: bool,
    times: str | None,
    json_file: str | None,
    html_file: str | None,
) -> None:
    """Replay the step graph over the git history: what reran, what of that was needed, what it cost.

    Each commit is taken to be built with the layers of the commit before. CONTEXT is the build context in a
    git repository, which is only read; nothing is built. Beside it stands what `lint --fix` and, for a Nuxt
    app, `rewrite` would make of the Dockerfile.
    """
    import json

    from dockeropt.replay.arguments import read_patterns
    from dockeropt.replay.blobs import Blobs
    from dockeropt.replay.history import open_history
    from dockeropt.replay.model import to_json
    from dockeropt.replay.place import find_dockerfile
    from dockeropt.replay.replay import Options
    from dockeropt.replay.replay import replay as play
    from dockeropt.report.replay import render

    for file in (json_file, html_file):
        if file not in (None, "-"):
            check_folder(file)
    options = Options(read_patterns(arguments), target, not no_git_folder, _measured(times))
    others = [_read(file) for file in against]
    history = open_history(context, branch, commits)
    with Blobs(history.git) as blobs:
        tree = history.tree()
        place = find_dockerfile(history, context, dockerfile, tree, blobs.read)
        others += _own_versions(context, dockerfile, place, history.root is not None and branch is None)
        result = _telling(play(history, tree, place, blobs.read, others, options))
    text = json.dumps(to_json(result), indent=2, ensure_ascii=True) + "\n"
    if json_file == "-":
        click.echo(text, nl=False)
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that is not UTF-8 shows ? and not a traceback
    sys.stdout.write(render(result))
    if branch is None and _is_edited(history, place):
        click.echo(
            f"{place.path} is edited since: --against compares the file as it is on the disk", err=True
        )
    if json_file:
        write_atomically(json_file, text.encode())
    if html_file:
        from dockeropt.report.replay_html import render_html

        write_atomically(html_file, render_html(result).encode())


def _is_edited(history: "Commits", place: "Place") -> bool:
    """Tell whether the Dockerfile of the work tree is another one than that of the newest commit."""
    if history.root is None or not place.is_in_history:
        return False
    text = read_text(os.path.join(history.root, place.path))
    committed = place.dockerfile.decode("utf-8", "surrogateescape")
    return text is not None and text.replace("\r\n", "\n") != committed.replace("\r\n", "\n")


def _read(file: str) -> "Other":
    """Return a Dockerfile to compare with; FILE.dockerignore beside it goes before the context's own."""
    from dockeropt.replay.replay import Other

    data = _bytes(read_source(file).text)
    ignore = read_text(f"{file}.dockerignore")
    return Other(os.path.basename(file), data, ignore, ignore is not None, file)


def _own_versions(context: str, given: str | None, place: "Place", is_checked_out: bool) -> "Iterator[Other]":
    """Yield what ``lint --fix`` and ``rewrite`` make of the Dockerfile, where they change it."""
    from dockeropt.diagnostics.finding import Applicability
    from dockeropt.replay.replay import Other

    last = place.dockerfile
    for name, least in (("--fix", Applicability.SAFE), ("--unsafe-fixes", Applicability.UNSAFE)):
        try:
            fixed = _fixed(context, place, is_checked_out, least)
        except DockeroptError:
            continue
        if fixed != last:
            last = fixed
            yield Other(name, fixed, path=place.path)
    if not is_checked_out:
        return
    from dockeropt.cli.candidates import rewritten

    try:
        found = rewritten(context, given or os.path.join(context, "Dockerfile"))
    except DockeroptError:
        return
    yield Other("rewrite", _bytes(found.dockerfile), found.dockerignore, True, "what `rewrite` writes")


def _fixed(context: str, place: "Place", is_checked_out: bool, least: "Applicability") -> bytes:
    """Return the Dockerfile with its fixes."""
    from dockeropt.cli.context import open_context
    from dockeropt.lint.fixer import fix_source

    source = source_of(place.dockerfile, place.path)
    found = open_context(context, os.path.join(context, place.path)) if is_checked_out else None
    return _bytes(fix_source(source, context=found, least=least).source.text)


def _telling(history: "History") -> "History":
    """Return the history without those of our own versions that rerun what the Dockerfile of now does."""
    now = next((each for each in history.replays if each.name == "now"), None)
    kept = tuple(
        each
        for each in history.replays
        if each.name not in ("--fix", "--unsafe-fixes", "rewrite")
        or now is None
        or (each.share, each.seconds) != (now.share, now.seconds)
    )
    has_others = any(each.is_held and each is not now for each in kept) or kept[0] is now
    return history._replace(replays=kept if has_others else kept[:1])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _measured(file: str | None) -> Mapping[str, float]:
    """Return the seconds of all steps in a measurement's JSON; raises UsageError where it is none."""
    if file is None:
        return {}
    from dockeropt.measure.stored import from_json

    text = read_text(file)
    if text is None:
        raise UsageError(f"there is no file {file}", "write one with `dockeropt measure --json FILE`")
    seconds: dict[str, float] = {}
    for measurement in from_json(text, file).measurements:
        for step in measurement.cold.steps:
            seconds.setdefault(step.name, step.seconds)
    return seconds
