"""DL3029, DL3065, InvalidBaseImagePlatform: the platform that FROM asks for."""

import re
from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.edits import remove_flag
from dockeropt.syntax.instructions import From

_ARCHITECTURES = {
    "aarch64": "arm64",
    "arm64v8": "arm64",
    "armhf": "arm",
    "arm32v5": "arm",
    "arm32v6": "arm",
    "arm32v7": "arm",
    "i386": "386",
    "x86-64": "amd64",
    "x86_64": "amd64",
}
_TARGET = re.compile(r"\$(?:TARGETPLATFORM|\{TARGETPLATFORM(?::?[-?][^}]*)?\})")
_OWNERS = ("amd64", "arm32v5", "arm32v6", "arm32v7", "arm64v8", "i386", "ppc64le", "riscv64", "s390x")
"""accounts of the registry that hold the official images of one architecture"""


def check_constant(start: From, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a platform without a variable, unless the stage's name tells that it is meant."""
    word = start.platform
    if word is None or "$" in word.value or not word.value:
        return
    system, _, rest = word.value.lower().partition("/")
    architecture = _architecture(rest) if rest else _architecture(system)
    name = start.name.raw.lower() if start.name is not None else ""
    if architecture in name or (rest and system in name):
        return
    yield Finding(
        word.span,
        f"`{word.value}` is built whatever platform is asked for; remove --platform, "
        "or write --platform=$BUILDPLATFORM for a stage that cross-compiles",
        _without_platform(start, build, Applicability.UNSAFE),
    )


def check_redundant(start: From, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for ``--platform=$TARGETPLATFORM``, with or without a default."""
    word = start.platform
    if word is not None and _TARGET.fullmatch(word.value):
        yield Finding(
            word.span,
            f"FROM takes `{word.value}` by default; remove --platform",
            _without_platform(start, build, Applicability.SAFE),
        )


def check_other(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for an image that is made for one architecture, where FROM asks for another."""
    word, image = stage.start.image, stage.image
    if image is None or word is None or stage.platform is None or "$" in stage.platform:
        return
    owner, slash, _ = image.familiar_name.partition("/")
    if not slash or owner not in _OWNERS:
        return
    asked = stage.platform.split("/")
    given = _architecture(owner)
    if len(asked) > 1 and _architecture(asked[1]) != given:
        yield Finding(
            word.span,
            f"`{word.value}` is an image for {given}, not for `{stage.platform}`; "
            f"write `{word.value.replace(owner + '/', '', 1)}`, which is there for both",
        )


def _without_platform(start: From, build: Build, applicability: Applicability) -> Fix | None:
    flags = [flag for flag in start.instruction.flags if flag.name == "platform"]
    text = build.dockerfile.source.text
    edits = [remove_flag(flag, text) for flag in flags]
    return fix_of("remove --platform", *edits, applicability=applicability)


def _architecture(text: str) -> str:
    name = text.partition("/")[0]
    return _ARCHITECTURES.get(name, name)


RULES = (
    Rule(
        "DL3029",
        "constant-platform",
        Severity.WARNING,
        From,
        check_constant,
        fixes=Applicability.UNSAFE,
        aliases=("FromPlatformFlagConstDisallowed",),
    ),
    Rule(
        "DL3065",
        "redundant-target-platform",
        Severity.WARNING,
        From,
        check_redundant,
        fixes=Applicability.SAFE,
        aliases=("RedundantTargetPlatform",),
    ),
    Rule("InvalidBaseImagePlatform", "image-of-other-platform", Severity.WARNING, Stage, check_other),
)
