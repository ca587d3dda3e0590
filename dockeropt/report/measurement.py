"""A measurement as tables for people: candidates side by side, the change at the end."""

from collections.abc import Callable, Iterator, Sequence

from tabulate import tabulate

from dockeropt.measure.model import BuildTime, Comparison, Measurement, Scenario, Startup
from dockeropt.records import NamedTuple
from dockeropt.report.layers import shortened
from dockeropt.report.quantities import change, duration, size

TITLES = {
    Scenario.COLD: "cold build",
    Scenario.UNCHANGED: "rebuild, nothing changed",
    Scenario.SOURCE: "rebuild after a source edit",
    Scenario.DOCUMENT: "rebuild after a document edit",
    Scenario.DEPENDENCY: "rebuild after a new dependency",
    Scenario.REMOTE: "fresh machine, registry cache",
}


class Row(NamedTuple):
    """A line of the table."""

    title: str
    cells: tuple[str, ...]
    """one a candidate, ``-`` where it was not measured"""
    change: str
    """of the last against the first, empty where there is none to tell"""
    is_part: bool
    """whether it tells more of the row above"""


class _Figure(NamedTuple):
    title: str
    value: Callable[[Measurement], float | None]
    """None where it was not measured"""
    write: Callable[[float], str] | None
    """None for a row that is text and has no change"""
    text: Callable[[Measurement], str] = str
    is_part: bool = False


def render(comparison: Comparison, style: str = "simple") -> str:
    """Return the tables, one a platform with a column a candidate, and what there is to know about them.

    ``style`` is a table format of tabulate, such as ``pipe`` for Markdown. The last column compares the last
    candidate with the first.
    """
    parts: list[str] = []
    for platform, measurements in platforms_of(comparison):
        parts += [f"{platform}\n"] if platform else []
        parts += [table(measurements, style), ""]
    return "\n".join([*parts, *notes(comparison)]) + "\n"


def table(measurements: Sequence[Measurement], style: str) -> str:
    """Return the table of the candidates on one platform."""
    heads = ["", *(each.name for each in measurements), *(["change"] if len(measurements) > 1 else [])]
    lines = [
        [
            ("  " if row.is_part else "") + row.title,
            *row.cells,
            *([row.change] if len(measurements) > 1 else []),
        ]
        for row in rows(measurements)
    ]
    align = ("left", *["right"] * (len(heads) - 1))
    return tabulate(
        lines, heads, tablefmt=style, disable_numparse=True, colalign=align, preserve_whitespace=True
    )


def details(comparison: Comparison) -> str:
    """Return for every build the chain of steps that took longest, and the slowest steps."""
    return "\n\n".join("\n".join(_detail(*each)) for each in builds(comparison)) + "\n"


def builds(comparison: Comparison) -> Iterator[tuple[Measurement, Scenario, BuildTime]]:
    """Yield every build, scenario by scenario."""
    for scenario in Scenario:
        for each in comparison.measurements:
            if scenario in each.builds:
                yield each, scenario, each.builds[scenario]


def _detail(measurement: Measurement, scenario: Scenario, build: BuildTime) -> Iterator[str]:
    yield f"{name_of(measurement)}, {TITLES[scenario]}: {steps_of(build)} steps ran"
    yield f"  {chain_of(build)}"
    yield from (f"  {each.seconds:8.1f} s  {shortened(each.name)}" for each in build.critical_path)
    if build.run:
        yield "  slowest steps"
        yield from (f"  {each.seconds:8.1f} s  {shortened(each.name)}" for each in build.slowest)


def chain_of(build: BuildTime) -> str:
    """Return how much of a build is one chain of steps, each waiting for the one before it."""
    if not build.critical_path:
        return f"a build of {duration(build.timing.median)}"
    chain = sum(each.seconds for each in build.critical_path)
    return f"critical path {duration(chain)} in a build of {duration(build.timing.median)}"


def name_of(measurement: Measurement) -> str:
    """Return what to call a candidate, with its platform where there are several."""
    return f"{measurement.name} ({measurement.platform})" if measurement.platform else measurement.name


def platforms_of(comparison: Comparison) -> list[tuple[str, list[Measurement]]]:
    """Return the measurements by platform, in the order they were asked for."""
    found: dict[str, list[Measurement]] = {}
    for each in comparison.measurements:
        found.setdefault(each.platform, []).append(each)
    return list(found.items())


def rows(measurements: Sequence[Measurement]) -> list[Row]:
    """Return the lines of the table for candidates on one platform."""
    return [
        _row(figure, measurements)
        for figure in _figures(measurements)
        if any(figure.value(each) is not None for each in measurements)
    ]


