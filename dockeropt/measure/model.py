"""What a measurement says, and its JSON: bytes and seconds, never formatted."""

from collections.abc import Mapping
from statistics import median

from dockeropt.records import NamedTuple

VERSION = 1
"""of the JSON; raised when a reader of the old one would misread the new one"""


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


class BuildTime(NamedTuple):
    """How long a build took, and what the engine did in the last of the runs. FROM is no step here."""

    timing: Timing
    steps: tuple[StepTime, ...]

    @property
    def run(self) -> tuple[StepTime, ...]:
        """The steps that ran."""
        return tuple(step for step in self.steps if not step.is_cached)

    @property
    def cached(self) -> tuple[StepTime, ...]:
        """The steps taken from the cache."""
        return tuple(step for step in self.steps if step.is_cached)


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


class Measurement(NamedTuple):
    """Everything measured of one candidate."""

    name: str
    image: ImageSize
    cold: BuildTime
    """no cached steps and empty cache mounts; base images present"""
    rebuild: BuildTime
    """after one source file's content changed"""
    startup: Startup | None
    """None when no start was asked for"""


class Comparison(NamedTuple):
    """Candidates measured in turn on one engine."""

    context: str
    edited: str
    """the source file whose content was changed for the rebuild, relative to the context"""
    engine: str
    """version of the engine"""
    buildx: str
    """version of buildx"""
    measurements: tuple[Measurement, ...]


Json = Mapping[str, object]


def to_json(comparison: Comparison) -> Json:
    """Return the comparison as JSON values; units are in the keys."""
    return {
        "version": VERSION,
        "context": comparison.context,
        "edited": comparison.edited,
        "engine": comparison.engine,
        "buildx": comparison.buildx,
        "measurements": [_measurement(each) for each in comparison.measurements],
    }


def _measurement(measurement: Measurement) -> Json:
    startup = measurement.startup
    return {
        "name": measurement.name,
        "image": {
            "unpacked_bytes": measurement.image.unpacked_bytes,
            "compressed_bytes": measurement.image.compressed_bytes,
            "compressed_by": measurement.image.compressed_by,
            "layers": [layer._asdict() for layer in measurement.image.layers],
        },
        "cold_build": _build(measurement.cold),
        "rebuild_after_source_edit": _build(measurement.rebuild),
        "startup": None
        if startup is None
        else {
            **_timing(startup.timing),
            "port": startup.port,
            "path": startup.path,
            "status": startup.status,
            "healthy_too_early": startup.early_health and startup.early_health._asdict(),
            "stop": startup.stop and startup.stop._asdict(),
        },
    }


def _build(build: BuildTime) -> Json:
    return {
        **_timing(build.timing),
        "steps_run": len(build.run),
        "steps_cached": len(build.cached),
        "steps": [step._asdict() for step in build.steps],
    }


def _timing(timing: Timing) -> Json:
    return {
        "seconds": list(timing.seconds),
        "median_seconds": timing.median,
        "minimum_seconds": timing.minimum,
        "spread_seconds": timing.spread,
    }
