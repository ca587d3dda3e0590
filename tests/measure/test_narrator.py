import io
import os
import pty
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from dockeropt.measure.narrator import Plain, Terminal, narrator, shortened
from dockeropt.measure.progress import Graph

START = datetime(2026, 11, 23, tzinfo=UTC)


def told(name: str, seconds: float | None) -> dict[str, object]:
    vertex: dict[str, object] = {"digest": name, "name": name, "started": START.isoformat()}
    if seconds is not None:
        vertex["completed"] = (START + timedelta(seconds=seconds)).isoformat()
    return {"vertexes": [vertex]}


def everything(leader: int) -> str:
    """Return all that a terminal was sent; one read may return a part of it."""
    parts = []
    with suppress(OSError):  # what reading the end of a closed terminal raises on Linux
        while part := os.read(leader, 100_000):
            parts.append(part)
    os.close(leader)
    return b"".join(parts).decode()


def test_a_log_gets_a_line_for_each_piece_of_work_and_slow_step() -> None:
    stream = io.StringIO()
    graph = Graph()
    with narrator(stream) as teller:
        assert isinstance(teller, Plain)
        teller.begin("before: cold build")
        for status in (
            told("[2/3] RUN npm ci", None),
            told("[2/3] RUN npm ci", 12.34),
            told("[3/3] COPY a b", 0.2),
            told("exporting to image", None),
            told("exporting to image", 60.0),
        ):
            teller.watch(graph, graph.update(status))
        teller.end("13.0 s, 2 of 2 steps ran")
    assert stream.getvalue().splitlines() == [
        "before: cold build",
        "        …    [2/3] RUN npm ci",
        "     12.3 s  [2/3] RUN npm ci",
        "        …    exporting to image",
        "     60.0 s  exporting to image",
        "  13.0 s, 2 of 2 steps ran",
    ]


def test_a_terminal_shows_elapsed_time_and_the_running_step() -> None:
    leader, follower = pty.openpty()
    os.environ.pop("NO_COLOR", None)
    graph = Graph()
    with os.fdopen(follower, "w") as stream, narrator(stream) as teller:
        assert isinstance(teller, Terminal)
        teller.begin("before: cold build")
        teller.watch(graph, graph.update(told("[2/3] RUN npm ci", None)))
        teller.live.refresh()
        teller.end("13.0 s")
    shown = everything(leader)
    assert "0.0 s  before: cold build  [2/3] RUN npm ci" in shown
    assert "before: cold build: 13.0 s" in shown


def test_long_steps_are_cut_to_one_line() -> None:
    assert shortened("RUN a   b\n c d e f", 8) == "RUN a b…"
    assert shortened("RUN a", 8) == "RUN a"
