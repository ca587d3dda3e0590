"""What secrets look like: the forms that their makers gave them so that they can be found."""

import re
from functools import lru_cache

from dockeropt.knowledge.words import words
from dockeropt.records import NamedTuple


class Secret(NamedTuple):
    """A secret that stands in a text: where, and what it opens."""

    start: int
    end: int
    holds: str


PASSWORD = "a password"  # noqa: S105 - what a message calls one

_FORMS = (
    ("an AWS access key", r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"),
    ("a GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,})"),
    ("a GitLab token", r"\bgl(?:pat|dt|rt|ptt)-[A-Za-z0-9_-]{20,}"),
    ("a Slack token", r"\bxox[abeprs]-[A-Za-z0-9-]{20,}"),
    ("a Stripe key", r"\b[rs]k_live_[A-Za-z0-9]{20,}"),
    ("a Google API key", r"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    ("an npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("a PyPI token", r"\bpypi-AgE[A-Za-z0-9_-]{40,}"),
    ("a Docker Hub token", r"\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{24,}"),
    ("a Hugging Face token", r"\bhf_[A-Za-z]{34}\b"),
    ("a SendGrid key", r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    ("an API key of OpenAI or Anthropic", r"\bsk-(?:proj|svcacct|ant-api\d\d)-[A-Za-z0-9_-]{32,}"),
    ("a DigitalOcean token", r"\bdo[opr]_v1_[a-f0-9]{64}"),
    ("a private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    (PASSWORD, r"\b[a-z][a-z0-9+.-]*://[^\s/:@'\"$<>{}()|\\]*:(?P<password>[^\s/@'\"$<>{}()|\\]+)@"),
)
_MARKS = (
    "@", "AKIA", "ASIA", "gh", "gl", "xox", "_live_", "AIza", "npm_", "pypi-", "dckr_", "hf_", "SG.", "sk-",
    "_v1_", "-----BEGIN",
)  # fmt: skip
"""one of which stands in every text that the forms can match: looking for them is quicker"""
_PLACEHOLDERS = {
    "",
    *words(
        "build change_me changeme default dummy example fake none noop null pass passwd password placeholder "
        "precompile pwd secret temp temporary test token undefined x-oauth-basic"
    ),
}


def secrets_in(text: str) -> list[Secret]:
    """Return the secrets in a text, but for documentation's own examples and plain placeholders."""
    found: list[Secret] = []
    if not any(mark in text for mark in _MARKS):
        return found
    for match in _pattern().finditer(text):
        number = match.lastindex or 1
        value = match["password"] or match[0]
        if not is_placeholder(value):
            start, end = match.span("password") if match["password"] else match.span()
            found.append(Secret(start, end, _HOLDS[number]))
    return found


def is_placeholder(value: str) -> bool:
    """Tell whether a value stands where a secret would, and opens nothing."""
    return value.lower().strip("*.x") in _PLACEHOLDERS or value.endswith("EXAMPLE")


_HOLDS = {number: holds for number, (holds, _) in enumerate(_FORMS, 1)}


@lru_cache(1)
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"({form})" for _, form in _FORMS))
