"""A configuration as TOML that could be written down and mean the same."""

import json
from collections.abc import Iterator, Mapping

from dockeropt.config.configuration import Configuration
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Severity


def show(configuration: Configuration, settings: Settings) -> str:
    """Return what holds for a Dockerfile whose settings these are, as TOML with its origin as comment."""
    return "\n".join(_lines(configuration, settings)) + "\n"


def _lines(configuration: Configuration, settings: Settings) -> Iterator[str]:
    yield f"# from {configuration.path}" if configuration.path else "# no configuration file"
    yield f"select = {_list(sorted(settings.select))}"
    yield f"ignore = {_list(sorted(settings.ignore))}"
    yield f"failure-threshold = {_text(configuration.failure_threshold.value)}"
    yield f"report-threshold = {_text(configuration.report_threshold.value)}"
    yield f"no-fail = {_word(configuration.no_fail)}"
    yield f"no-color = {_word(configuration.no_color)}"
    yield f"disable-ignore-pragma = {_word(not settings.takes_comments)}"
    if configuration.format is not None:
        yield f"format = {_text(configuration.format)}"
    if configuration.baseline is not None:
        yield f"baseline = {_text(configuration.baseline)}"
    if configuration.error_if_wasted is not None:
        yield f"error-if-wasted = {configuration.error_if_wasted}"
    if configuration.exclude:
        yield f"exclude = {_list(configuration.exclude)}"
    if settings.severities:
        yield ""
        yield "[severities]"
        yield from _levels(settings.severities)
    for code, options in sorted(settings.options.items()):
        yield ""
        yield f"[rules.{code}]"
        for name, value in sorted(options.items()):
            yield f"{name} = {_list(value) if isinstance(value, tuple) else _word(value)}"


def _levels(severities: Mapping[str, Severity]) -> Iterator[str]:
    for code, severity in sorted(severities.items()):
        yield f"{code} = {_text(severity.value)}"


def _word(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _text(value)


def _list(values: tuple[str, ...] | list[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
