"""DL3049 to DL3056 and DL3058: labels as a team's rules want them.

All of them are silent until the option ``labels`` is given, or ``strict``: then no label is allowed.
"""

import re
from collections.abc import Callable, Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Label, Pair

_NUMBER = r"(?:0|[1-9][0-9]*)"
_PART = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_DATE = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
_FORMS = {
    "url": (r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#]+[^\s]*", "a URL", "https://example.com/shop"),
    "rfc3339": (
        _DATE + r"[Tt ]" + _CLOCK,
        "a time as RFC 3339 writes it",
        "2026-11-23T08:00:00Z",
    ),
    "hash": (r"[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{7}", "a git commit", "the output of git rev-parse HEAD"),
    "semver": (
        rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_PART}(?:\.{_PART})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
        "a semantic version",
        "1.4.0",
    ),
    "email": (r"[^\s@<>\"]+@[^\s@<>\".]+(?:\.[^\s@<>\".]+)+", "an e-mail address", "shop@example.com"),
}
_ANY = "text"


def check_missing(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every label of the schema that the image does not get from this file."""
    schema, final = _schema(options), build.final_stage
    if not schema or final is None:
        return
    given = {
        pair.key.value
        for stage in build.lineage(final)
        for view in stage.views
        if isinstance(view, Label)
        for pair in view.pairs
    }
    for key, kind in schema.items():
        if key not in given:
            yield Finding(
                final.start.instruction.keyword_span,
                f"the label `{key}` ({kind}) is missing; add LABEL {key}=…",
            )


def check_superfluous(label: Label, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every label that the schema does not name, where it is strict."""
    if options["strict"] is not True:
        return
    schema = _schema(options)
    for pair in label.pairs:
        if pair.key.value not in schema:
            yield Finding(pair.key.span, f"the label `{pair.key.value}` is not in the schema; remove it")


def check_empty(label: Label, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every label of the schema with an empty value."""
    for pair, value, _ in _labels(label, build, options):
        if not value:
            yield Finding(pair.span, f"the label `{pair.key.value}` is empty; give it a value")


def _check_form(kind: str) -> Callable[[Label, Build, Options], Iterator[Finding]]:
    """Return a check for the labels that the schema wants in one form."""

    def check(label: Label, build: Build, options: Options) -> Iterator[Finding]:
        for pair, value, wanted in _labels(label, build, options):
            if wanted != kind or not value:
                continue
            if kind == "spdx":
                from dockeropt.knowledge.licences import is_licence_expression

                is_good, meaning, example = is_licence_expression(value), "an SPDX licence", "Apache-2.0"
            else:
                form, meaning, example = _FORMS[kind]
                is_good = re.fullmatch(form, value) is not None
            if not is_good:
                span = pair.span if pair.value is None else pair.value.span
                yield Finding(
                    span,
                    f"`{value}` in the label `{pair.key.value}` is not {meaning}; write it like {example}",
                )

    return check


def _labels(label: Label, build: Build, options: Options) -> Iterator[tuple[Pair, str, str]]:
    """Yield the labels of the schema with value and kind, but for values that a variable leaves open."""
    schema = _schema(options)
    for pair in label.pairs if schema else ():
        kind = schema.get(pair.key.value)
        if kind is not None:
            value = build.expand(pair.value, label).text if pair.value is not None else ""
            if "$" not in value:
                yield pair, value, kind


def _schema(options: Options) -> dict[str, str]:
    """Return the kinds of labels by their keys, out of an option ``key:kind,…``."""
    labels = options["labels"]
    pairs = [entry.rpartition(":") for entry in labels] if isinstance(labels, tuple) else []
    return {key or kind: kind if key else _ANY for key, _, kind in pairs if key or kind}


_OPTIONS: Options = {"labels": ()}

RULES = (
    Rule("DL3049", "missing-label", Severity.INFO, Build, check_missing, _OPTIONS),
    Rule(
        "DL3050", "superfluous-label", Severity.INFO, Label, check_superfluous, _OPTIONS | {"strict": False}
    ),
    Rule("DL3051", "empty-label", Severity.WARNING, Label, check_empty, _OPTIONS),
    Rule("DL3052", "label-without-url", Severity.WARNING, Label, _check_form("url"), _OPTIONS),
    Rule("DL3053", "label-without-time", Severity.WARNING, Label, _check_form("rfc3339"), _OPTIONS),
    Rule("DL3054", "label-without-licence", Severity.WARNING, Label, _check_form("spdx"), _OPTIONS),
    Rule("DL3055", "label-without-commit", Severity.WARNING, Label, _check_form("hash"), _OPTIONS),
    Rule("DL3056", "label-without-version", Severity.WARNING, Label, _check_form("semver"), _OPTIONS),
    Rule("DL3058", "label-without-address", Severity.WARNING, Label, _check_form("email"), _OPTIONS),
)
