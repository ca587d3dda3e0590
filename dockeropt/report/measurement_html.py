"""A measurement as a page for browsers: what each layer weighs and where each build's time goes."""

from collections.abc import Iterator, Sequence

from dockeropt.measure.model import (
    BuildTime,
    Comparison,
    Layer,
    Measurement,
    Scenario,
    Startup,
    StepTime,
)
from dockeropt.records import NamedTuple
from dockeropt.report.measurement import TITLES, Row, chain_of, notes, platforms_of, rows, steps_of
from dockeropt.report.page import render_page
from dockeropt.report.quantities import change, duration, size

_SHADES = 5
"""of the bars of layers, in turn"""
_LEAST_WIDTH = 0.3
"""percent: what is there can be seen"""
_LISTED_LAYERS = 12
_LISTED_STEPS = 20
_FETCHED_SECONDS = 0.05
"""what came from a cache and took as long was fetched from elsewhere"""


class _Card(NamedTuple):
    title: str
    value: str
    before: str
    """empty where there is nothing to compare with"""
    change: str
    kind: str
    """``better``, ``worse`` or ``same``"""


class _Bar(NamedTuple):
    """A part of a line, in percent of the longest."""

    start: float
    width: float
    kind: str
    title: str


class _Line(NamedTuple):
    """A text, a figure and a bar."""

    text: str
    figure: str
    bar: _Bar | None
    kind: str = ""


class _Chart(NamedTuple):
    """The bars of one candidate."""

    name: str
    summary: str
    bars: tuple[_Bar, ...]
    """beside one another in one line; empty where each line has its own"""
    lines: tuple[_Line, ...]
    more: str = ""
    """what is not shown"""


class _Section(NamedTuple):
    """Candidates side by side, on one scale."""

    title: str
    charts: tuple[_Chart, ...]


class _Platform(NamedTuple):
    name: str
    cards: tuple[_Card, ...]
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    layers: _Section
    timelines: tuple[_Section, ...]
    starts: _Section | None


def render_html(comparison: Comparison) -> str:
    """Return the page: cards, the table, bars of layers, timelines of builds and starts."""
    names = list(dict.fromkeys(each.name for each in comparison.measurements))
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return render_page(
        "measurement.html.j2",
        title=f"What the image costs: {listed}",
        about=f"Context {comparison.context}, engine {comparison.engine}, buildx {comparison.buildx}",
        platforms=[_platform(name, measured) for name, measured in platforms_of(comparison)],
        notes=tuple(notes(comparison)),
    )


def _platform(name: str, measurements: Sequence[Measurement]) -> _Platform:
    scenarios = [each for each in Scenario if any(each in one.builds for one in measurements)]
    has_started = any(each.startup is not None for each in measurements)
    return _Platform(
        name,
        tuple(_cards(measurements)),
        tuple(each.name for each in measurements),
        tuple(rows(measurements)),
        _layers(measurements),
        tuple(_timelines(scenario, measurements) for scenario in scenarios),
        _starts(measurements) if has_started else None,
    )


def _cards(measurements: Sequence[Measurement]) -> Iterator[_Card]:
    first, last = measurements[0], measurements[-1]
    is_compared = len(measurements) > 1
    yield _card("image, unpacked", first.image.unpacked_bytes, last.image.unpacked_bytes, size, is_compared)
    yield _card(
        "image, compressed", first.image.compressed_bytes, last.image.compressed_bytes, size, is_compared
    )
    for scenario in (Scenario.COLD, Scenario.SOURCE):
        if scenario in first.builds and scenario in last.builds:
            before, after = first.builds[scenario].timing.median, last.builds[scenario].timing.median
            yield _card(TITLES[scenario], before, after, duration, is_compared)
    if first.startup is not None and last.startup is not None:
        before, after = first.startup.timing.median, last.startup.timing.median
        yield _card("start-up", before, after, duration, is_compared)


def _card(title: str, before: float, after: float, write: object, is_compared: bool) -> _Card:
    assert callable(write)  # noqa: S101 - size or duration
    changed = change(before, after) if is_compared else ""
    kind = "same" if changed in ("", "=") else "better" if after < before else "worse"
    return _Card(title, write(after), write(before) if is_compared else "", changed, kind)


def _layers(measurements: Sequence[Measurement]) -> _Section:
    longest = max((each.image.unpacked_bytes for each in measurements), default=0) or 1
    return _Section("Layers, unpacked", tuple(_layer_chart(each, longest) for each in measurements))


