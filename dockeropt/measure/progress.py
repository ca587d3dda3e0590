"""What a build does, read from ``docker buildx build --progress=rawjson``.

The stream holds BuildKit's SolveStatus objects (client/graph.go of moby/buildkit), indented over many lines
by buildx 0.13 and one a line by newer ones, and ends in plain text when the build fails.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from dockeropt.measure.critical_path import Work, critical_path
from dockeropt.measure.model import StepTime
from dockeropt.records import NamedTuple

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}]')
_STEP = re.compile(r"\[((?:\S+ )*?) *(\d+)/\d+\] (?!FROM |LINK )")
"""``[linux/amd64 build 4/6] RUN …``; FROM builds nothing, and LINK is the second half of a ``COPY --link``"""
_SHOWN_SECONDS = 0.05
"""work beside the steps that took less is not told"""
_FRACTION = re.compile(r"(\.\d{6})\d+")


class Decoder:
    """Splits a stream of lines into JSON objects and plain lines, whatever the indentation."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._depth = 0

    def feed(self, line: str) -> Iterator[dict[str, object] | str]:
        """Yield what a line completes: objects, or the line itself where it is plain text."""
        while line:
            if not self._open and not line.startswith("{"):
                yield line.rstrip()
                return
            end = self._end_of_value(line)
            self._open.append(line[:end])
            if self._depth:
                return
            yield _value("".join(self._open))
            self._open.clear()
            line = line[end:].lstrip()

    def _end_of_value(self, line: str) -> int:
        for token in _TOKEN.finditer(line):
            if token[0] == "{":
                self._depth += 1
            elif token[0] == "}":
                self._depth -= 1
                if not self._depth:
                    return token.end()
        return len(line)

    def close(self) -> Iterator[str]:
        """Yield what was left of a value that never ended, as plain text."""
        if self._open:
            yield from "".join(self._open).splitlines()
        self._open.clear()
        self._depth = 0


def _value(text: str) -> dict[str, object] | str:
    try:
        value = json.loads(text)
    except ValueError:
        return text.rstrip()
    return value if isinstance(value, dict) else text.rstrip()


class Vertex:
    """A node of the build graph: a step of the Dockerfile or work of the engine's own."""

    def __init__(self, digest: str, name: str) -> None:
        self.digest = digest
        self.name = name
        self.is_cached = False
        self.inputs: tuple[str, ...] = ()
        """digests of the vertices it waits for"""
        self.error = ""
        self.intervals: dict[datetime, datetime | None] = {}
        """when it was worked on, by start; a vertex is sent again and may have several"""

    @property
    def is_step(self) -> bool:
        """Whether it is the step of an instruction that builds something."""
        return _STEP.match(self.name) is not None

    @property
    def is_idle(self) -> bool:
        """Whether it came from a cache at once; out of a registry's it takes its time."""
        return self.is_cached and self.seconds < _SHOWN_SECONDS

    @property
    def is_export(self) -> bool:
        """Whether it packs the layers up when all steps are done: a minute for an image of 2 GB."""
        return self.name.startswith("exporting to ")

    @property
    def is_running(self) -> bool:
        """Whether the engine works on it now."""
        return bool(self.intervals) and self.intervals[max(self.intervals)] is None

    @property
    def first_start(self) -> datetime:
        """When it was first worked on; the end of time for a vertex that never was."""
        return min(self.intervals, default=datetime.max.replace(tzinfo=UTC))

    @property
    def seconds(self) -> float:
        """The union of its intervals."""
        total = 0.0
        until: datetime | None = None
        for start, end in sorted((start, end) for start, end in self.intervals.items() if end is not None):
            if until is not None and start < until:
                start = until
            if end > start:
                total += (end - start).total_seconds()
                until = end
        return total


class LogLine(NamedTuple):
    """Output of a step."""

    digest: str
    text: str


