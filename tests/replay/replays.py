"""What a replay says of a repository, in few words."""

from pathlib import Path
from typing import NamedTuple

from dockeropt.replay.arguments import read_patterns
from dockeropt.replay.blobs import Blobs
from dockeropt.replay.history import open_history
from dockeropt.replay.model import History, Replay
from dockeropt.replay.place import find_dockerfile
from dockeropt.replay.replay import Options, Other, replay


class Count(NamedTuple):
    """Reruns of a step, at least and at most, and how many of them were needed."""

    least: int
    most: int
    needed: int


def history_of(
    context: Path,
    *others: Other,
    dockerfile: str | None = None,
    arguments: tuple[str, ...] = (),
    options: Options = Options(has_git=False),  # noqa: B008 - never changed
) -> History:
    """Replay a repository."""
    history = open_history(str(context))
    with Blobs(history.git) as blobs:
        tree = history.tree()
        place = find_dockerfile(history, str(context), dockerfile, tree, blobs.read)
        options = options._replace(arguments=read_patterns(arguments))
        return replay(history, tree, place, blobs.read, others, options)


def counts(replayed: Replay) -> dict[str, Count]:
    """Return the counts of every step by its instruction."""
    return {
        step.name.partition("] ")[2]: Count(step.reran_least, step.reran_most, step.needed)
        for step in replayed.steps
    }


def replayed(context: Path, *arguments: str) -> dict[str, Count]:
    """Return the counts of a repository's own Dockerfile."""
    return counts(history_of(context, arguments=arguments).replays[0])
