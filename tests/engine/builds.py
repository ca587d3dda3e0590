"""A small runner of real builds that tells which steps ran: the oracle of the engine tests."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from dockeropt.cache.graph import StepGraph
from dockeropt.cache.snapshot import Snapshot
from dockeropt.cache.steps import Step

_POSITION = re.compile(r"\[((?:\S+ )? *\d+/\d+)\] (?!FROM |LINK )(.*)", re.DOTALL)


class BuildFailedError(AssertionError):
    """The engine refused a build that a test needs; the message carries the end of its output."""


class Ran(NamedTuple):
    """What a build did, by BuildKit's own names of its steps: ``base 2/4`` → ``RUN make``."""

    ran: dict[str, str]
    cached: dict[str, str]


def own_context(folder: Path, token: str) -> Path:
    """Return a new folder below this one, named so that no other context shares its files.

    buildx tells contexts apart by the last name of their path alone. Of two folders with one name the engine
    takes a file for unchanged that has the size, mode and time of the other's, and is not sent it.
    """
    own = folder / f"context-{token}"
    own.mkdir()
    return own


def build(
    folder: Path,
    *,
    dockerfile: Path | None = None,
    arguments: Mapping[str, str] | None = None,
    target: str | None = None,
    options: tuple[str, ...] = (),
) -> Ran:
    """Build a folder and return which steps ran and which came from the cache; no image is kept.

    FROM is in neither, nor the step that merges a ``COPY --link``.
    """
    command = [
        "docker",
        "buildx",
        "build",
        "--progress=rawjson",
        "--provenance=false",
        "--output=type=cacheonly",
    ]
    command += [f"--build-arg={name}={value}" for name, value in (arguments or {}).items()]
    command += [f"--target={target}"] if target else []
    command += [f"--file={dockerfile}"] if dockerfile else []
    finished = subprocess.run(
        [*command, *options, str(folder)], capture_output=True, text=True, timeout=600, check=False
    )
    if finished.returncode:
        raise BuildFailedError(finished.stderr[-3000:])
    return _outcome(finished.stderr)


def steps_that_ran(graph: StepGraph, snapshot: Snapshot, outcome: Ran) -> tuple[Step, ...]:
    """Return the steps that the engine ran, in the graph's order.

    Steps with one key are one to the engine, under the name of one of them.
    """
    keys = graph.keys(snapshot)
    by_position = {step.position: key for step, key in zip(graph.steps, keys, strict=True)}
    unknown = (outcome.ran.keys() | outcome.cached.keys()) - by_position.keys()
    assert not unknown, f"the engine has steps that the graph has not: {sorted(unknown)}"
    ran = {by_position[position] for position in outcome.ran}
    return tuple(step for step, key in zip(graph.steps, keys, strict=True) if key in ran)


def _outcome(stream: str) -> Ran:
    """Return the last state of every vertex in a stream of JSON values."""
    decoder, at = json.JSONDecoder(), 0
    vertices: dict[str, dict[str, Any]] = {}
    while (at := stream.find("{", at)) >= 0:
        status, at = decoder.raw_decode(stream, at)
        for vertex in status.get("vertexes", ()):
            vertices.setdefault(vertex["digest"], {}).update(vertex)
    outcome = Ran({}, {})
    for vertex in vertices.values():
        named = _POSITION.match(vertex["name"])
        if named is not None:
            ran = "completed" in vertex and not vertex.get("cached", False)
            (outcome.ran if ran else outcome.cached)[named[1]] = named[2]
    return outcome
