"""DL3007: FROM with the tag latest."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build, Stage


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for ``latest`` without a digest, written so or the default of a variable."""
    image, word = stage.image, stage.start.image
    if word is None or stage.base_stage is not None:
        return
    if image is None:
        if not word.value.endswith(":latest"):
            return
        named = f"`{word.value}`"
    elif image.tag != "latest" or image.digest is not None:
        return
    else:
        named = f"`{image}`" if word.value == str(image) else f"`{word.value}` is `{image}`, which"
    yield Finding(word.span, f"{named} moves to the next major version unasked; name the version you tested")


RULE = Rule("DL3007", "latest-tag", Severity.WARNING, Stage, check)
