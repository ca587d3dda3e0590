"""Reading a measurement back out of its JSON."""

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

from dockeropt.errors import UsageError
from dockeropt.measure.model import (
    VERSION,
    BuildTime,
    Comparison,
    EarlyHealth,
    Failing,
    ImageSize,
    Layer,
    Measurement,
    Scenario,
    Startup,
    StepTime,
    Stop,
    Timing,
)

Value = TypeVar("Value")


def from_json(text: str, path: str = "measurement") -> Comparison:
    """Return the comparison that ``to_json`` wrote.

    Raises UsageError naming the file and the key that is wrong, or the version that is not ours.
    """
    try:
        value = json.loads(text)
    except ValueError as error:
        raise UsageError(f"{path} is no JSON: {error}", _AGAIN) from error
    reader = _Reader(value, path, "")
    if "measurements" not in reader.keys:
        raise UsageError(f"{path} is no measurement", _AGAIN)
    version = reader.whole("version")
    if version != VERSION:
        hint = _AGAIN if version < VERSION else "update dockeropt"
        raise UsageError(f"{path} has version {version}, this dockeropt reads {VERSION}", hint)
    return Comparison(
        reader.text("context"),
        {
            scenario: reader.inside("edited").texts(scenario.value)
            for scenario in _scenarios(reader, "edited")
        },
        reader.text("engine"),
        reader.text("buildx"),
        reader.each("measurements", _measurement),
        reader.text("builder"),
    )


def _scenarios(reader: "_Reader", key: str) -> list[Scenario]:
    known = {scenario.value: scenario for scenario in Scenario}
    return [known[name] for name in reader.inside(key).keys if name in known]


_AGAIN = "write it again with `dockeropt measure --json FILE`"


class _Reader:
    """An object of the JSON and the way to it, for messages."""

    def __init__(self, value: object, path: str, key: str) -> None:
        self._path = path
        self._key = key
        if not isinstance(value, Mapping):
            raise self._wrong("", "an object")
        self._value: Mapping[str, object] = value

    def _wrong(self, key: str, wanted: str) -> UsageError:
        place = f"{self._key}{key}".strip(".") or "the top"
        return UsageError(f"{self._path}: {wanted} is missing at {place}", _AGAIN)

    def text(self, key: str) -> str:
        value = self._value.get(key)
        if not isinstance(value, str):
            raise self._wrong(key, "a text")
        return value

    def whole(self, key: str) -> int:
        value = self._value.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(key, "a whole number")
        return value

    def number(self, key: str) -> float:
        value = self._value.get(key)
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise self._wrong(key, "a number")
        return float(value)

    def truth(self, key: str) -> bool:
        value = self._value.get(key)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def numbers(self, key: str) -> tuple[float, ...]:
        value = self._value.get(key)
        if not isinstance(value, list) or not value:
            raise self._wrong(key, "a list of numbers")
        numbers = [float(each) for each in value if isinstance(each, (int, float))]
        if len(numbers) != len(value):
            raise self._wrong(key, "a list of numbers")
        return tuple(numbers)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self._value)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._value.get(key)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._wrong(key, "a list of texts")
        return tuple(value)

    def each(self, key: str, read: "Callable[[_Reader], Value]") -> tuple[Value, ...]:
        value = self._value.get(key)
        if not isinstance(value, list):
            raise self._wrong(key, "a list")
        place = f"{self._key}{key}"
        return tuple(read(_Reader(item, self._path, f"{place}[{at}].")) for at, item in enumerate(value))

    def inside(self, key: str) -> "_Reader":
        return _Reader(self._value.get(key), self._path, f"{self._key}{key}.")

    def has(self, key: str) -> bool:
        return self._value.get(key) is not None


def _measurement(reader: _Reader) -> Measurement:
    image = reader.inside("image")
    builds = reader.inside("builds")
    builds.inside(Scenario.COLD.value)
    return Measurement(
        reader.text("name"),
        ImageSize(image.each("layers", _layer), image.text("compressed_by")),
        {scenario: _build(builds.inside(scenario.value)) for scenario in _scenarios(reader, "builds")},
        _startup(reader.inside("startup")) if reader.has("startup") else None,
        reader.text("platform"),
    )


def _layer(reader: _Reader) -> Layer:
    return Layer(
        reader.text("instruction"),
        reader.whole("compressed_bytes"),
        reader.whole("unpacked_bytes"),
        reader.truth("is_base"),
    )


def _build(reader: _Reader) -> BuildTime:
    return BuildTime(
        Timing(reader.numbers("seconds")),
        reader.each("steps", _step),
        reader.each("beside", _step),
        reader.each("critical_path", _step),
    )


def _step(reader: _Reader) -> StepTime:
    return StepTime(
        reader.text("name"), reader.number("seconds"), reader.truth("is_cached"), reader.number("start")
    )


def _startup(reader: _Reader) -> Startup:
    return Startup(
        Timing(reader.numbers("seconds")),
        reader.whole("port"),
        reader.text("path"),
        reader.whole("status"),
        _early_health(reader.inside("healthy_too_early")) if reader.has("healthy_too_early") else None,
        _stop(reader.inside("stop")) if reader.has("stop") else None,
        reader.each("failing", _failing),
    )


def _failing(reader: _Reader) -> Failing:
    return Failing(
        reader.text("how"), reader.whole("requests"), reader.number("since"), reader.number("until")
    )


def _early_health(reader: _Reader) -> EarlyHealth:
    return EarlyHealth(reader.number("seconds"), reader.whole("failed_requests"))


def _stop(reader: _Reader) -> Stop:
    return Stop(reader.number("seconds"), reader.truth("was_killed"))
