"""Building an image and knowing what the engine did: a protocol, since docker's SDK has no BuildKit."""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Protocol

from dockeropt.errors import MeasureError
from dockeropt.measure.engine import FREE_SPACE, is_full
from dockeropt.measure.model import BuildTime, StepTime, Timing
from dockeropt.measure.progress import Decoder, Graph, Vertex
from dockeropt.records import NamedTuple

SHOWN_LINES = 15
"""how much of the engine's own output a failed build shows"""

STOP_SECONDS = 20
"""buildx gets these to call its build off before it is killed"""


_LOST = "ERROR: failed to solve: not found"
"""what BuildKit ends with, nothing else named, where the engine clears up after another build or a removed
image while it keeps this one; so Docker 26 does with the containerd store"""
_ATTEMPTS = 3
"""at a cold build that ends so"""


class Request(NamedTuple):
    """A build to make."""

    context: str
    dockerfile: str
    """path of the file"""
    tag: str
    is_cold: bool
    arguments: Mapping[str, str]
    secrets: tuple[str, ...]
    """as ``docker buildx build --secret`` takes them"""
    labels: Mapping[str, str]
    shown_name: str
    """what messages call the Dockerfile"""
    clean: Callable[[str], str] = str
    """gives the name to show for the engine's name of a step"""
    platform: str = ""
    """empty for the builder's own"""
    caches: tuple[str, ...] = ()
    """options ``--cache-from`` and ``--cache-to``, as docker buildx build takes them"""


class Built(NamedTuple):
    """A build that was made."""

    seconds: float
    """wall clock, from starting the command to its end: sending the context and exporting included"""
    steps: tuple[StepTime, ...]
    beside: tuple[StepTime, ...] = ()
    """the engine's own work"""
    critical_path: tuple[StepTime, ...] = ()


def time_of(builds: Sequence[Built]) -> BuildTime:
    """Return the times of builds of one kind, with the steps of the one whose time is the median."""
    usual = sorted(builds, key=lambda each: each.seconds)[(len(builds) - 1) // 2]
    return BuildTime(
        Timing(tuple(each.seconds for each in builds)), usual.steps, usual.beside, usual.critical_path
    )


Watch = Callable[[Graph, tuple[Vertex, ...]], None]
"""told of every change: the build so far, and the vertices that just ended"""


class Builder(Protocol):
    """What makes an image out of a Dockerfile and loads it into the engine."""

    def build(self, request: Request, watch: Watch) -> Built:
        """Make the image; raise MeasureError with the engine's last lines when that fails."""

    def fetch(self, image: str, platform: str, folder: Path) -> None:
        """Let the builder have an image of a platform before anything is timed; the folder is for files."""


class Buildx:
    """``docker buildx build`` with a builder of this name, without one with the builder in use."""

    def __init__(self, name: str = "") -> None:
        self._name = name

    def build(self, request: Request, watch: Watch) -> Built:
        """Build and load the image, telling ``watch`` what happens.

        Raises MeasureError when the build fails. Whatever ends it early (Ctrl-C too) ends the build.
        """
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._build(request, watch)
            except MeasureError as error:
                # A rebuild would find in the cache what the first attempt has run.
                if not request.is_cold or _LOST not in error.message.splitlines()[-1]:
                    raise
        return self._build(request, watch)

    def _build(self, request: Request, watch: Watch) -> Built:
        command = _command(request, self._name)
        graph = Graph(request.clean)
        decoder = Decoder()
        plain: list[str] = []

        def take(told: dict[str, object] | str) -> None:
            if isinstance(told, str):
                plain.append(told)
            else:
                watch(graph, graph.update(told))

        start = monotonic()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            # A group of its own: the docker command and its buildx plugin are ended together, by us.
            process_group=0 if os.name == "posix" else None,
        )
        try:
            assert process.stderr is not None  # noqa: S101 - PIPE was asked for
            for line in process.stderr:
                for told in decoder.feed(line):
                    take(told)
            code = process.wait()
            seconds = monotonic() - start
        except BaseException:
            _stop(process)
            raise
        finally:
            if process.stderr is not None:
                process.stderr.close()
        plain.extend(decoder.close())
        if code:
            raise _failure(request, graph, plain, code)
        return Built(seconds, graph.steps, graph.beside, graph.critical_path)

    def fetch(self, image: str, platform: str, folder: Path) -> None:
        """Let the builder have an image unpacked; raises MeasureError where it cannot be had.

        BuildKit is lazy: it fetches the layers of an image only where a step needs them.
        """
        command = ["docker", "buildx", "build", "--output=type=cacheonly"]
        command += [*_chosen(self._name, platform), str(folder)]
        (folder / "Dockerfile").write_text(f"FROM {image}\nCOPY Dockerfile /.dockeropt\n", "utf-8")
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode:
            last = next(
                (line for line in reversed(done.stderr.splitlines()) if line.strip()), "no reason given"
            )
            shown = f" for {platform}" if platform else ""
            raise MeasureError(
                f"the builder cannot have the base image {image}{shown}: {last.removeprefix('ERROR: ')}",
                "look at `docker buildx ls`, and whether the registry has the image",
            )


