"""What the user sees while measuring: a live line on a terminal, plain lines elsewhere; all on stderr."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Protocol, TextIO

from rich.console import Console, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from dockeropt.measure.progress import Graph, Vertex

SHOWN_SECONDS = 1.0
"""a step that took less is not worth a line"""


class Narrator(Protocol):
    """Tells what is being done."""

    def begin(self, title: str) -> None:
        """Say that a piece of work starts: ``before: cold build 1 of 3``."""

    def watch(self, graph: Graph, ended: tuple[Vertex, ...]) -> None:
        """Say what a build is doing."""

    def end(self, result: str) -> None:
        """Say how the piece of work came out."""


class Silent:
    """Says nothing."""

    def begin(self, title: str) -> None:
        """Say nothing."""

    def watch(self, graph: Graph, ended: tuple[Vertex, ...]) -> None:
        """Say nothing."""

    def end(self, result: str) -> None:
        """Say nothing."""


class Plain:
    """Lines for the logs of CI: each piece of work, each RUN and export that begins, each step of note that
    ends."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._begun: set[str] = set()

    def begin(self, title: str) -> None:
        """Print the title."""
        self._begun.clear()
        self._print(title)

    def watch(self, graph: Graph, ended: tuple[Vertex, ...]) -> None:
        """Print the steps that began and ended."""
        for vertex in graph.running:
            if (vertex.is_export or "] RUN " in vertex.name) and vertex.digest not in self._begun:
                self._begun.add(vertex.digest)
                self._print(f"        …    {shortened(vertex.name, 100)}")
        for vertex in ended:
            if is_shown(vertex):
                self._print(f"  {vertex.seconds:7.1f} s  {shortened(vertex.name, 100)}")

    def end(self, result: str) -> None:
        """Print the result."""
        self._print(f"  {result}")

    def _print(self, text: str) -> None:
        print(text, file=self._stream, flush=True)


class Terminal:
    """A line that is redrawn: elapsed time and the step that is running. Steps of note stay above it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._title = ""
        self._start = monotonic()
        self._running = ""
        self._spinner = Spinner("dots")
        self.live = Live(get_renderable=self._render, console=console, transient=True, refresh_per_second=8)

    def begin(self, title: str) -> None:
        """Put the title into the line."""
        self._title, self._running, self._start = title, "", monotonic()

    def watch(self, graph: Graph, ended: tuple[Vertex, ...]) -> None:
        """Put the running step into the line."""
        for vertex in ended:
            if is_shown(vertex):
                self._console.print(
                    Text(f"  {vertex.seconds:7.1f} s  {shortened(vertex.name, 100)}", style="dim")
                )
        running = graph.running
        self._running = running[-1].name if running else ""

    def end(self, result: str) -> None:
        """Leave a line with what came out."""
        self._console.print(Text(f"{self._title}: {result}"))
        self._title = self._running = ""

    def _render(self) -> RenderableType:
        if not self._title:
            return Text("")
        elapsed = f"{monotonic() - self._start:6.1f} s"
        width = max(self._console.width - len(self._title) - len(elapsed) - 8, 10)
        self._spinner.update(text=Text(f"{elapsed}  {self._title}  {shortened(self._running, width)}"))
        return self._spinner


def is_shown(vertex: Vertex) -> bool:
    """Tell whether a vertex that ended is worth a line."""
    return not vertex.is_cached and vertex.seconds >= SHOWN_SECONDS


def shortened(text: str, width: int) -> str:
    """Return the text in one line of at most ``width`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


@contextmanager
def narrator(stream: TextIO | None = None) -> Iterator[Narrator]:
    """Give the narrator that suits the stream, standard error unless told: live on a terminal, else plain."""
    stream = sys.stderr if stream is None else stream
    console = Console(file=stream)
    if not console.is_terminal or console.is_dumb_terminal:
        yield Plain(stream)
        return
    teller = Terminal(console)
    with teller.live:
        yield teller
