"""From a source to its diagnostics: parse, resolve, one walk over the rules' subjects."""

from typing import TYPE_CHECKING, Any

from dockeropt.checks.registry import rules_for
from dockeropt.checks.rule import Options, Rule
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.diagnostics.suppressions import NONE
from dockeropt.diagnostics.suppressions import read as read_suppressions
from dockeropt.errors import InternalError
from dockeropt.lint.declared_shells import with_declared_shells
from dockeropt.lint.watch import Watch
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build, Stage
from dockeropt.semantics.context import Context
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.instructions import From
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source
from dockeropt.syntax.tree import Dockerfile

if TYPE_CHECKING:
    from dockeropt.shellcheck.checker import ShellCheck

DEFAULTS = Settings()


def lint_source(
    source: Source,
    settings: Settings = DEFAULTS,
    context: Context | None = None,
    shellcheck: "ShellCheck | None" = None,
) -> tuple[Diagnostic, ...]:
    """Return what the rules find in a Dockerfile, in the order of the text.

    ``context`` is what COPY can see; without it the rules that need one are silent, as are ShellCheck's
    without ``shellcheck``. Raises InternalError when a rule fails, naming it.
    """
    return lint_build(read_build(source, context), settings, shellcheck)


def read_build(source: Source, context: Context | None = None) -> Build:
    """Return the build of a source as the rules see it."""
    return build_of(parse(source), context)


def build_of(dockerfile: Dockerfile, context: Context | None = None) -> Build:
    """Return the build of a Dockerfile that is read already, as the rules see it."""
    return with_declared_shells(resolve(dockerfile, {}, context))


def lint_build(
    build: Build, settings: Settings = DEFAULTS, shellcheck: "ShellCheck | None" = None
) -> tuple[Diagnostic, ...]:
    """Return what the rules find in a build; ``lint_source`` says the rest."""
    source = build.dockerfile.source
    suppressions = read_suppressions(build.dockerfile) if settings.takes_comments else NONE
    subjects = _subjects(build)
    if not settings.wants_shellcheck():
        shellcheck = None
    watch = Watch(suppressions, settings, build) if suppressions.entries else None
    wishes = _wishes(settings)
    found: list[Diagnostic] = []
    for rule in rules_for(build.dockerfile):
        things = subjects.get(rule.subject)
        if things is None:
            continue
        code = rule.code
        wish = wishes.get(code)
        if wish is None:
            wish = wishes[code] = _wish(rule, settings)
        if not wish.is_wanted and (watch is None or not watch.names(rule)):
            continue
        findings = _findings(rule, things, build, wish.options)
        if findings and watch is not None:
            findings = [finding for finding in findings if not watch.hides(rule, finding)]
        if findings and wish.is_wanted:
            found += [_diagnostic(rule, wish, source, finding) for finding in findings]
    if shellcheck is not None:
        found += [
            Diagnostic(foreign.code, foreign.slug, (), settings.severity_of(foreign), source, finding)
            for foreign, finding in shellcheck.findings(build)
            if (watch is None or not watch.hides(foreign, finding)) and settings.wants(foreign)
        ]
        if watch is not None:
            watch.judges_shellcheck = not shellcheck.has_problems
    if watch is not None:
        for rule in watch.rules:
            wish = _wish(rule, settings)
            found += [
                _diagnostic(rule, wish, source, finding)
                for finding in _findings(rule, watch.uses(), build, wish.options)
                if not watch.hides(rule, finding)
            ]
    found.sort(key=_place)
    return tuple(found)


class _Wish(NamedTuple):
    """What the settings say of a rule."""

    is_wanted: bool
    severity: Severity
    options: Options


def _wish(rule: Rule, settings: Settings) -> _Wish:
    options = rule.options | settings.options.get(rule.code, {})
    return _Wish(settings.wants(rule), settings.severity_of(rule), options)


_latest: list[tuple[Settings, dict[str, _Wish]]] = []
"""the settings asked for last, and their wishes by code: a run has one for nearly all of its files"""


def _wishes(settings: Settings) -> dict[str, _Wish]:
    if not _latest or _latest[0][0] is not settings:
        _latest[:] = [(settings, {})]
    return _latest[0][1]


def _diagnostic(rule: Rule, wish: _Wish, source: Source, finding: Finding) -> Diagnostic:
    return Diagnostic(rule.code, rule.slug, rule.aliases, wish.severity, source, finding)


def _place(diagnostic: Diagnostic) -> tuple[int, str, int]:
    span = diagnostic.finding.span
    return span.start, diagnostic.code, span.end


def _subjects(build: Build) -> dict[type, list[Any]]:
    """Return everything a rule can look at, by its type."""
    subjects: dict[type, list[Any]] = {
        Dockerfile: [build.dockerfile],
        Build: [build],
        Stage: list(build.stages),
        From: [stage.start for stage in build.stages],
    }
    for stage in build.stages:
        for view in stage.views:
            subjects.setdefault(type(view), []).append(view)
    return subjects


def _findings(rule: Rule, things: list[Any], build: Build, options: Options) -> list[Finding]:
    check = rule.check
    found: list[Finding] = []
    try:
        for thing in things:
            found += check(thing, build, options)
    except Exception as error:
        raise InternalError(
            f"rule {rule.code} failed on {build.dockerfile.source.path}: {type(error).__name__}: {error}",
            f"please report it with the file; until then: dockeropt lint --ignore {rule.code}",
        ) from error
    return found
