"""What SARIF 2.1.0 allows in the objects we write: an excerpt of the standard, section 3, in our own words.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple


class Kind(NamedTuple):
    """An object's properties and what each holds; ``[x]`` is a list, ``[x]+`` one that is not empty."""

    required: dict[str, str]
    optional: dict[str, str]


KINDS = {
    "log": Kind({"version": "2.1.0", "runs": "[run]"}, {"$schema": "uri"}),
    "run": Kind(
        {"tool": "tool"},
        {
            "columnKind": "utf16CodeUnits|unicodeCodePoints",
            "defaultSourceLanguage": "text",
            "results": "[result]",
        },
    ),
    "tool": Kind({"driver": "component"}, {}),
    "component": Kind(
        {"name": "text"},
        {
            "fullName": "text",
            "shortDescription": "multiformat",
            "downloadUri": "uri",
            "informationUri": "uri",
            "version": "text",
            "semanticVersion": "text",
            "rules": "[rule]",
        },
    ),
    "rule": Kind(
        {"id": "text"},
        {
            "name": "text",
            "shortDescription": "multiformat",
            "fullDescription": "multiformat",
            "help": "multiformat",
            "helpUri": "uri",
            "defaultConfiguration": "configuration",
            "properties": "bag",
        },
    ),
    "multiformat": Kind({"text": "text"}, {"markdown": "text"}),
    "configuration": Kind({}, {"level": "none|note|warning|error"}),
    "result": Kind(
        {"message": "message"},
        {
            "ruleId": "text",
            "ruleIndex": "index",
            "level": "none|note|warning|error",
            "locations": "[location]",
            "relatedLocations": "[location]",
            "fixes": "[fix]",
            "partialFingerprints": "bag",
        },
    ),
    "message": Kind({"text": "text"}, {}),
    "location": Kind({}, {"id": "index", "physicalLocation": "physical", "message": "message"}),
    "physical": Kind({"artifactLocation": "artifact"}, {"region": "region"}),
    "artifact": Kind({}, {"uri": "uri"}),
    "region": Kind(
        {},
        {
            "startLine": "count",
            "startColumn": "count",
            "endLine": "count",
            "endColumn": "count",
            "sourceLanguage": "text",
        },
    ),
    "fix": Kind({"artifactChanges": "[change]+"}, {"description": "message", "properties": "bag"}),
    "change": Kind({"artifactLocation": "artifact", "replacements": "[replacement]+"}, {}),
    "replacement": Kind({"deletedRegion": "region"}, {"insertedContent": "message"}),
}

# RFC 3986: a reference in ASCII whose relative path has no colon in its first segment.
_URI = re.compile(r"(?:[a-z]+:)?(?!//:)(?:[\w.~!$&'()*+,;=@/#?-]|(?<=/):|%[0-9A-F]{2})*", re.ASCII)


def faults(value: Any, kind: str = "log", at: str = "$") -> Iterator[str]:
    """Yield what is wrong with a value that shall be of a kind, each with its place."""
    if kind.startswith("["):
        if not isinstance(value, list) or (kind.endswith("+") and not value):
            yield f"{at} is no list, or empty"
            return
        for number, entry in enumerate(value):
            yield from faults(entry, kind.strip("[]+"), f"{at}[{number}]")
    elif kind in KINDS:
        yield from _object_faults(value, KINDS[kind], at)
    elif not _is_value(value, kind):
        yield f"{at} is {value!r}, not {kind}"


def _object_faults(value: Any, kind: Kind, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at} is no object"
        return
    for missing in kind.required.keys() - value.keys():
        yield f"{at} has no {missing}"
    known = kind.required | kind.optional
    for key, entry in value.items():
        if key in known:
            yield from faults(entry, known[key], f"{at}.{key}")
        else:
            yield f"{at} has an unknown {key}"


def _is_value(value: Any, kind: str) -> bool:
    match kind:
        case "text":
            return isinstance(value, str)
        case "uri":
            return isinstance(value, str) and _URI.fullmatch(value) is not None
        case "index":
            return isinstance(value, int) and value >= 0
        case "count":
            return isinstance(value, int) and value >= 1
        case "bag":
            return isinstance(value, dict)
    return value in kind.split("|")