def _chosen(builder: str, platform: str) -> list[str]:
    """Return the options that choose a builder and a platform."""
    return [
        *(["--builder", builder] if builder else []),
        *(["--platform", platform] if platform else []),
    ]


def _command(request: Request, builder: str) -> list[str]:
    # Without provenance the image is one manifest; --load brings it from a docker-container builder, too.
    command = ["docker", "buildx", "build", "--progress=rawjson", "--provenance=false", "--load"]
    command += [*_chosen(builder, request.platform), *request.caches]
    command += ["--tag", request.tag, "--file", request.dockerfile]
    if request.is_cold:
        command.append("--no-cache")
    for name, value in request.arguments.items():
        command += ["--build-arg", f"{name}={value}"]
    for secret in request.secrets:
        command += ["--secret", secret]
    for name, value in request.labels.items():
        command += ["--label", f"{name}={value}"]
    return [*command, "--", request.context]


def _stop(process: "subprocess.Popen[str]") -> None:
    """End a build: buildx calls it off in the engine when it is asked to end."""
    _send(process, signal.SIGTERM)
    try:
        # Reading on to the end matters: a full pipe would hold buildx up, and its end tells that the plugin
        # has ended, too.
        process.communicate(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        _send(process, signal.SIGKILL)
        process.communicate()


def _send(process: "subprocess.Popen[str]", number: signal.Signals) -> None:
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
    else:
        process.terminate()


_PLACE = re.compile(r"^\S+:(\d+)$")


def _failure(request: Request, graph: Graph, plain: list[str], code: int) -> MeasureError:
    """Return what the user needs to see: the line, the step, its last output, the engine's reason."""
    failed = graph.failed
    line = next((place[1] for text in plain if (place := _PLACE.match(text))), "")
    where = f"{request.shown_name}:{line}" if line else request.shown_name
    reason = next((text for text in reversed(plain) if text.startswith("ERROR:")), "")
    shown = graph.output_of(failed) if failed is not None else []
    shown = (shown or [text for text in plain if text != reason])[-SHOWN_LINES:]
    has_run = any(not step.is_cached for step in graph.steps)
    what = "after its last step" if failed is None and has_run else "before its first step"
    what = f"at {failed.name}" if failed is not None and failed.is_step else what
    message = "\n".join(
        [
            f"the build of {where} failed {what}",
            *(f"    {text}" for text in shown),
            f"    {reason or f'docker buildx ended with code {code}'}",
        ]
    )
    if "cache export" in reason.lower():
        return MeasureError(
            message, "give a docker-container builder with --builder, or use the containerd store"
        )
    if reason == _LOST:
        return MeasureError(
            message, "measure again while the engine builds nothing else: it lost what another build shares"
        )
    if is_full(message):
        return MeasureError(message, FREE_SPACE)
    return MeasureError(message, "make `docker build` pass on it first, then measure")
