"""DL3006: FROM without a tag."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build, Stage


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for an image that has neither tag nor digest, after variables are replaced."""
    image, word = stage.image, stage.start.image
    if word is None or stage.base_stage is not None or word.value == "scratch":
        return
    if image is None:
        if not any(mark in word.value for mark in "$:@"):
            yield Finding(word.span, f"`{word.value}` is no image that can be pulled, and it has no tag")
        return
    if image.tag is not None or image.digest is not None:
        return
    named = f"`{image.name}`" if word.value == image.name else f"`{word.value}` is `{image.name}` and"
    yield Finding(
        word.span, f"{named} has no tag, so each build may get another `latest`; name the version you tested"
    )


RULE = Rule("DL3006", "untagged-image", Severity.WARNING, Stage, check)
