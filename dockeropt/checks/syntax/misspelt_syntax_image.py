"""DO7005: the image of ``# syntax=`` is misspelt."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, fix_of
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.source import Span
from dockeropt.syntax.spelling import closest
from dockeropt.syntax.tree import Directive, Dockerfile

_FRONTENDS = ("docker/dockerfile", "docker/dockerfile-upstream")


def check(dockerfile: Dockerfile, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at an image that is nearly, and not quite, the one that reads Dockerfiles."""
    for node in dockerfile.nodes:
        if not isinstance(node, Directive):
            return
        if node.name != "syntax":
            continue
        image = node.value.split()[0] if node.value.split() else ""
        name = image.partition("@")[0].partition(":")[0].removeprefix("docker.io/")
        if name in _FRONTENDS:
            return
        meant = closest(name.lower(), _FRONTENDS) or {"dockerfile": _FRONTENDS[0]}.get(name.lower())
        if meant is not None:
            start = dockerfile.source.text.find(image, node.span.start)
            at = start + image.find(name)
            yield Finding(
                Span(start, start + len(image)),
                f"`{name}` is no image that reads Dockerfiles, so every build fails to pull it; "
                f"did you mean `{meant}`?",
                fix_of(
                    f"write `{meant}`",
                    Edit(Span(at, at + len(name)), meant),
                    applicability=Applicability.UNSAFE,
                ),
            )


RULE = Rule(
    "DO7005",
    "misspelt-syntax-image",
    Severity.ERROR,
    Dockerfile,
    check,
    fixes=Applicability.UNSAFE,
    aliases=("syntax-directive-typo",),
)
