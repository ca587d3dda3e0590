"""The arguments BuildKit sets by itself."""

from collections.abc import Iterator, Mapping

PROXY_ARGUMENTS = frozenset(
    spelling
    for name in ("http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy")
    for spelling in (name, name.upper())
)
"""build arguments that a RUN sees without an ARG; no other instruction does, and no step is keyed on them"""

_PARTS = ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")
PLATFORM_ARGUMENTS = frozenset(
    ("TARGETSTAGE", *("BUILD" + part for part in _PARTS), *("TARGET" + part for part in _PARTS))
)
"""arguments with a value in FROM, and in a stage that declares them"""

_DEFAULT_PLATFORM = "linux/amd64"


def platform_arguments(given: Mapping[str, str], final_stage: str | None) -> Iterator[tuple[str, str]]:
    """Yield the platform arguments in BuildKit's order: linux/amd64 unless the build arguments say otherwise.

    The machine is not asked, so that a Dockerfile means the same everywhere.
    """
    for side in ("BUILD", "TARGET"):
        platform = given.get(side + "PLATFORM", _DEFAULT_PLATFORM)
        system, _, rest = platform.partition("/")
        architecture, _, variant = rest.partition("/")
        for part, value in zip(_PARTS, (platform, system, "", architecture, variant), strict=True):
            yield side + part, given.get(side + part, value)
    yield "TARGETSTAGE", given.get("TARGETSTAGE", final_stage or "default")
