"""Where an image listens: by its Dockerfile, else by what the engine knows of it."""

from collections.abc import Iterable, Mapping

from docker.errors import DockerException
from requests.exceptions import RequestException

from dockeropt.errors import MeasureError
from dockeropt.measure.engine import Engine, reason
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.instructions import Expose
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source

DEFAULT_PORT = 3000
"""where neither the user nor EXPOSE says"""


def listening_port(engine: Engine, image: str, dockerfile: str, arguments: Mapping[str, str]) -> int:
    """Return the lowest TCP port that the Dockerfile exposes, else that its base image does, else 3000.

    The image has both: on nginx a site that listens on 8080 exposes 80 as well, where nothing answers.
    """
    ports = exposed_ports(dockerfile, arguments) or _ports_of(engine, image)
    return min(ports, default=DEFAULT_PORT)


def exposed_ports(dockerfile: str, arguments: Mapping[str, str]) -> tuple[int, ...]:
    """Return the TCP ports that the last stage, or one it is FROM, exposes; not those with open variables."""
    build = resolve(parse(Source(dockerfile)), arguments)
    if build.final_stage is None:
        return ()
    words = [
        build.expand(word, view).text
        for stage in build.lineage(build.final_stage)
        for view in stage.views
        if isinstance(view, Expose)
        for word in view.ports
    ]
    return _numbers(words)


def _ports_of(engine: Engine, image: str) -> tuple[int, ...]:
    try:
        exposed = engine.client.images.get(image).attrs["Config"].get("ExposedPorts") or {}
    except (DockerException, RequestException) as error:
        raise MeasureError(f"the engine does not know {image}: {reason(error)}", "measure again") from error
    return _numbers(exposed)


def _numbers(words: Iterable[str]) -> tuple[int, ...]:
    pairs = (word.partition("/") for word in words)
    return tuple(int(port) for port, _, kind in pairs if port.isdigit() and kind.lower() in ("", "tcp"))
