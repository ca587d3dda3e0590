"""dockeropt.toml and the table [tool.dockeropt] of pyproject.toml."""

from collections.abc import Mapping

from dockeropt.checks.registry import find
from dockeropt.checks.rule import Options, Rule
from dockeropt.config import rule_names
from dockeropt.config.configuration import (
    Configuration,
    PathSettings,
    requiring_reasons,
    with_options,
)
from dockeropt.config.label_types import schema_of
from dockeropt.config.settings import Settings
from dockeropt.config.table import Table
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.errors import UsageError

KEYS = frozenset(
    (
        "baseline",
        "disable-ignore-pragma",
        "error-if-wasted",
        "exclude",
        "failure-threshold",
        "format",
        "gate",
        "ignore",
        "label-schema",
        "no-color",
        "no-fail",
        "per-path",
        "report-threshold",
        "require-reason",
        "rules",
        "select",
        "severities",
        "strict-labels",
        "trusted-registries",
    )
)


def read(table: Table, folder: str) -> Configuration:
    """Return the configuration of a table of ours; raises UsageError that names file and key."""
    table.refuse_other_keys(KEYS)
    settings = Settings(
        select=names(table, "select", is_selection=True),
        ignore=names(table, "ignore"),
        severities=_severities(table.table("severities")),
        takes_comments=not table.flag("disable-ignore-pragma"),
    )
    if "trusted-registries" in table.values:
        settings = with_options(settings, "trusted", table.texts("trusted-registries", takes_one=True))
    if "label-schema" in table.values:
        settings = with_options(settings, "labels", schema_of(table.table("label-schema")))
    if "strict-labels" in table.values:
        settings = with_options(settings, "strict", table.flag("strict-labels"))
    settings = settings._replace(options=_options(table.table("rules"), settings.options))
    if table.flag("require-reason"):
        settings = requiring_reasons(settings)
    return Configuration(
        path=table.file,
        folder=folder,
        settings=settings,
        per_path=_per_path(table.table("per-path")),
        exclude=table.texts("exclude"),
        failure_threshold=table.level("failure-threshold") or Severity.IGNORE,
        report_threshold=table.level("report-threshold") or Severity.IGNORE,
        no_fail=table.flag("no-fail"),
        format=table.text("format"),
        no_color=table.flag("no-color"),
        baseline=table.text("baseline"),
        error_if_wasted=table.percent("error-if-wasted"),
    )


def names(table: Table, key: str, is_selection: bool = False) -> frozenset[str]:
    """Return the rule names of a list; raises UsageError for a name that no rule has."""
    given = table.texts(key)
    try:
        return rule_names.selected(given) if is_selection else rule_names.ignored(given)
    except UsageError as error:
        raise table.wrong(key, f"names a rule that is not: {error.message}", error.hint) from error


def codes(table: Table, key: str) -> tuple[str, ...]:
    """Return the codes a key itself means; raises UsageError where no rule has such a name."""
    try:
        return rule_names.codes(key)
    except UsageError as error:
        raise UsageError(f"{table.file}: `{table.place}{key}`: {error.message}", error.hint) from error


def _severities(table: Table) -> dict[str, Severity]:
    found: dict[str, Severity] = {}
    # A family first, so that a code said beside it wins whatever the order.
    for name in sorted(table.names(), key=len):
        level = table.level(name)
        named = codes(table, name)
        for code in named:
            rule = find(code)
            is_off = rule is not None and rule.severity is Severity.IGNORE
            # A family's severity does not switch on what is off by default.
            if level is not None and not (is_off and len(named) > 1):
                found[code] = level
    return found


def _per_path(table: Table) -> tuple[PathSettings, ...]:
    found: list[PathSettings] = []
    for pattern in table.names():
        inner = table.table(pattern)
        inner.refuse_other_keys(("ignore", "select", "severities"))
        found.append(
            PathSettings(
                pattern,
                names(inner, "select", is_selection=True),
                names(inner, "ignore"),
                _severities(inner.table("severities")),
            )
        )
    return tuple(found)


def _options(table: Table, before: Mapping[str, Options]) -> dict[str, Options]:
    """Return the options of the tables ``rules.CODE``, laid over those already there."""
    found = {code: dict(options) for code, options in before.items()}
    for name in table.names():
        inner = table.table(name)
        for code in codes(table, name):
            rule = find(code)
            if rule is None:
                continue
            inner.refuse_other_keys(rule.options)
            own = found.setdefault(code, {})
            for key in inner.names():
                own[key] = _option(inner, key, rule)
    return found


def _option(table: Table, key: str, rule: Rule) -> str | int | bool | tuple[str, ...]:
    """Return a rule's option, which must be of the type of its default."""
    default = rule.options[key]
    if isinstance(default, bool):
        return table.flag(key)
    if isinstance(default, tuple):
        return table.texts(key)
    if isinstance(default, str):
        return table.text(key) or ""
    value = table.values[key]
    if isinstance(value, bool) or not isinstance(value, int):
        raise table.wrong(key, "must be a whole number")
    return value
