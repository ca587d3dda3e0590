"""The command line of ``lint`` laid over the configuration: what is typed wins over what is written down."""

from dockeropt.cli.options import Values
from dockeropt.config.configuration import (
    Configuration,
    requiring_reasons,
    with_additions,
    with_options,
    with_severities,
)
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.errors import UsageError
from dockeropt.report.formats import NAMES

_LEVELS = (Severity.STYLE, Severity.INFO, Severity.WARNING, Severity.ERROR)


def overlay(configuration: Configuration, values: Values) -> Configuration:
    """Return a configuration with the options of the command line laid over it.

    ``--ignore``, ``--trusted-registry`` and ``--require-label`` add to what is written down, ``--select``
    replaces what is selected. Raises UsageError for a
    rule, a label or a format that there is not.
    """
    if configuration.format is not None and configuration.format not in NAMES:
        raise UsageError(
            f"{configuration.path or 'HADOLINT_FORMAT'}: `format` is `{configuration.format}`, which is none",
            f"one of {', '.join(NAMES)}",
        )
    if not any(values.values()):
        return configuration
    return configuration._replace(
        settings=_settings(configuration, values),
        failure_threshold=level(values["failure_threshold"], configuration.failure_threshold),
        report_threshold=level(values["report_threshold"], configuration.report_threshold),
        no_fail=configuration.no_fail or bool(values["no_fail"] or values["exit_zero"]),
        no_color=configuration.no_color or bool(values["no_color"]),
        format=_text(values["format"]) or configuration.format,
    )


def items(value: str | bool | tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the items of an option that takes lists with commas."""
    if not isinstance(value, tuple):
        return ()
    return tuple(item.strip() for part in value for item in part.split(",") if item.strip())


def level(value: str | bool | tuple[str, ...] | None, default: Severity) -> Severity:
    """Return the severity an option names, else the default."""
    if not isinstance(value, str):
        return default
    return Severity.IGNORE if value == "none" else Severity(value)


def _settings(configuration: Configuration, values: Values) -> Settings:
    settings = configuration.settings
    select, ignore = items(values["select"]), items(values["ignore"])
    if select or ignore:
        from dockeropt.config import rule_names

        settings = settings._replace(
            select=rule_names.selected(select) if select else settings.select,
            ignore=settings.ignore | rule_names.ignored(ignore),
        )
    for severity in _LEVELS:
        named = items(values[severity.value])
        if named:
            from dockeropt.config.rule_names import codes

            settings = with_severities(
                settings, dict.fromkeys([code for name in named for code in codes(name)], severity)
            )
    return _with_options(settings, values)


def _with_options(settings: Settings, values: Values) -> Settings:
    registries, labels = items(values["trusted_registry"]), items(values["require_label"])
    if registries:
        settings = with_additions(settings, "trusted", registries)
    if labels:
        from dockeropt.config.label_types import read_labels

        settings = with_additions(settings, "labels", read_labels("--require-label", labels))
    if values["strict_labels"]:
        settings = with_options(settings, "strict", True)
    if values["require_reason"]:
        settings = requiring_reasons(settings)
    if values["disable_ignore_pragma"]:
        settings = settings._replace(takes_comments=False)
    return settings


def _text(value: str | bool | tuple[str, ...] | None) -> str | None:
    return value if isinstance(value, str) else None
