"""What a measurement says, and its JSON: bytes and seconds, never formatted."""

from collections.abc import Mapping
from enum import Enum
from statistics import median

from dockeropt.records import NamedTuple

VERSION = 2
"""of the JSON; raised when a reader of the old one would misread the new one"""


class Scenario(Enum):
    """What happened before a build. Those after ``COLD`` build on what was built before them."""

    COLD = "cold"
    """no cached steps and empty cache mounts; base images present"""
    UNCHANGED = "unchanged"
    """nothing happened"""
    SOURCE = "source"
    """a source file's content changed"""
    DOCUMENT = "document"
    """a document's content changed"""
    DEPENDENCY = "dependency"
    """the manifest of dependencies and its lock file changed"""
    REMOTE = "remote"
    """a source file's content changed, and the machine has nothing but a cache in a registry"""


class Candidate(NamedTuple):
    """A Dockerfile to measure and the .dockerignore it is built with."""

    name: str
    """``before``, ``after``: the head of its column"""
    dockerfile: str
    """the text; bytes that are not UTF-8 as lone surrogates"""
    dockerignore: str | None
    """the text, None for a context without one"""
    path: str = "Dockerfile"
    """where the user finds it, for messages"""


class Timing(NamedTuple):
    """Wall-clock seconds of every run, in the order they were made; there is at least one."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The figure to report."""
        return median(self.seconds)

    @property
    def minimum(self) -> float:
        """The least disturbed run."""
        return min(self.seconds)

    @property
    def spread(self) -> float:
        """Slowest less fastest run, 0 for a single one."""
        return max(self.seconds) - min(self.seconds)


class StepTime(NamedTuple):
    """A step as the engine named it (``[build 4/6] RUN npm ci``) and how long it took."""

    name: str
    seconds: float
    """union of the intervals the engine worked on it"""
    is_cached: bool
    start: float = 0.0
    """seconds from the first thing the engine did in the build to the beginning of this"""


SLOWEST = 5
"""steps that are named as the slowest of a build"""


class BuildTime(NamedTuple):
    """How long a build took, and what the engine did in the run whose time is the median.

    FROM is no step here.
    """

    timing: Timing
    steps: tuple[StepTime, ...]
    beside: tuple[StepTime, ...] = ()
    """work of the engine's own: taking in the context, importing a cache, packing the layers up"""
    critical_path: tuple[StepTime, ...] = ()
    """of steps and work, each waiting for the one before it, those that took longest together"""

    @property
    def run(self) -> tuple[StepTime, ...]:
        """The steps that ran."""
        return tuple(step for step in self.steps if not step.is_cached)

    @property
    def cached(self) -> tuple[StepTime, ...]:
        """The steps taken from the cache."""
        return tuple(step for step in self.steps if step.is_cached)

    @property
    def slowest(self) -> tuple[StepTime, ...]:
        """The steps that took longest, the slowest first."""
        return tuple(sorted(self.run, key=lambda step: -step.seconds)[:SLOWEST])


class Layer(NamedTuple):
    """A layer of an image and the instruction that made it."""

    instruction: str
    """as the image's history has it, without the builder's own marks; empty where it does not say"""
    compressed_bytes: int
    unpacked_bytes: int
    is_base: bool
    """came with the base image"""


class ImageSize(NamedTuple):
    """What an image weighs: the sum of its layers."""

    layers: tuple[Layer, ...]
    compressed_by: str
    """``engine`` for the very blobs a registry would hold, ``dockeropt`` where the engine's store keeps no
    compressed layers and they were compressed (gzip, level 6) to measure them"""

    @property
    def compressed_bytes(self) -> int:
        """What a push or a pull moves."""
        return sum(layer.compressed_bytes for layer in self.layers)

    @property
    def unpacked_bytes(self) -> int:
        """What the layers' archives hold unpacked: what the image takes on a disk."""
        return sum(layer.unpacked_bytes for layer in self.layers)


class EarlyHealth(NamedTuple):
    """HEALTHCHECK said healthy before the app answered: an orchestrator sends it traffic that fails."""

    seconds: float
    """from then to the first good answer; the engine is asked every half second"""
    failed_requests: int
    """of ours meanwhile, one every 50 ms at most"""


class Stop(NamedTuple):
    """What ``docker stop`` did, with the ten seconds it gives by default."""

    seconds: float
    was_killed: bool
    """by SIGKILL: the program did not end on SIGTERM"""


