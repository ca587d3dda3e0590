"""What a measurement made, and its removal: at the end, after an error and after Ctrl-C."""

import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from time import sleep
from types import FrameType
from uuid import uuid4

from docker.errors import DockerException, ImageNotFound
from requests.exceptions import RequestException

from dockeropt.errors import MeasureError
from dockeropt.measure.cache_mounts import emptying
from dockeropt.measure.engine import Engine
from dockeropt.measure.fresh_machine import records_after

LABEL = "dev.dockeropt.run"
"""label of every image and container made, its value the run's id"""

REPOSITORY = "dockeropt-measure"
"""of the tags of the images made"""

_PRUNE_SECONDS = 120
_PAUSES = (0, 1, 2)
"""seconds before each attempt at removing what is left"""
_ATTEMPTS = 5
"""at removing cached steps: one that is still in use goes with the next"""


class Session:
    """The things of one run: an id, a temporary folder, and labels to find all it made."""

    def __init__(self, engine: Engine, run: str, folder: Path, builder: str = "") -> None:
        self.engine = engine
        self._builder = ["--builder", builder] if builder else []
        self.id = run
        self.folder = folder
        self.labels = {LABEL: self.id}
        self.cache_mounts: dict[str, set[str]] = {}
        """ids of this run's cache mounts, by an image whose shell can empty them"""
        self.marks: set[str] = set()
        """of the steps of builds for a fresh machine, while the builder may have some"""
        self._tags: set[str] = set()

    def tag(self, name: str) -> str:
        """Return a tag for an image of this run; it is removed with the run."""
        tag = f"{REPOSITORY}:{self.id}-{name}"
        self._tags.add(tag)
        return tag

    def remove_image(self, tag: str) -> None:
        """Remove an image that is not needed any more."""
        with suppress(ImageNotFound):
            self.engine.client.images.remove(tag, force=True)
        self._tags.discard(tag)

    def clear(self) -> list[str]:
        """Remove all that was made; return what could not be removed and why."""
        client = self.engine.client

        def remove_containers() -> None:
            for container in client.containers.list(
                all=True, filters={"label": f"{LABEL}={self.id}"}, ignore_removed=True
            ):
                container.remove(force=True, v=True)

        def remove_images() -> None:
            for image in client.images.list(all=True, filters={"label": f"{LABEL}={self.id}"}):
                with suppress(ImageNotFound):
                    client.images.remove(str(image.id), force=True)

        left: list[tuple[str, Callable[[], object]]] = [
            ("containers", remove_containers),
            *((tag, partial(client.images.remove, tag, force=True)) for tag in sorted(self._tags)),
            ("images", remove_images),
            *(
                ("cache mounts", partial(self._empty, image, ids))
                for image, ids in sorted(self.cache_mounts.items())
            ),
            *(("cached steps", partial(self.forget_steps, mark)) for mark in sorted(self.marks)),
            (str(self.folder), partial(_remove_folder, self.folder)),
        ]
        # An engine whose disk is full can remove nothing until what the failed build held is given back.
        for seconds in _PAUSES:
            sleep(seconds)
            why = [(what, remove, error) for what, remove in left if (error := _failure(remove))]
            left = [(what, remove) for what, remove, _ in why]
            if not left:
                break
        return [f"{what}: {error}" for what, _, error in why]

    def forget_steps(self, mark: str) -> None:
        """Remove what the builder keeps of the steps after a mark: no step of the user's stands on it.

        Raises MeasureError where the builder does not let go of them.
        """
        for attempt in range(_ATTEMPTS):
            sleep(attempt)
            records = records_after(mark, self._usage())
            if not records:
                self.marks.discard(mark)
                return
            self._remove_records(records)
        raise MeasureError(
            f"the builder does not let go of {len(records)} cached steps of this measurement",
            "look at `docker buildx du`, and leave the scenario remote out",
        )

    def _empty(self, image: str, ids: set[str]) -> None:
        """Empty cache mounts; where the image has no shell they stay until BuildKit clears up by itself.

        Raises what the SDK raises where the engine does not answer: then they stay as well, and that is told.
        """
        self.engine.client.ping()
        # A folder, not standard input: for that buildx 0.13 makes a temporary folder and leaves it.
        folder = self.folder / "emptying"
        folder.mkdir(exist_ok=True)
        (folder / "Dockerfile").write_text(emptying(image, ids), "utf-8")
        subprocess.run(
            [
                "docker",
                "buildx",
                "build",
                "--output=type=cacheonly",
                "--no-cache",
                *self._builder,
                str(folder),
            ],
            capture_output=True,
            timeout=_PRUNE_SECONDS,
            check=False,
        )

    def _usage(self) -> str:
        return subprocess.run(
            ["docker", "buildx", "du", "--verbose", *self._builder],
            capture_output=True,
            text=True,
            timeout=_PRUNE_SECONDS,
            check=True,
        ).stdout

    def _remove_records(self, records: list[str]) -> None:
        for record in records:
            subprocess.run(
                ["docker", "buildx", "prune", "--force", "--filter", f"id={record}", *self._builder],
                capture_output=True,
                timeout=_PRUNE_SECONDS,
                check=True,
            )


