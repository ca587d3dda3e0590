"""The step graphs of Dockerfiles replayed over a git history."""

from collections.abc import Mapping, Sequence

from dockeropt.cache.selection import selections
from dockeropt.cache.steps import Origin
from dockeropt.errors import UsageError
from dockeropt.knowledge.volatile_names import volatility
from dockeropt.records import NamedTuple
from dockeropt.replay.arguments import Patterns, arguments_for, declared
from dockeropt.replay.context import ContextView
from dockeropt.replay.history import Blob, Change, Commit
from dockeropt.replay.history import History as Commits
from dockeropt.replay.model import History, Replay
from dockeropt.replay.place import Place
from dockeropt.replay.player import Player, Sight
from dockeropt.replay.prices import Prices
from dockeropt.replay.recipe import Held, Kept, Read, Recipe, Written
from dockeropt.replay.tally import Tally


class Other(NamedTuple):
    """A Dockerfile to compare with, held over all commits."""

    name: str
    """the head of its column"""
    dockerfile: bytes
    dockerignore: str | None = None
    has_own_ignore: bool = False
    """whether ``dockerignore`` counts, even where it is None; else the history's does"""
    path: str = "Dockerfile"


class Options(NamedTuple):
    """How commits are built."""

    arguments: Patterns = ()
    target: str | None = None
    has_git: bool = True
    """whether ``.git`` lies in the context, as in a checkout"""
    measured: Mapping[str, float] = {}
    """seconds by BuildKit's name of a step"""


USUAL = Options()


def replay(
    commits: Commits,
    tree: dict[str, Blob],
    place: Place,
    read: Read,
    others: Sequence[Other] = (),
    options: Options = USUAL,
) -> History:
    """Return what the commits of a history reran with its own Dockerfile, and would have with others.

    ``tree`` has the files of the newest commit. Raises UsageError where no two commits can be compared.
    """
    if len(commits.commits) < 2:
        why = "the clone is shallow: run `git fetch --unshallow`" if commits.is_shallow else "commit again"
        raise UsageError(f"{commits.branch} has one commit, so nothing was built before it", why)
    parts = [
        _Part(recipe, name, commits, read, options) for name, recipe in _recipes(commits, place, read, others)
    ]
    for part in parts:
        part.see(commits.commits[0], tree, ())
    files = dict(tree)
    total = len(commits.commits) - 1
    for (_, changes), older in zip(commits.changes(), commits.commits[1:], strict=True):
        for path, before, _ in changes:
            if before is None:
                files.pop(path, None)
            else:
                files[path] = before
        for part in parts:
            part.see(older, files, changes)
    replays = tuple(part.result(place) for part in parts)
    if not replays[0].steps:
        if options.target is not None:
            raise UsageError(f"no commit of {commits.branch} has a stage {options.target}")
        raise UsageError(
            f"BuildKit refuses {place.path} in every commit of {commits.branch}", "`dockeropt lint` says why"
        )
    newest, oldest = commits.commits[0], commits.commits[-1]
    return History(
        commits.branch, oldest.id, newest.id, oldest.time, newest.time, total, commits.is_shallow, replays
    )


def _recipes(commits: Commits, place: Place, read: Read, others: Sequence[Other]) -> list[tuple[str, Recipe]]:
    found: list[tuple[str, Recipe]] = []
    if place.is_in_history:
        found.append(("history", Kept(place.path, commits.folder, read)))
    now = Other("now", place.dockerfile, path=place.path)
    for other in [now, *others] if others or not place.is_in_history else []:
        written = Written(other.dockerfile, other.dockerignore, other.path)
        found.append((other.name, Held(written, commits.folder, read, other.has_own_ignore)))
    return found


class _Part:
    """One Dockerfile on its way through the history."""

    def __init__(self, recipe: Recipe, name: str, commits: Commits, read: Read, options: Options) -> None:
        self._name = name
        self._is_held = isinstance(recipe, Held)
        self._patterns = options.arguments
        self._context = ContextView(commits.folder, options.has_git, read)
        self._player = Player(recipe, self._context, options.arguments, options.target)
        self._tally = Tally(Prices(options.measured))
        self._newest: Sight | None = None
        self._takes_git = False

    def see(self, commit: Commit, tree: Mapping[str, Blob], changes: tuple[Change, ...]) -> None:
        """Go on to a commit."""
        rerun = self._player.see(commit.id, tree, changes)
        if self._newest is None and self._player.sight is not None:
            self._newest = self._player.sight
            self._takes_git = self._context.takes_git
            self._tally.begin(self._newest)
        if rerun is not None:
            self._tally.add(rerun)

    def result(self, place: Place) -> Replay:
        """Return what came of it."""
        tally = self._tally
        return Replay(
            self._name,
            place.path,
            self._is_held,
            tally.commits,
            self._player.refused,
            tally.steps,
            tally.former_steps,
            tally.share,
            tally.seconds,
            tally.needed_seconds,
            self._takes_git and self._newest is not None and _takes_everything(self._newest),
            () if self._newest is None else self._newest.missing,
            () if self._newest is None else _volatile(self._newest, self._patterns),
        )


def _takes_everything(sight: Sight) -> bool:
    return any(
        selection.name_of(".git/HEAD") is not None
        for step in sight.graph.steps
        for source in step.sources
        if source.origin is Origin.CONTEXT
        for selection in selections(source)
    )


def _volatile(sight: Sight, patterns: Patterns) -> tuple[str, ...]:
    """Return the ARGs that seem to change with every build and that no pattern gives a value."""
    dockerfile = sight.graph.build.dockerfile
    given = arguments_for(patterns, dockerfile, "")
    keyed = frozenset(name for step in sight.graph.steps for name in step.arguments)
    return tuple(
        name for name in declared(dockerfile) if name in keyed and name not in given and volatility(name)
    )