def _layer_chart(measurement: Measurement, longest: int) -> _Chart:
    layers = measurement.image.layers
    base = sum(layer.unpacked_bytes for layer in layers if layer.is_base)
    own = [layer for layer in layers if not layer.is_base]
    parts = [("base", Layer("base image", 0, base, is_base=True))] if base else []
    parts += [(f"own{at % _SHADES}", layer) for at, layer in enumerate(own)]
    bars: list[_Bar] = []
    at = 0.0
    for kind, layer in parts:
        width = layer.unpacked_bytes / longest * 100
        title = f"{size(layer.unpacked_bytes)} {_one_line(layer.instruction)}"
        if width:
            bars.append(_Bar(at, max(width, _LEAST_WIDTH), kind, title))
        at += width
    shown = sorted(parts, key=lambda part: -part[1].unpacked_bytes)[:_LISTED_LAYERS]
    lines = tuple(
        _Line(
            _one_line(layer.instruction) or "(the image does not say)", size(layer.unpacked_bytes), None, kind
        )
        for kind, layer in parts
        if (kind, layer) in shown
    )
    total = measurement.image
    summary = f"{size(total.unpacked_bytes)} unpacked, {size(total.compressed_bytes)} compressed"
    hidden = len(parts) - len(lines)
    return _Chart(
        measurement.name, summary, tuple(bars), lines, f"and {hidden} smaller ones" if hidden else ""
    )


def _timelines(scenario: Scenario, measurements: Sequence[Measurement]) -> _Section:
    builds = [(each, each.builds[scenario]) for each in measurements if scenario in each.builds]
    longest = max(build.timing.median for _, build in builds) or 1.0
    charts = tuple(_timeline(each.name, build, longest) for each, build in builds)
    return _Section(TITLES[scenario], charts)


def _timeline(name: str, build: BuildTime, longest: float) -> _Chart:
    on_path = {(step.name, step.start) for step in build.critical_path}
    fetched = (step for step in build.cached if step.seconds >= _FETCHED_SECONDS)
    worked = sorted((*build.run, *fetched, *build.beside), key=lambda step: step.start)
    slowest = sorted(worked, key=lambda step: -step.seconds)[:_LISTED_STEPS]
    lines = tuple(
        _Line(_one_line(step.name), duration(step.seconds), _step_bar(step, longest, on_path))
        for step in worked
        if step in slowest
    )
    summary = f"{steps_of(build)} steps ran; {chain_of(build)}"
    left = len(worked) - len(lines)
    more = [f"{left} quicker ones"] if left else []
    more += [f"{len(build.cached)} from the cache"] if build.cached else []
    return _Chart(name, summary, (), lines, " and ".join(more))


def _step_bar(step: StepTime, longest: float, on_path: set[tuple[str, float]]) -> _Bar:
    kind = "path" if (step.name, step.start) in on_path else "aside"
    start = min(step.start / longest * 100, 100 - _LEAST_WIDTH)
    width = min(max(step.seconds / longest * 100, _LEAST_WIDTH), 100 - start)
    return _Bar(start, width, kind, f"{duration(step.seconds)} {_one_line(step.name)}")


def _starts(measurements: Sequence[Measurement]) -> _Section:
    started = [(each.name, each.startup) for each in measurements if each.startup is not None]
    longest = max(startup.timing.median for _, startup in started) or 1.0
    charts = tuple(_start_chart(name, startup, longest) for name, startup in started)
    return _Section("Start-up: what became of requests", charts)


def _start_chart(name: str, startup: Startup, longest: float) -> _Chart:
    lines = [
        _Line(
            f"{each.requests} {'request' if each.requests == 1 else 'requests'} {each.how}",
            f"until {duration(each.until)}",
            _Bar(
                min(each.since / longest * 100, 100 - _LEAST_WIDTH),
                max((min(each.until, longest) - each.since) / longest * 100, _LEAST_WIDTH),
                "failed",
                each.how,
            ),
        )
        for each in startup.failing
    ]
    seconds = startup.timing.median
    start = max(seconds / longest * 100 - 1, 0)
    lines.append(
        _Line(
            f"status {startup.status}",
            f"at {duration(seconds)}",
            _Bar(start, 1, "answered", "first good answer"),
        )
    )
    summary = f"first good answer after {duration(seconds)}"
    if startup.stop is not None:
        how = "killed" if startup.stop.was_killed else "ended by itself"
        summary += f"; docker stop took {duration(startup.stop.seconds)}, {how}"
    return _Chart(name, summary, (), tuple(lines))


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:159]}…"
