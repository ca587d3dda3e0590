"""Names that a user gives for a pipeline: what is none of its kind is refused before it is written anywhere.

A name that passes has no character that a shell, YAML, JSON or HCL could take for its own.
"""

import re
from urllib.parse import urlsplit

from dockeropt.errors import UsageError
from dockeropt.knowledge.aws import DOMAINS, closest_region

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_REPOSITORY = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_BUCKET = re.compile(r"[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+(?:\.\d+){3}")
_SERVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+{_LABEL}", re.IGNORECASE)
_HOST = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)*{_LABEL}", re.IGNORECASE)
_BRANCH = re.compile(r"(?!-|/|\.)(?!.*(?:\.\.|//|@\{|\.lock\Z|/\Z|\.\Z))[^\x00-\x20\x7f~^:?*\[\]\\!]+")
_LONGEST_REPOSITORY = 255


def repository(text: str) -> str:
    """Return a repository's name such as ``team/shop``, without registry and tag."""
    if not _REPOSITORY.fullmatch(text) or len(text) > _LONGEST_REPOSITORY:
        raise _refused("repository", text, "lower case letters, digits, and . _ - / between them: team/shop")
    return text


def region(text: str) -> str:
    """Return an AWS region."""
    if text not in DOMAINS:
        near = closest_region(text)
        hint = "write it as AWS does: eu-west-1" if near is None else f"did you mean {near}?"
        raise UsageError(f"there is no AWS region {_shown(text)}", hint)
    return text


def service(text: str) -> str:
    """Return the name of an ECS service or container."""
    if not _SERVICE.fullmatch(text):
        raise _refused("service", text, "letters, digits, _ and -: shop-web")
    return text


def cluster(text: str) -> str:
    """Return the name of an ECS cluster."""
    if not _SERVICE.fullmatch(text):
        raise _refused("cluster", text, "letters, digits, _ and -: shop")
    return text


def bucket(text: str) -> str:
    """Return the name of an S3 bucket."""
    if not _BUCKET.fullmatch(text) or _ADDRESS.fullmatch(text):
        raise _refused("bucket", text, "3 to 63 lower case letters, digits, - and single dots: shop-assets")
    return text


def domain(text: str) -> str:
    """Return a host name such as ``cdn.example.com``."""
    if not _DOMAIN.fullmatch(text):
        raise _refused("domain", text, "a host name without scheme and path: cdn.example.com")
    return text.lower()


def origin(text: str) -> str:
    """Return an origin as browsers send it: scheme, host, and a port that is not the scheme's own."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _not_an_origin(text) from None
    host = parts.hostname or ""
    rest = parts.path.rstrip("/") or parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or rest or not text.isprintable():
        raise _not_an_origin(text)
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if port in (None, default) else f":{port}")


def branch(text: str) -> str:
    """Return the name of a Git branch that a pipeline may match as it stands."""
    if not _BRANCH.fullmatch(text) or not text.isprintable() or "${{" in text:
        raise _refused("branch", text, "a branch as `git branch` lists it, without patterns: main")
    return text


def path(text: str) -> str:
    """Return a path that one line of a pipeline can hold; a shell gets it quoted."""
    if not text.isprintable():
        raise _refused("path", text, "rename it: a pipeline needs printable characters on one line")
    if "${{" in text:
        raise _refused("path", text, "rename it: GitHub would read ${{ as the start of an expression")
    return text


def _not_an_origin(text: str) -> UsageError:
    return _refused("origin", text, "scheme and host, without a path: https://www.example.com")


def _refused(kind: str, text: str, wanted: str) -> UsageError:
    return UsageError(f"{_shown(text)} is no {kind} a pipeline can name", wanted)


def _shown(text: str) -> str:
    shown = text if text.isprintable() and text else ascii(text)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
