"""What secrets look like: the forms that their makers gave them so that they can be found."""

import re

from dockeropt.knowledge.words import words
from dockeropt.records import NamedTuple


class Secret(NamedTuple):
    """A secret that stands in a text: where, and what it opens."""

    start: int
    end: int
    holds: str


class Form(NamedTuple):
    """How a kind of secret is made up: the text it begins with, and what must follow."""

    beginnings: tuple[str, ...]
    rest: str
    holds: str
    needed: str = ""
    """what else stands in a text that has one"""


PASSWORD = "a password"  # noqa: S105 - what a message calls one

_FORMS = (
    Form(("AKIA", "ASIA"), r"[A-Z2-7]{16}\b", "an AWS access key"),
    Form(("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"[A-Za-z0-9]{36}", "a GitHub token"),
    Form(("github_pat_",), r"[A-Za-z0-9_]{22,}", "a GitHub token"),
    Form(("glpat-", "gldt-", "glrt-", "glptt-"), r"[A-Za-z0-9_-]{20,}", "a GitLab token"),
    Form(("xoxa-", "xoxb-", "xoxe-", "xoxp-", "xoxr-", "xoxs-"), r"[A-Za-z0-9-]{20,}", "a Slack token"),
    Form(("sk_live_", "rk_live_"), r"[A-Za-z0-9]{20,}", "a Stripe key"),
    Form(("AIza",), r"[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])", "a Google API key"),
    Form(("npm_",), r"[A-Za-z0-9]{36}\b", "an npm token"),
    Form(("pypi-AgE",), r"[A-Za-z0-9_-]{40,}", "a PyPI token"),
    Form(("dckr_pat_", "dckr_oat_"), r"[A-Za-z0-9_-]{24,}", "a Docker Hub token"),
    Form(("hf_",), r"[A-Za-z]{34}\b", "a Hugging Face token"),
    Form(("SG.",), r"[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}", "a SendGrid key"),
    Form(("sk-proj-", "sk-svcacct-"), r"[A-Za-z0-9_-]{32,}", "an OpenAI key"),
    Form(("sk-ant-",), r"[A-Za-z0-9_-]{40,}", "an Anthropic key"),
    Form(("dop_v1_", "doo_v1_", "dor_v1_"), r"[a-f0-9]{64}", "a DigitalOcean token"),
    Form(("-----BEGIN ",), r"(?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----", "a private key"),
    Form(("://",), r"[^\s/:@'\"$<>{}()|\\]*:(?P<password>[^\s/@'\"$<>{}()|\\]+)@", PASSWORD, "@"),
)
_PLACEHOLDERS = {
    "",
    *words(
        "build change_me changeme default dummy example fake none noop null pass passwd password placeholder "
        "precompile pwd secret temp temporary test token undefined x-oauth-basic"
    ),
}


def forms_in(text: str) -> tuple[tuple[str, Form], ...]:
    """Return the beginnings of secrets that a text has, each with its form: a quick look at a whole file."""
    return tuple(
        (beginning, form)
        for form in _FORMS
        for beginning in form.beginnings
        if beginning in text and form.needed in text
    )


def secrets_in(text: str, forms: tuple[tuple[str, Form], ...]) -> list[Secret]:
    """Return the secrets of these forms, but for documentation's own examples and plain placeholders."""
    found: list[Secret] = []
    for beginning, form in forms:
        if beginning not in text or form.needed not in text:
            continue
        for match in re.finditer(re.escape(beginning) + form.rest, text):
            start, end = match.span("password") if form.holds == PASSWORD else match.span()
            before = text[start - 1 : start]
            if before.isalnum() or is_placeholder(text[start:end]):
                continue
            found.append(Secret(start, end, form.holds))
    return found


def is_placeholder(value: str) -> bool:
    """Tell whether a value stands where a secret would, and opens nothing."""
    return value.lower().strip("*.x") in _PLACEHOLDERS or value.endswith("EXAMPLE")
