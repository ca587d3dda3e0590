"""Which shell ``/bin/sh`` is in the images people build on."""

from enum import Enum

from dockeropt.knowledge.words import words


class Sh(Enum):
    """A POSIX shell, by the name that ShellCheck has for its dialect."""

    SH = "sh"
    """what POSIX has and no more: the image is not known"""
    DASH = "dash"
    BUSYBOX = "busybox"
    BASH = "bash"
    KSH = "ksh"


_TAGS = {
    Sh.BUSYBOX: words("alpine busybox"),
    Sh.DASH: words(
        "debian slim jessie stretch buster bullseye bookworm trixie forky sid"
        " ubuntu xenial bionic focal jammy noble resolute"
    ),
    Sh.BASH: words(
        "fedora centos rocky rockylinux almalinux oracle oraclelinux oraclelinux8 oraclelinux9 ol8 ol9"
        " ubi ubi7 ubi8 ubi9 ubi10 el7 el8 el9 amazonlinux al2 al2023 azurelinux mariner opensuse leap"
    ),
}
"""what a part of a tag says, as in ``22-bookworm-slim``; digits behind it do not count: ``alpine3.22``"""

_REPOSITORIES = {
    Sh.BUSYBOX: words("alpine busybox caddy composer docker"),
    Sh.DASH: words(
        "debian ubuntu buildpack-deps"
        " node python ruby perl golang rust php gcc erlang elixir haskell julia r-base swift"
        " maven gradle tomcat eclipse-temurin"
        " nginx httpd redis postgres mongo mariadb wordpress drupal"
        " jenkins/jenkins continuumio/miniconda3 continuumio/anaconda3 cimg/base"
        " gcr.io/oss-fuzz-base/base-builder gcr.io/oss-fuzz-base/base-runner"
    ),
    Sh.BASH: words(
        "fedora centos rockylinux rockylinux/rockylinux almalinux oraclelinux amazonlinux archlinux photon"
        " mysql"
        " opensuse/leap opensuse/tumbleweed redhat/ubi8 redhat/ubi9 public.ecr.aws/amazonlinux/amazonlinux"
        " quay.io/centos/centos quay.io/fedora/fedora quay.io/rockylinux/rockylinux"
    ),
}
"""by the image's shortest name: official ones without a slash"""

_PREFIXES = {
    "registry.access.redhat.com/": Sh.BASH,
    "registry.redhat.io/": Sh.BASH,
    "gcr.io/oss-fuzz-base/base-builder-": Sh.DASH,
    "rocker/": Sh.DASH,
    "mcr.microsoft.com/dotnet/": Sh.DASH,
    "mcr.microsoft.com/devcontainers/": Sh.DASH,
}

_BY_TAG = {word: shell for shell, names in _TAGS.items() for word in names}
_BY_REPOSITORY = {name: shell for shell, names in _REPOSITORIES.items() for name in names}


def default_shell(name: str, tag: str | None) -> Sh:
    """Return what ``/bin/sh`` is in an image of this shortest name and tag; SH where that is not known."""
    for part in (tag or "").lower().replace("_", "-").split("-"):
        found = _BY_TAG.get(part) or _BY_TAG.get(part.rstrip("0123456789."))
        if found is not None:
            return found
    if name.rpartition("/")[2].endswith("-alpine"):
        return Sh.BUSYBOX
    found = _BY_REPOSITORY.get(name)
    if found is None:
        found = next((shell for prefix, shell in _PREFIXES.items() if name.startswith(prefix)), Sh.SH)
    return found
