"""Images of the local engine, read from the stream of ``docker image save``."""

from collections.abc import Iterator, Sequence
from typing import cast

from docker.errors import APIError, DockerException
from requests.exceptions import RequestException

from dockeropt.errors import MeasureError
from dockeropt.measure.engine import FREE_SPACE, Engine, is_full, reason
from dockeropt.measure.image.archive import read_archive
from dockeropt.measure.image.model import Image

_CHUNK = 1 << 20
_LOOK = "look at `docker info`, then try again"


def read_local(
    engine: Engine, tag: str, bases: Sequence[str] | None = None, platform: str | None = None
) -> Image:
    """Return an image the engine has.

    ``bases`` are images it may be FROM, all of the engine's unless given: layers it shares with one of them
    from the first on are its base.
    Raises MeasureError when the engine cannot give the image out or keeps it in a form that is not known.
    """
    try:
        found = engine.client.images.get(tag)
        image = read_archive(_Stream(found.save(chunk_size=_CHUNK)), tag, platform)
        bases = _possible_bases(engine, found.attrs) if bases is None else bases
        base, layers = max(
            ((name, _shared(engine, found.attrs, name)) for name in bases),
            key=lambda each: each[1],
            default=("", 0),
        )
    except (DockerException, RequestException) as error:
        why = reason(error)
        raise MeasureError(
            f"the engine does not give {tag} out: {why}",
            FREE_SPACE if is_full(why) else "try `docker image save`",
        ) from error
    return image._replace(base=base if layers else "", base_layers=layers)


def has_image(engine: Engine, name: str) -> bool:
    """Tell whether the engine has an image of this name or id; raises MeasureError where it is gone."""
    try:
        engine.client.images.get(name)
    except APIError:  # no such image, or no name that an image can have
        return False
    except (DockerException, RequestException) as error:
        raise MeasureError(f"the Docker engine stopped answering: {reason(error)}", _LOOK) from error
    return True


def _possible_bases(engine: Engine, attributes: dict[str, object]) -> tuple[str, ...]:
    """Return the names of the local images that one may be FROM: all with fewer layers than it has."""
    own = len(_layers(attributes))
    return tuple(
        tag
        for image in engine.client.images.list()
        if len(_layers(image.attrs)) < own
        for tag in image.tags[:1]
    )


def _shared(engine: Engine, attributes: dict[str, object], base: str) -> int:
    """Return how many layers an image took over from a base, 0 when it is not FROM it."""
    try:
        below = _layers(engine.client.images.get(base).attrs)
    except DockerException:
        return 0
    return len(below) if _layers(attributes)[: len(below)] == below else 0


def _layers(attributes: dict[str, object]) -> list[str]:
    root = cast("dict[str, list[str]]", attributes.get("RootFS", {}))
    return root.get("Layers") or []


class _Stream:
    """A file to read out of the chunks of a response; tarfile asks a stream for no more than ``read``."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def read(self, size: int, /) -> bytes:
        parts: list[bytes] = []
        while size and (self._rest or self._refill()):
            part = self._rest[:size]
            self._rest = self._rest[size:]
            parts.append(part.tobytes())
            size -= len(part)
        return b"".join(parts)

    def _refill(self) -> bool:
        self._rest = memoryview(next(self._chunks, b""))
        return len(self._rest) > 0
