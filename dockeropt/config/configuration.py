"""What a configuration file, the environment and the command line ask for together."""

from collections.abc import Mapping

from dockeropt.checks.rule import Options
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.records import NamedTuple

REASON_RULE = "DO6002"
"""the rule that ``require-reason`` switches on"""


class PathSettings(NamedTuple):
    """What holds for the files a pattern covers, laid over what holds for all."""

    pattern: str
    """as in .gitignore, relative to the configuration's folder"""
    select: frozenset[str]
    ignore: frozenset[str]
    severities: Mapping[str, Severity]


class Configuration(NamedTuple):
    """Everything that is configured for a Dockerfile; the defaults are those without any file."""

    path: str = ""
    """the file it was read from, empty for none"""
    folder: str = ""
    """absolute; patterns and the baseline are relative to it"""
    settings: Settings = Settings()
    per_path: tuple[PathSettings, ...] = ()
    exclude: tuple[str, ...] = ()
    """patterns of files that a search of a folder leaves out"""
    failure_threshold: Severity = Severity.IGNORE
    """findings below it do not fail the run"""
    report_threshold: Severity = Severity.IGNORE
    """findings below it are not shown"""
    no_fail: bool = False
    format: str | None = None
    no_color: bool = False
    baseline: str | None = None
    error_if_wasted: int | None = None
    """with a history: from how many of 100 commits on a step that ran for nothing is an error"""

    def settings_for(self, path: str) -> Settings:
        """Return the settings for a file by its absolute path."""
        settings = self.settings
        below = self.folder.rstrip("/") + "/"
        if not self.per_path or not path.startswith(below):
            return settings
        from dockeropt.config.path_patterns import covers

        relative = path[len(below) :]
        for pattern, select, ignore, severities in self.per_path:
            if covers(pattern, relative):
                settings = settings._replace(
                    select=select or settings.select,
                    ignore=settings.ignore | ignore,
                    severities={**settings.severities, **severities},
                )
        return settings

    def excludes(self, path: str) -> bool:
        """Tell whether a search leaves this file out, by its absolute path."""
        below = self.folder.rstrip("/") + "/"
        if not self.exclude or not path.startswith(below):
            return False
        from dockeropt.config.path_patterns import covers

        return any(covers(each, path[len(below) :]) for each in self.exclude)

    def fails(self, severity: Severity) -> bool:
        """Tell whether a finding of this severity fails the run."""
        return not self.no_fail and is_at_least(severity, self.failure_threshold)

    def shows(self, severity: Severity) -> bool:
        """Tell whether a finding of this severity is shown."""
        return is_at_least(severity, self.report_threshold)


_WORST_FIRST = tuple(Severity)


def is_at_least(severity: Severity, threshold: Severity) -> bool:
    """Tell whether a severity is as bad as the threshold or worse."""
    return _WORST_FIRST.index(severity) <= _WORST_FIRST.index(threshold)


def with_options(settings: Settings, name: str, value: str | int | bool | tuple[str, ...]) -> Settings:
    """Return the settings with an option set for every rule that has one of this name."""
    from dockeropt.checks.registry import rules

    options: dict[str, Options] = {code: dict(each) for code, each in settings.options.items()}
    for rule in rules():
        if name in rule.options:
            options.setdefault(rule.code, {})[name] = value
    return settings._replace(options=options)


def with_additions(settings: Settings, name: str, values: tuple[str, ...]) -> Settings:
    """Return the settings with further values in a list that is an option of every rule that has it."""
    from dockeropt.checks.registry import rules

    options: dict[str, Options] = {code: dict(each) for code, each in settings.options.items()}
    for rule in rules():
        if name in rule.options:
            own = options.setdefault(rule.code, {})
            before = own.get(name, rule.options[name])
            own[name] = (*(before if isinstance(before, tuple) else ()), *values)
    return settings._replace(options=options)


def with_severities(settings: Settings, severities: Mapping[str, Severity]) -> Settings:
    """Return the settings with further severities, which win over those before."""
    return settings._replace(severities={**settings.severities, **severities}) if severities else settings


def requiring_reasons(settings: Settings) -> Settings:
    """Return the settings with the rule on that wants a reason for every ignored finding."""
    if settings.severities.get(REASON_RULE, Severity.IGNORE) is not Severity.IGNORE:
        return settings
    settings = with_severities(settings, {REASON_RULE: Severity.WARNING})
    if settings.select:
        return settings._replace(select=settings.select | {REASON_RULE.lower()})
    return settings
