"""Image references, read by the grammar of distribution/reference."""

import re
from functools import lru_cache

from dockeropt.records import NamedTuple

_LONGEST_NAME = 255
# Text, not compiled expressions: most Dockerfiles need two of the five, and compiling them takes longest.
_REGISTRY = (
    r"(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)*[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?|\[[a-fA-F0-9:]+\])"
    r"(?::[0-9]+)?"
)
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REPOSITORY = f"{_PART}(?:/{_PART})*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_IDENTIFIER = r"[a-f0-9]{64}"


class ImageReference(NamedTuple):
    """``registry/repository:tag@digest``; a part that is not written is None, nothing is filled in."""

    registry: str | None
    repository: str
    tag: str | None
    digest: str | None

    @property
    def name(self) -> str:
        """Registry and repository as written, without tag and digest."""
        return f"{self.registry}/{self.repository}" if self.registry else self.repository

    @property
    def familiar_name(self) -> str:
        """The shortest name of the same image, as ``docker image ls`` prints it."""
        if self.registry not in (None, "docker.io", "index.docker.io"):
            return self.name
        return self.repository.removeprefix("library/")

    @property
    def is_official(self) -> bool:
        """Whether it is one of Docker's own images, such as ``node`` or ``docker.io/library/node``."""
        return "/" not in self.familiar_name

    @property
    def last_name(self) -> str:
        """The repository's last part, which names the software, whoever hosts the image."""
        return self.repository.rpartition("/")[2]

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.name}{tag}{digest}"


@lru_cache(512)
def parse_image(text: str) -> ImageReference | None:
    """Return the image a text names, None where it is no reference (an open variable, upper-case letters)."""
    rest, at, digest = text.partition("@")
    if at and not re.fullmatch(_DIGEST, digest):
        return None
    slash = rest.rfind("/")
    colon = rest.find(":", slash + 1)
    tag = None
    if colon >= 0:
        rest, tag = rest[:colon], rest[colon + 1 :]
        if not re.fullmatch(_TAG, tag):
            return None
    registry, repository = _split_registry(rest)
    if (
        len(rest) > _LONGEST_NAME
        or not re.fullmatch(_REPOSITORY, repository)
        or re.fullmatch(_IDENTIFIER, rest)
    ):
        return None
    if registry is not None and not re.fullmatch(_REGISTRY, registry):
        return None
    return ImageReference(registry, repository, tag, digest if at else None)


def _split_registry(name: str) -> tuple[str | None, str]:
    """Return the registry, told by a dot, a port, upper case or ``localhost``, and what follows it."""
    first, slash, rest = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost" or first != first.lower()):
        return first, rest
    return None, name