def _row(figure: _Figure, measurements: Sequence[Measurement]) -> Row:
    values = [figure.value(each) for each in measurements]
    write = figure.write
    if write is None:
        cells = ["-" if figure.value(each) is None else figure.text(each) for each in measurements]
        return Row(figure.title, tuple(cells), "", figure.is_part)
    cells = ["-" if value is None else write(value) for value in values]
    first, last = values[0], values[-1]
    changed = "" if len(values) < 2 or first is None or last is None else change(first, last)
    return Row(figure.title, tuple(cells), changed, figure.is_part)


def _figures(measurements: Sequence[Measurement]) -> Iterator[_Figure]:
    yield _Figure("image, unpacked", lambda m: float(m.image.unpacked_bytes), size)
    yield _Figure("image, compressed", lambda m: float(m.image.compressed_bytes), size)
    for scenario in Scenario:
        if any(scenario in each.builds for each in measurements):
            yield from _build_figures(scenario)
    yield _Figure(
        "start-up to first answer", lambda m: m.startup.timing.median if m.startup else None, duration
    )
    if any(each.startup and each.startup.failed_requests for each in measurements):
        yield _Figure("requests failed until then", _failed, "{:.0f}".format, is_part=True)
    yield _Figure(
        "docker stop", lambda m: m.startup.stop.seconds if m.startup and m.startup.stop else None, duration
    )


def _failed(measurement: Measurement) -> float | None:
    return float(measurement.startup.failed_requests) if measurement.startup else None


def _build_figures(scenario: Scenario) -> Iterator[_Figure]:
    def median(measurement: Measurement) -> float | None:
        build = measurement.builds.get(scenario)
        return None if build is None else build.timing.median

    def several(measurement: Measurement) -> float | None:
        build = measurement.builds.get(scenario)
        return build.timing.spread if build is not None and len(build.timing.seconds) > 1 else None

    def spread(measurement: Measurement) -> str:
        timing = measurement.builds[scenario].timing
        return f"{duration(timing.minimum)}, {duration(timing.spread)}"

    yield _Figure(TITLES[scenario], median, duration)
    yield _Figure("fastest, spread", several, None, spread, is_part=True)
    if scenario is not Scenario.COLD:
        yield _Figure("steps run again", median, None, lambda m: steps_of(m.builds[scenario]), is_part=True)


def steps_of(build: BuildTime) -> str:
    """Return how many steps ran, of how many."""
    return f"{len(build.run)} of {len(build.steps)}"


def notes(comparison: Comparison) -> Iterator[str]:
    """Yield what one has to know to read the figures, as sentences."""
    measurements = comparison.measurements
    made, starts = len(measurements[0].cold.timing.seconds), 0
    if measurements[0].startup:
        starts = len(measurements[0].startup.timing.seconds)
    runs = "one run of each build" if made == 1 else f"medians of {made} builds in turn"
    yield f"{runs}{f', medians of {starts} starts' if starts else ''}; MB are 10^6 bytes"
    if comparison.builder:
        yield f"built by the builder {comparison.builder}"
    for scenario, paths in comparison.edited.items():
        if scenario is Scenario.DEPENDENCY:
            files = " and ".join(paths)
            yield f"new dependency: {files} changed in a copy of the context; what they name is the same"
        elif scenario is Scenario.REMOTE:
            yield (
                f"fresh machine: base images and a registry's cache alone, no cache mounts, "
                f"after an edit of {' and '.join(paths)}"
            )
        else:
            yield f"{scenario.value} edit: a line appended to {' and '.join(paths)} in a copy of the context"
    for each in measurements:
        if each.rebuild is not None and not each.rebuild.run:
            path = " and ".join(comparison.edited.get(Scenario.SOURCE, ()))
            yield f"{name_of(each)}: no step needs {path}; name one that is used with --source"
        if each.startup is not None:
            yield from _ends(name_of(each), each.startup)
        if each.image.compressed_by != "engine":
            yield f"{name_of(each)}: this engine keeps layers unpacked; compressed bytes are those of gzip -6"


def _ends(name: str, startup: Startup) -> Iterator[str]:
    """Say what is wrong with a container's beginning and end."""
    if startup.failing:
        ways = ", ".join(
            f"{each.requests} {each.how} until {duration(each.until)}" for each in startup.failing
        )
        yield f"{name}: what asks while it starts fails: {ways}"
    if startup.early_health is not None:
        seconds, failed = startup.early_health
        yield (
            f"{name}: healthy {duration(seconds)} before the first answer, "
            f"{failed} requests failed; let HEALTHCHECK ask the app"
        )
    if startup.stop is not None and startup.stop.was_killed:
        yield f"{name}: killed by docker stop, for SIGTERM does not end it; handle it, or run it under tini"
