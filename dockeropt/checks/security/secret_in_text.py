"""DO4003, DO4010: a secret is written into the Dockerfile."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from dockeropt.checks.packages.invocations import every_invocation
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.security.secret_variable import is_secret_name
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.secrets import PASSWORD, forms_in, is_placeholder, secrets_in
from dockeropt.semantics.build import Build
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Word

_SHOWN = 4
"""characters of a secret that a message may tell"""


def check_secret(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each text that has the form its maker gave to a secret."""
    for span, shown, holds in _forms(build):
        if holds != PASSWORD:
            yield Finding(
                span,
                f"`{shown}…` is {holds}, which everyone who has this file or the image can read; "
                "revoke it, and hand the next one over at run time or by RUN --mount=type=secret",
            )


def check_password(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each password in an address, and each value that a RUN gives to a secret's name."""
    forms = _forms(build)
    for span, _shown, holds in forms:
        if holds == PASSWORD:
            yield Finding(
                span,
                "the password in this address can be read by everyone who has this file or the image; "
                "hand the address over at run time, or to a build step by RUN --mount=type=secret",
            )
    known = sorted(span.start for span, _shown, _holds in forms)
    for invocation in every_invocation(build):
        command = invocation.command
        exported = command.words if command.name in ("export", "declare") else ()
        for word in (*command.assignments, *exported):
            name, _equals, value = word.value.partition("=")
            if _gives_secret(name, value) and not _has_one(word, known):
                yield Finding(
                    _before_value(word, name),
                    f"the value of `{name}` is in the image's history for everyone to read; "
                    f"use RUN --mount=type=secret,id={name.lower()},env={name}",
                )


@lru_cache(1)
def _forms(build: Build) -> tuple[tuple[Span, str, str], ...]:
    """Return place, beginning and kind of each secret in the instructions."""
    found: list[tuple[Span, str, str]] = []
    forms = forms_in(build.dockerfile.source.text)
    for instruction in build.dockerfile.instructions if forms else ():
        for text in (instruction.body, *(heredoc.body for heredoc in instruction.heredocs)):
            for start, end, holds in secrets_in(text.text, forms):
                shown = text.text[start : min(end, start + _SHOWN)]
                found.append((text.to_source(Span(start, end)), shown, holds))
    return tuple(found)


def _has_one(word: Word, known: list[int]) -> bool:
    """Tell whether one of the offsets, which are in order, lies in a word."""
    at = bisect_left(known, word.span.start)
    return at < len(known) and known[at] < word.span.end


def _gives_secret(name: str, value: str) -> bool:
    """Tell whether a value written out is assigned to a name that says it is a secret."""
    return (
        name.isupper()
        and not is_placeholder(value)
        and not set("$`*<>{}").intersection(value)
        and is_secret_name(name, value)
    )


def _before_value(word: Word, name: str) -> Span:
    return Span(word.span.start, word.span.start + len(name)) if word.raw.startswith(name) else word.span


RULES = (
    Rule(
        "DO4003",
        "secret-in-text",
        Severity.ERROR,
        Build,
        check_secret,
        aliases=("c3e1b6ae", "secrets-in-code"),
    ),
    Rule("DO4010", "password-in-text", Severity.WARNING, Build, check_password),
)
