"""hadolint's own configuration: .hadolint.yaml and the variables HADOLINT_*, with hadolint's meaning."""

from collections.abc import Mapping

from dockeropt.config import rule_names
from dockeropt.config.configuration import (
    Configuration,
    is_at_least,
    with_additions,
    with_options,
    with_severities,
)
from dockeropt.config.label_types import read_labels, schema_of
from dockeropt.config.own import names
from dockeropt.config.settings import Settings
from dockeropt.config.table import LEVELS, Table
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.errors import UsageError

KEYS = frozenset(
    (
        "disable-ignore-pragma",
        "failure-threshold",
        "format",
        "ignored",
        "label-schema",
        "no-color",
        "no-fail",
        "override",
        "strict-labels",
        "trustedRegistries",
    )
)
_LEVELS = ("error", "warning", "info", "style")
_TRUE = frozenset(("1", "y", "yes", "true", "on"))
_FALSE = frozenset(("", "0", "n", "no", "false", "off"))
PREFIX = "HADOLINT_"


def read(table: Table, folder: str) -> Configuration:
    """Return the configuration of a .hadolint.yaml; raises UsageError that names file and key."""
    table.refuse_other_keys(KEYS)
    override = table.table("override")
    override.refuse_other_keys(_LEVELS)
    severities: dict[str, Severity] = {}
    for word in reversed(_LEVELS):
        for name in names(override, word):
            severities.update(dict.fromkeys(rule_names.codes(name), LEVELS[word]))
    settings = Settings(
        ignore=names(table, "ignored"),
        severities=severities,
        takes_comments=not table.flag("disable-ignore-pragma"),
    )
    if "trustedRegistries" in table.values:
        settings = with_options(settings, "trusted", table.texts("trustedRegistries", takes_one=True))
    if "label-schema" in table.values:
        settings = with_options(settings, "labels", schema_of(table.table("label-schema")))
    if "strict-labels" in table.values:
        settings = with_options(settings, "strict", table.flag("strict-labels"))
    return Configuration(
        path=table.file,
        folder=folder,
        settings=settings,
        # hadolint does not fail on findings of the level style unless it is told to.
        failure_threshold=table.level("failure-threshold") or Severity.INFO,
        no_fail=table.flag("no-fail"),
        format=table.text("format"),
        no_color=table.flag("no-color"),
    )


def with_environment(configuration: Configuration, environment: Mapping[str, str]) -> Configuration:
    """Return a configuration with hadolint's variables laid over it; raises UsageError naming a wrong one.

    As in hadolint lists are added to those of the file, of two severities the worse one counts, and what the
    file switches on stays on.
    """
    if not any(name.startswith(PREFIX) for name in environment):
        return configuration
    settings = configuration.settings
    for word in reversed(_LEVELS):
        name = f"{PREFIX}OVERRIDE_{word.upper()}"
        for code in _codes(environment, name):
            before = configuration.settings.severities.get(code)
            if before is None or is_at_least(LEVELS[word], before):
                settings = with_severities(settings, {code: LEVELS[word]})
    settings = settings._replace(
        ignore=settings.ignore | frozenset(code.lower() for code in _codes(environment, f"{PREFIX}IGNORE"))
    )
    registries = _items(environment, f"{PREFIX}TRUSTED_REGISTRIES")
    if registries:
        settings = with_additions(settings, "trusted", registries)
    labels = _items(environment, f"{PREFIX}REQUIRE_LABELS")
    if labels:
        schema = read_labels(f"{PREFIX}REQUIRE_LABELS", labels)
        settings = with_additions(settings, "labels", schema)
    strict = _flag(environment, f"{PREFIX}STRICT_LABELS")
    if strict:
        settings = with_options(settings, "strict", True)
    silenced = _flag(environment, f"{PREFIX}DISABLE_IGNORE_PRAGMA")
    if silenced:
        settings = settings._replace(takes_comments=False)
    no_fail = _flag(environment, f"{PREFIX}NOFAIL")
    return configuration._replace(
        settings=settings,
        no_fail=configuration.no_fail or bool(no_fail),
        failure_threshold=_level(environment, configuration.failure_threshold),
        format=environment.get(f"{PREFIX}FORMAT") or configuration.format,
    )


def _items(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in environment.get(name, "").split(",") if item.strip())


def _codes(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    try:
        return tuple(code for item in _items(environment, name) for code in rule_names.codes(item))
    except UsageError as error:
        raise UsageError(f"{name}: {error.message}", error.hint) from error


def _flag(environment: Mapping[str, str], name: str) -> bool | None:
    value = environment.get(name)
    if value is None:
        return None
    if value.lower() not in _TRUE | _FALSE:
        raise UsageError(f"{name} is `{value}`, neither yes nor no", "set it to 1, or unset it")
    return value.lower() in _TRUE


def _level(environment: Mapping[str, str], default: Severity) -> Severity:
    name = f"{PREFIX}FAILURE_THRESHOLD"
    word = environment.get(name)
    if not word:
        return default
    if word.lower() not in LEVELS:
        raise UsageError(f"{name} is `{word}`, which is no level", f"one of {', '.join(LEVELS)}")
    return LEVELS[word.lower()]