class Failing(NamedTuple):
    """Requests in a row that failed in the same way while the app was starting."""

    how: str
    """``refused``, ``dropped`` (taken and closed), ``silent`` (no answer in time) or ``status 503``"""
    requests: int
    """one every 50 ms at most"""
    since: float
    """seconds from the start of the container to the first of them"""
    until: float
    """seconds from the start of the container to the end of the last of them"""


class Startup(NamedTuple):
    """Seconds from starting the container to the first good HTTP answer, and its end."""

    timing: Timing
    port: int
    path: str
    status: int
    """of that answer: 2xx or 3xx"""
    early_health: EarlyHealth | None = None
    """of the start where it was longest, None where no start had it"""
    stop: Stop | None = None
    """of the last start"""
    failing: tuple[Failing, ...] = ()
    """what became of the requests before the first good answer, in order, in the start of median length"""

    @property
    def failed_requests(self) -> int:
        """How many requests failed before the first good answer."""
        return sum(each.requests for each in self.failing)


class Measurement(NamedTuple):
    """Everything measured of one candidate for one platform."""

    name: str
    image: ImageSize
    builds: Mapping[Scenario, BuildTime]
    """in the order they were made; a cold build is always among them"""
    startup: Startup | None
    """None when no start was asked for, or the engine does not run this platform"""
    platform: str = ""
    """``linux/arm64`` where platforms were asked for, else empty for the engine's own"""

    @property
    def cold(self) -> BuildTime:
        """The build without any cache."""
        return self.builds[Scenario.COLD]

    @property
    def rebuild(self) -> BuildTime | None:
        """The build after a source file's content changed, None where that was not asked for."""
        return self.builds.get(Scenario.SOURCE)


class Comparison(NamedTuple):
    """Candidates measured in turn on one engine."""

    context: str
    edited: Mapping[Scenario, tuple[str, ...]]
    """the files whose content was changed for a scenario, relative to the context"""
    engine: str
    """version of the engine"""
    buildx: str
    """version of buildx"""
    measurements: tuple[Measurement, ...]
    builder: str = ""
    """name of the builder that was asked for, empty for the one in use"""


Json = Mapping[str, object]


def to_json(comparison: Comparison) -> Json:
    """Return the comparison as JSON values; units are in the keys. docs/measure.md tells every key."""
    return {
        "version": VERSION,
        "context": comparison.context,
        "edited": {scenario.value: list(paths) for scenario, paths in comparison.edited.items()},
        "engine": comparison.engine,
        "buildx": comparison.buildx,
        "builder": comparison.builder,
        "measurements": [_measurement(each) for each in comparison.measurements],
    }


def _measurement(measurement: Measurement) -> Json:
    return {
        "name": measurement.name,
        "platform": measurement.platform,
        "image": {
            "unpacked_bytes": measurement.image.unpacked_bytes,
            "compressed_bytes": measurement.image.compressed_bytes,
            "compressed_by": measurement.image.compressed_by,
            "layers": [layer._asdict() for layer in measurement.image.layers],
        },
        "builds": {scenario.value: _build(build) for scenario, build in measurement.builds.items()},
        "startup": None if measurement.startup is None else _startup(measurement.startup),
    }


def _startup(startup: Startup) -> Json:
    return {
        **_timing(startup.timing),
        "port": startup.port,
        "path": startup.path,
        "status": startup.status,
        "healthy_too_early": startup.early_health and startup.early_health._asdict(),
        "stop": startup.stop and startup.stop._asdict(),
        "failed_requests": startup.failed_requests,
        "failing": [each._asdict() for each in startup.failing],
    }


def _build(build: BuildTime) -> Json:
    return {
        **_timing(build.timing),
        "steps_run": len(build.run),
        "steps_cached": len(build.cached),
        "steps": [step._asdict() for step in build.steps],
        "beside": [step._asdict() for step in build.beside],
        "critical_path": [step._asdict() for step in build.critical_path],
        "critical_path_seconds": sum(step.seconds for step in build.critical_path),
        "slowest": [step._asdict() for step in build.slowest],
    }


def _timing(timing: Timing) -> Json:
    return {
        "seconds": list(timing.seconds),
        "median_seconds": timing.median,
        "minimum_seconds": timing.minimum,
        "spread_seconds": timing.spread,
    }
