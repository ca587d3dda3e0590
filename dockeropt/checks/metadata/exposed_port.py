"""DL3011, ExposeProtoCasing, ExposeInvalidFormat: what EXPOSE cannot say."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import replace_word
from dockeropt.syntax.instructions import Expose
from dockeropt.syntax.tree import Word

_HIGHEST = 65535


def check_range(expose: Expose, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every port above 65535."""
    for word, text in _ports(expose, build):
        numbers = text.rpartition(":")[2].partition("/")[0].split("-")
        if any(number.isdecimal() and int(number[:9]) > _HIGHEST for number in numbers):
            yield Finding(
                word.span, f"there is no port above {_HIGHEST}, so not `{word.value}`; mend the number"
            )


def check_protocol(expose: Expose, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every protocol with upper-case letters."""
    for word, text in _ports(expose, build):
        protocol = text.partition("/")[2]
        if protocol != protocol.lower():
            yield Finding(
                word.span,
                f"the protocol of `{word.value}` has upper-case letters; write `/{protocol.lower()}`",
                _fix(word, word.raw.replace(protocol, protocol.lower()), Applicability.SAFE),
            )


def check_mapping(expose: Expose, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every port with an address or a port of the host."""
    for word, text in _ports(expose, build):
        outside, colon, inside = text.rpartition(":")
        if colon and outside and inside:
            yield Finding(
                word.span,
                f"`{word.value}` maps a port of the host, which only `docker run --publish` can; "
                f"write `{inside}`",
                _fix(word, inside, Applicability.UNSAFE),
            )


def _fix(word: Word, wanted: str, applicability: Applicability) -> Fix | None:
    """Return the fix that writes another port, unless it comes from a variable."""
    edit = replace_word(word, wanted) if word.raw == word.value and "$" not in word.raw else None
    return fix_of(f"write `{wanted}`", edit, applicability=applicability)


def _ports(expose: Expose, build: Build) -> Iterator[tuple[Word, str]]:
    """Yield the ports with their meaning, but for those with a variable without a value."""
    for word in expose.ports:
        text = word.value
        if "$" in text:
            text = build.expand(word, expose).text
        if "$" not in text:
            yield word, text


RULES = (
    Rule("DL3011", "port-out-of-range", Severity.ERROR, Expose, check_range),
    Rule(
        "ExposeProtoCasing",
        "upper-case-protocol",
        Severity.WARNING,
        Expose,
        check_protocol,
        fixes=Applicability.SAFE,
    ),
    Rule(
        "ExposeInvalidFormat",
        "exposed-mapping",
        Severity.WARNING,
        Expose,
        check_mapping,
        fixes=Applicability.UNSAFE,
    ),
)
