"""Diagnostics as SARIF 2.1.0, as GitHub code scanning, Azure DevOps and editors read it."""

import json
import os
from collections.abc import Iterable
from urllib.parse import quote

from dockeropt import __version__
from dockeropt.diagnostics.diagnostic import Diagnostic, Severity
from dockeropt.diagnostics.finding import Applicability, Fix, Related
from dockeropt.report.characters import is_well_formed, well_formed
from dockeropt.report.documentation import PROJECT, page_of, url_of
from dockeropt.report.fingerprint import with_fingerprints
from dockeropt.report.place import Place, place_of
from dockeropt.syntax.source import Source, Span

Object = dict[str, object]

_DOCKERFILE, _SHELL = "dockerfile", "sh"

_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.STYLE: "note",
    Severity.IGNORE: "note",
}
_TAGS = {
    "DO1": "cache",
    "DO2": "size",
    "DO3": "runtime",
    "DO4": "security",
    "DO5": "context",
    "DO7": "build",
    "SC": "shell",
}


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a log of one run; columns are code points.

    ``fixes`` are those whose applicability is unsafe or safe: a tool may apply what it finds there.
    Paths become URIs byte by byte, so that those that are not UTF-8 stay what they are.
    """
    found = tuple(diagnostics)
    examples: dict[str, Diagnostic] = {}
    for diagnostic in found:
        examples.setdefault(diagnostic.code, diagnostic)
    indexes = {code: index for index, code in enumerate(examples)}
    run: Object = {
        "tool": {
            "driver": {
                "name": "dockeropt",
                "fullName": f"dockeropt {__version__}",
                "shortDescription": {
                    "text": "Make Docker images small and their rebuilds fast, and prove it."
                },
                "informationUri": PROJECT,
                "downloadUri": PROJECT,
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(diagnostic) for diagnostic in examples.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "defaultSourceLanguage": _DOCKERFILE,
        "results": [
            _result(diagnostic, indexes[diagnostic.code], fingerprint)
            for diagnostic, fingerprint in with_fingerprints(found)
        ],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rule(diagnostic: Diagnostic) -> Object:
    """Return what the log says about the rule of a diagnostic, once."""
    code, url = diagnostic.code, url_of(diagnostic.code)
    rule: Object = {"id": code, "name": diagnostic.slug}
    page = page_of(code)
    if page is None:
        rule["shortDescription"] = {"text": diagnostic.slug.replace("-", " ")}
        rule["help"] = {"text": f"See {url}", "markdown": f"[{code}]({url})"}
    else:
        rule["shortDescription"] = {"text": page.summary}
        rule["fullDescription"] = {"text": page.description}
        rule["help"] = {"text": f"{page.description} See {url}", "markdown": page.markdown}
    rule["helpUri"] = url
    rule["defaultConfiguration"] = {"level": _LEVELS[diagnostic.severity]}
    tags = [tag for prefix, tag in _TAGS.items() if code.startswith(prefix)]
    rule["properties"] = {"tags": tags, "aliases": list(diagnostic.aliases)}
    return rule


def _result(diagnostic: Diagnostic, index: int, fingerprint: str) -> Object:
    source, finding = diagnostic.source, diagnostic.finding
    language = _SHELL if diagnostic.code.startswith("SC") else _DOCKERFILE
    result: Object = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": well_formed(finding.message)},
        "locations": [{"physicalLocation": _physical(source, finding.span, language)}],
        "partialFingerprints": {"dockeroptFinding/v1": fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            _related(source, related, number) for number, related in enumerate(finding.related, 1)
        ]
    if finding.fix is not None and _is_applicable(finding.fix):
        result["fixes"] = [_fix(source, finding.fix)]
    return result


def _related(source: Source, related: Related, number: int) -> Object:
    return {
        "id": number,
        "physicalLocation": _physical(source, related.span, _DOCKERFILE),
        "message": {"text": well_formed(related.message)},
    }


def _is_applicable(fix: Fix) -> bool:
    return (
        fix.applicability > Applicability.DISPLAY
        and bool(fix.edits)
        and all(is_well_formed(edit.replacement) for edit in fix.edits)
    )


def _fix(source: Source, fix: Fix) -> Object:
    replacements: list[Object] = []
    for span, replacement in fix.edits:
        start, end = source.position(span.start), source.position(span.end)
        change: Object = {"deletedRegion": _region(Place(*start, *end))}
        if replacement:
            change["insertedContent"] = {"text": replacement}
        replacements.append(change)
    return {
        "description": {"text": well_formed(fix.title)},
        "artifactChanges": [{"artifactLocation": _artifact(source), "replacements": replacements}],
        "properties": {"applicability": fix.applicability.name.lower()},
    }


def _physical(source: Source, span: Span, language: str) -> Object:
    region = {**_region(place_of(source, span)), "sourceLanguage": language}
    return {"artifactLocation": _artifact(source), "region": region}


def _region(place: Place) -> Object:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _artifact(source: Source) -> Object:
    """Return where the file is; a relative path stays relative to where the command ran."""
    path = source.path.replace(os.sep, "/")
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # no bytes at all but half a character, as Windows allows in names
        data = path.encode("utf-8", "surrogatepass")
    if not os.path.isabs(source.path):
        return {"uri": quote(data)}
    root = "file://" if path.startswith("/") else "file:///"
    return {"uri": root + quote(data, safe="/:")}