def _failure(remove: Callable[[], object]) -> str:
    """Remove something; return why it could not be removed, nothing where it is gone."""
    try:
        remove()
    except ImageNotFound:
        return ""
    except (
        DockerException,
        RequestException,
        OSError,
        subprocess.SubprocessError,
        MeasureError,
    ) as error:
        return str(error) or type(error).__name__
    return ""


def _remove_folder(folder: Path) -> None:
    def open_up(function: Callable[[str], object], path: str, _error: BaseException) -> None:
        # A copied folder may be read-only, as those of Go's module cache are.
        Path(path).parent.chmod(0o700)
        Path(path).chmod(0o700)
        function(path)

    shutil.rmtree(folder, onerror=lambda function, path, error: open_up(function, path, error[1]))


@contextmanager
def session(engine: Engine, builder: str = "") -> Iterator[Session]:
    """Give a session and remove all it made when it ends, however it ends.

    ``builder`` is the name of the buildx builder that builds, empty for the one in use.

    SIGTERM and SIGHUP end it as Ctrl-C does, with KeyboardInterrupt. Raises MeasureError when something
    could not be removed.
    """
    with _ended_by_signals():
        run = uuid4().hex[:12]
        try:
            folder = Path(tempfile.mkdtemp(prefix=f"{REPOSITORY}-{run}-"))
        except OSError as error:
            raise MeasureError(
                f"no temporary folder can be made: {error}", "set TMPDIR to a folder with space"
            ) from error
        current = Session(engine, run, folder, builder)
        try:
            yield current
        except BaseException:
            left = _clear(current)
            if left is not None:
                print(f"dockeropt: {left.message}\n  hint: {left.hint}", file=sys.stderr)
            raise
        left = _clear(current)
        if left is not None:
            raise left


def _clear(current: Session) -> MeasureError | None:
    """Remove all that a session made; return what to say when something is left."""
    with _undisturbed():
        left = current.clear()
    if not left:
        return None
    return MeasureError(
        "not everything could be removed: " + "; ".join(left),
        f"look for it: docker ps -a --filter label={LABEL}={current.id}; docker image ls {REPOSITORY}",
    )


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end the work as Ctrl-C does."""
    with _handling(dict.fromkeys(_ENDING, _interrupt)):
        yield


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no second Ctrl-C break off the removal."""
    with _handling(dict.fromkeys([signal.SIGINT, *_ENDING], signal.SIG_IGN)):
        yield


_ENDING = [signal.SIGTERM] + ([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])

_Handler = Callable[[int, FrameType | None], object] | signal.Handlers


@contextmanager
def _handling(handlers: dict[signal.Signals, _Handler]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