class Graph:
    """The build as told so far."""

    def __init__(self, clean: Callable[[str], str] = str) -> None:
        """``clean`` gives the name to show for the engine's name of a vertex."""
        self._clean = clean
        self.vertices: dict[str, Vertex] = {}
        self.log: list[LogLine] = []
        """output of the steps that have not ended well; what a failed build has to show"""

    def update(self, status: dict[str, object]) -> tuple[Vertex, ...]:
        """Take in a SolveStatus; return the vertices that ended by it."""
        ended: list[Vertex] = []
        for value in _objects(status, "vertexes"):
            vertex = self._vertex(value)
            if vertex is not None and _has_text(value, "completed") and vertex not in ended:
                ended.append(vertex)
        for value in _objects(status, "logs"):
            self._take_log(value)
        good = {vertex.digest for vertex in ended if not vertex.error}
        if good and self.log:
            self.log = [line for line in self.log if line.digest not in good]
        return tuple(ended)

    def _vertex(self, value: dict[str, object]) -> Vertex | None:
        digest, name = value.get("digest"), value.get("name")
        if not isinstance(digest, str) or not isinstance(name, str):
            return None
        vertex = self.vertices.get(digest)
        if vertex is None:
            vertex = self.vertices[digest] = Vertex(digest, self._clean(name))
        vertex.is_cached = vertex.is_cached or value.get("cached") is True
        inputs = value.get("inputs")
        if isinstance(inputs, list):
            vertex.inputs = tuple(each for each in inputs if isinstance(each, str))
        error = value.get("error")
        if isinstance(error, str):
            vertex.error = error
        start, end = _moment(value.get("started")), _moment(value.get("completed"))
        if start is not None and (end is not None or start not in vertex.intervals):
            vertex.intervals[start] = end
        return vertex

    def _take_log(self, value: dict[str, object]) -> None:
        digest, data = value.get("vertex"), value.get("data")
        if not isinstance(digest, str) or not isinstance(data, str):
            return
        try:
            text = base64.b64decode(data).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return
        self.log.append(LogLine(digest, text))
        if len(self.log) > _LOG_LIMIT:
            del self.log[: -_LOG_LIMIT // 2]

    @property
    def running(self) -> tuple[Vertex, ...]:
        """The steps the engine works on now, or the export."""
        return tuple(
            vertex
            for vertex in self.vertices.values()
            if vertex.is_running and (vertex.is_step or vertex.is_export)
        )

    @property
    def failed(self) -> Vertex | None:
        """The vertex that failed, not those that were cancelled because of it."""
        failed = [vertex for vertex in self.vertices.values() if vertex.error]
        return next((v for v in failed if "context canceled" not in v.error), failed[0] if failed else None)

    @property
    def steps(self) -> tuple[StepTime, ...]:
        """The Dockerfile's steps, stage by stage in the order the stages were begun.

        One that was never worked on, because a later step came from the cache, counts as cached.
        """
        timed = self._clock()
        stages: dict[str, list[tuple[int, StepTime]]] = {}
        for vertex in sorted(self.vertices.values(), key=_first_start):
            name = _STEP.match(vertex.name)
            if name is not None:
                stages.setdefault(name[1], []).append((int(name[2]), timed(vertex)))
        return tuple(step for steps in stages.values() for _, step in sorted(steps))

    @property
    def beside(self) -> tuple[StepTime, ...]:
        """The engine's own work that took time, as it was begun: the context, a cache, the export."""
        timed = self._clock()
        return tuple(
            timed(vertex)
            for vertex in sorted(self.vertices.values(), key=_first_start)
            if not vertex.is_step and vertex.seconds >= _SHOWN_SECONDS
        )

    @property
    def critical_path(self) -> tuple[StepTime, ...]:
        """The chain of steps and work that took longest; what packs the layers up comes after all of it."""
        work = {
            digest: Work(0.0 if vertex.is_idle else vertex.seconds, vertex.inputs)
            for digest, vertex in self.vertices.items()
            if not vertex.is_export
        }
        chain = [self.vertices[digest] for digest in critical_path(work)]
        exports = [vertex for vertex in self.vertices.values() if vertex.is_export and vertex.seconds]
        return tuple(map(self._clock(), [*chain, *sorted(exports, key=_first_start)]))

    def _clock(self) -> Callable[[Vertex], StepTime]:
        """Return what tells of a vertex how long it took, and when since the build began."""
        begin = min((vertex.first_start for vertex in self.vertices.values()), default=datetime.now(UTC))

        def timed(vertex: Vertex) -> StepTime:
            if not vertex.intervals:
                return StepTime(vertex.name, 0.0, is_cached=True)
            start = (vertex.first_start - begin).total_seconds()
            return StepTime(vertex.name, vertex.seconds, vertex.is_cached, start)

        return timed

    def output_of(self, vertex: Vertex) -> list[str]:
        """Return the lines a step printed; a progress bar's line counts as what it ended at."""
        text = "".join(line.text for line in self.log if line.digest == vertex.digest)
        return [line.rstrip().rpartition("\r")[2] for line in text.split("\n") if line.strip()]


_LOG_LIMIT = 20_000


def _first_start(vertex: Vertex) -> datetime:
    return vertex.first_start


def _objects(status: dict[str, object], key: str) -> Iterator[dict[str, object]]:
    values = status.get(key)
    if isinstance(values, list):
        for value in values:
            if isinstance(value, dict):
                yield value


def _has_text(value: dict[str, object], key: str) -> bool:
    return isinstance(value.get(key), str)


def _moment(value: object) -> datetime | None:
    """Return an RFC 3339 time; Go writes nanoseconds, Python keeps microseconds."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(_FRACTION.sub(r"\1", value))
    except ValueError:
        return None
