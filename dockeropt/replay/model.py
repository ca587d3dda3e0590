"""What a replay says, and its JSON: counts and seconds, never formatted."""

from collections.abc import Mapping

from dockeropt.records import NamedTuple

VERSION = 1
"""of the JSON; raised when a reader of the old one would misread the new one"""


class Bounds(NamedTuple):
    """A figure that lies between two: ``least`` if a stage that reran hands over the same files as before,
    ``most`` if it never does. Where no step takes files from a stage they are one."""

    least: float
    most: float


class StepCount(NamedTuple):
    """How often a step ran again, over the commits that had it."""

    name: str
    """as BuildKit prints it: ``[build 3/7] RUN npm ci``"""
    kind: str
    start: int
    """where its instruction stands in the Dockerfile's text, in code points"""
    commits: int
    """those where both the commit and the one before had a Dockerfile that builds"""
    reran_least: int
    reran_most: int
    needed: int
    """in how many what its work reads had changed"""
    wasted_least: int
    """reruns without need"""
    wasted_most: int
    dependencies_changed: int | None
    """for an install: in how many commits the manifests it reads changed"""
    seconds: float
    """what one run takes"""
    is_measured: bool
    """whether that was measured; else it is assumed for its kind"""


class Replay(NamedTuple):
    """One Dockerfile over the commits of a history."""

    name: str
    dockerfile: str
    """its path, and where it is not the history's own, what it is"""
    is_held: bool
    """whether it is one text over all commits, not the one that each commit has"""
    commits: int
    """builds with a build before them: what all counts are of"""
    refused: int
    """commits with a Dockerfile that BuildKit refuses: they are passed over"""
    steps: tuple[StepCount, ...]
    """those of the newest Dockerfile, in its order"""
    former_steps: int
    """reruns, at most, of steps that only earlier versions of it have"""
    share: Bounds
    """of all steps, how many ran again"""
    seconds: Bounds
    """mean waiting time a commit, stages running side by side as BuildKit lets them"""
    needed_seconds: float
    """the same if only what was needed had run"""
    takes_git: bool
    """whether a step takes in ``.git``, which every commit changes"""
    missing: tuple[str, ...]
    """what COPY takes from the context and the newest commit does not have: taken as unchanged"""
    volatile: tuple[str, ...]
    """ARGs that seem to change with every build and were given no value"""


class History(NamedTuple):
    """Dockerfiles over one history."""

    branch: str
    first: str
    """id of the oldest commit that was built with nothing before it"""
    last: str
    first_time: int
    """seconds since 1970"""
    last_time: int
    commits: int
    """steps of the history that were looked at"""
    is_shallow: bool
    replays: tuple[Replay, ...]
    """the Dockerfile as the history has it, unless it is in none; then those to compare, each held as it is
    now, the one to start from first"""

    @property
    def commits_a_month(self) -> float:
        """How many commits there are in 30 days; of a history shorter than a day as many as it has."""
        days = (self.last_time - self.first_time) / 86_400
        return self.commits if days < 1 else self.commits / days * 30


Json = Mapping[str, object]


def to_json(history: History) -> Json:
    """Return the history as JSON values; units are in the keys."""
    return {
        "version": VERSION,
        "branch": history.branch,
        "first_commit": history.first,
        "last_commit": history.last,
        "first_commit_time": history.first_time,
        "last_commit_time": history.last_time,
        "commits": history.commits,
        "commits_a_month": history.commits_a_month,
        "is_shallow": history.is_shallow,
        "replays": [_replay(each, history.commits_a_month) for each in history.replays],
    }


def _replay(replay: Replay, commits_a_month: float) -> Json:
    seconds = replay.seconds
    return {
        "name": replay.name,
        "dockerfile": replay.dockerfile,
        "is_held": replay.is_held,
        "commits": replay.commits,
        "refused_commits": replay.refused,
        "steps": [step._asdict() for step in replay.steps],
        "reruns_of_former_steps": replay.former_steps,
        "share_of_steps": replay.share._asdict(),
        "seconds_a_commit": seconds._asdict(),
        "needed_seconds_a_commit": replay.needed_seconds,
        "minutes_a_month": {
            "least": seconds.least / 60 * commits_a_month,
            "most": seconds.most / 60 * commits_a_month,
        },
        "takes_git": replay.takes_git,
        "missing": list(replay.missing),
        "volatile_arguments": list(replay.volatile),
    }
