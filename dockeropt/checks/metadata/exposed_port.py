"""DL3011, ExposeProtoCasing, ExposeInvalidFormat: what EXPOSE cannot say."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
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
            )


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
    Rule("ExposeProtoCasing", "upper-case-protocol", Severity.WARNING, Expose, check_protocol),
    Rule("ExposeInvalidFormat", "exposed-mapping", Severity.WARNING, Expose, check_mapping),
)
