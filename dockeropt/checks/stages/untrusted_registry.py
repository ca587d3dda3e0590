"""DL3026: FROM an image of a registry that is not on the list."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build, Stage

_HUB = ("docker.io", "hub.docker.com", "index.docker.io")


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for an image of a registry that the option ``trusted`` does not name."""
    trusted = options["trusted"]
    image, word = stage.image, stage.start.image
    if not isinstance(trusted, tuple) or not trusted or image is None or word is None:
        return
    from fnmatch import fnmatchcase

    registry = image.registry or _HUB[0]
    names = _HUB if registry in _HUB else (registry,)
    if not any(fnmatchcase(name.lower(), pattern.lower()) for name in names for pattern in trusted):
        yield Finding(
            word.span, f"`{word.value}` comes from {registry}; take it from {' or '.join(trusted)} instead"
        )


RULE = Rule("DL3026", "untrusted-registry", Severity.ERROR, Stage, check, options={"trusted": ()})
