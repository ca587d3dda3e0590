"""Whether a new Dockerfile's image does what the old one's does: both are built, started and asked."""

import os
from collections.abc import Iterable, Mapping, Sequence

from docker.errors import DockerException
from requests.exceptions import RequestException

from dockeropt.errors import MeasureError
from dockeropt.measure.base_images import base_images, pull_missing
from dockeropt.measure.behaviour import Answer, Behaviour, observe
from dockeropt.measure.builder import Buildx, Request
from dockeropt.measure.engine import Engine, connect, reason
from dockeropt.measure.model import Candidate
from dockeropt.measure.narrator import Narrator, Silent
from dockeropt.measure.ports import listening_port
from dockeropt.measure.session import Session, session
from dockeropt.measure.startup import Start
from dockeropt.measure.workspace import copy_context
from dockeropt.records import NamedTuple

NOWHERE = "/dockeropt-no-such-page"
"""asked for to see what an unknown path gets"""
_SMALL = 64
"""bytes by which an answer may differ: a time, a token"""
_SHARE = 0.1


class Difference(NamedTuple):
    """What the new image does otherwise; ``is_failure`` where the old one worked and the new does not."""

    what: str
    is_failure: bool


class Proof(NamedTuple):
    """What came of comparing two images. ``before`` is None where the old one does not build or answer."""

    before: Behaviour | None
    after: Behaviour | None
    differences: tuple[Difference, ...]

    @property
    def failures(self) -> tuple[Difference, ...]:
        """What the new image fails at."""
        return tuple(each for each in self.differences if each.is_failure)


class Wanted(NamedTuple):
    """How to build, start and ask both."""

    paths: tuple[str, ...] = ("/",)
    port: int | None = None
    """None for what each image exposes"""
    timeout: float = 60.0
    environment: Mapping[str, str] = {}
    arguments: Mapping[str, str] = {}
    secrets: tuple[str, ...] = ()


def prove(
    context: str,
    before: Candidate,
    after: Candidate,
    wanted: Wanted = Wanted(),  # noqa: B008 - immutable
    narrator: Narrator | None = None,
) -> Proof:
    """Return how the image of ``after`` differs from that of ``before`` when both run.

    Both are built in copies of the context, and all that was made is removed. Raises MeasureError when there
    is no engine.
    """
    engine = connect()
    try:
        with session(engine) as current:
            return _Work(engine, current, context, wanted, narrator or Silent()).compare(before, after)
    except (DockerException, RequestException) as error:
        raise MeasureError(
            f"the Docker engine stopped answering: {reason(error)}", "look at `docker info`"
        ) from error
    finally:
        engine.client.close()


class _Work:
    def __init__(
        self, engine: Engine, current: Session, context: str, wanted: Wanted, narrator: Narrator
    ) -> None:
        self._engine = engine
        self._session = current
        self._context = context
        self._wanted = wanted
        self._narrator = narrator

    def compare(self, before: Candidate, after: Candidate) -> Proof:
        paths = (*self._wanted.paths, NOWHERE)
        old, said = self._run(before, 0, paths, ())
        asked = paths if old is None else tuple(old[0].answers)
        new, trouble = self._run(after, 1, asked, () if old is None else old[0].written)
        if old is None:
            notes = [Difference(f"the old image does not work: {said}", False)]
            if new is None:
                notes.append(Difference(f"nor does the new one: {trouble}", False))
            return Proof(None, None if new is None else new[0], tuple(notes))
        if new is None:
            return Proof(old[0], None, (Difference(trouble, True),))
        closed = [
            Difference(f"it may not write into {folder}, where the old one does", True) for folder in new[1]
        ]
        return Proof(old[0], new[0], (*closed, *differences(old[0], new[0])))

    def _run(
        self, candidate: Candidate, number: int, paths: Sequence[str], probes: Iterable[str]
    ) -> tuple[tuple[Behaviour, tuple[str, ...]] | None, str]:
        """Return what an image does, or None and why it does nothing."""
        self._narrator.begin(f"{candidate.name}: build and start")
        try:
            folder = self._session.folder / str(number)
            os.mkdir(folder)
            workspace = copy_context(self._context, folder, candidate)
            pull_missing(self._engine, base_images(candidate.dockerfile, self._wanted.arguments))
            workspace.write_dockerfile(candidate.dockerfile)
            tag = self._session.tag(f"proof-{number}")
            request = Request(
                str(workspace.context),
                str(workspace.dockerfile),
                tag,
                False,
                self._wanted.arguments,
                self._wanted.secrets,
                self._session.labels,
                candidate.path,
            )
            built = Buildx().build(request, self._narrator.watch)
            port = self._wanted.port or listening_port(
                self._engine, tag, candidate.dockerfile, self._wanted.arguments
            )
            start = Start(
                tag,
                port,
                self._wanted.paths[0],
                self._wanted.timeout,
                self._wanted.environment,
                self._session.labels,
            )
            seen = observe(self._engine, start, paths, probes)
        except MeasureError as error:
            self._narrator.end("does not work")
            return None, error.message
        self._narrator.end(f"built in {built.seconds:.1f} s, {len(seen[0].answers)} answers")
        return seen, ""


def differences(before: Behaviour, after: Behaviour) -> tuple[Difference, ...]:
    """Return what the second does otherwise, what it fails at first."""
    found: list[Difference] = []
    for path, old in before.answers.items():
        new = after.answers.get(path)
        if new is None:
            found.append(Difference(f"{path}: no answer, where the old one says {old.status}", True))
            continue
        said = _differs(path, old, new)
        if said is not None:
            found.append(said)
    if after.stop.was_killed and not before.stop.was_killed:
        found.append(Difference("it does not end on SIGTERM, where the old one does", True))
    gone = sorted(before.environment.keys() - after.environment.keys() - _IMAGES_OWN)
    if gone:
        found.append(Difference(f"variables that are not set any more: {', '.join(gone)}", False))
    if before.user == "0" and after.user != "0":
        found.append(Difference(f"it runs as user {after.user}, the old one as root", False))
    return tuple(sorted(found, key=lambda each: not each.is_failure))


_IMAGES_OWN = frozenset(("PATH", "NODE_VERSION", "YARN_VERSION", "HOME", "LANG", "GPG_KEY", "PYTHON_SHA256"))


def _differs(path: str, old: Answer, new: Answer) -> Difference | None:
    if new.status != old.status:
        is_worse = old.status < 400 <= new.status or (old.status < 500 <= new.status)
        return Difference(f"{path}: status {new.status}, where the old one says {old.status}", is_worse)
    if new.kind != old.kind and old.status < 400:
        is_same = {old.kind, new.kind} <= _SCRIPTS or {old.kind, new.kind} <= _ICONS
        what = f"{path}: {new.kind or 'no type'}, where the old one says {old.kind or 'no type'}"
        return Difference(what, not is_same)
    if old.status < 400 and abs(new.size - old.size) > max(_SMALL, old.size * _SHARE):
        return Difference(f"{path}: {new.size} bytes, where the old one sends {old.size}", False)
    return None


_SCRIPTS = frozenset(("application/javascript", "text/javascript", "application/x-javascript"))
_ICONS = frozenset(("image/x-icon", "image/vnd.microsoft.icon"))
