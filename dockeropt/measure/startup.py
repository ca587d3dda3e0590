"""Seconds from starting a container to its first good HTTP answer, and what happens at its two ends."""

import http.client
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic, sleep
from typing import Any, cast

from docker.errors import DockerException
from docker.models.containers import Container
from requests.exceptions import RequestException

from dockeropt.errors import MeasureError
from dockeropt.measure.engine import Engine, reason
from dockeropt.measure.model import EarlyHealth, Failing, Stop
from dockeropt.records import NamedTuple

POLL_SECONDS = 0.05
LOOK_SECONDS = 0.5
"""how often the engine is asked whether the container still runs"""
ANSWER_SECONDS = 10.0
"""how long one answer may take: a first page may be rendered slowly"""
STOP_SECONDS = 10
"""what ``docker stop`` waits before SIGKILL"""
SHOWN_LINES = 15
"""how much of the container's log is shown when it does not answer"""


class Start(NamedTuple):
    """How to start a container and where to knock."""

    image: str
    port: int
    path: str
    timeout: float
    """seconds"""
    environment: Mapping[str, str]
    labels: Mapping[str, str]
    cpus: float | None = None
    """processors it may use, None for all"""
    memory: str | None = None
    """what it may hold, as docker writes it (``512m``), None for all"""
    stops: bool = False
    """whether to stop it as ``docker stop`` does, and time that; else it is killed"""


class Answered(NamedTuple):
    """The first good answer."""

    seconds: float
    status: int
    early_health: EarlyHealth | None
    stop: Stop | None = None
    failing: tuple[Failing, ...] = ()
    """what became of the requests before it"""


def time_start(engine: Engine, start: Start) -> Answered:
    """Start a container, wait for its first good answer (2xx or 3xx) and remove it.

    Raises MeasureError with the container's last lines when it ends or does not answer in time.
    """
    remote = engine.host != "127.0.0.1"
    try:
        container = engine.client.containers.create(
            start.image,
            ports=cast("dict[str, Any]", {f"{start.port}/tcp": None if remote else ("127.0.0.1", None)}),
            environment=dict(start.environment),
            labels=dict(start.labels),
            **_limits(start),
        )
    except (DockerException, RequestException) as error:
        raise MeasureError(
            f"no container can be made: {reason(error)}",
            "look at CMD and ENTRYPOINT, or leave the start out with --no-start",
        ) from error
    try:
        begin = monotonic()
        container.start()
        answered = _wait(engine, container, start, begin)
        return answered._replace(stop=stop(container)) if start.stops else answered
    except (DockerException, RequestException) as error:
        raise MeasureError(
            f"the container cannot be started: {reason(error)}",
            "look at CMD and ENTRYPOINT, or leave the start out with --no-start",
        ) from error
    finally:
        # What fails here is tried again when the session ends.
        with suppress(DockerException, RequestException):
            container.remove(force=True, v=True)


def _limits(start: Start) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    if start.cpus is not None:
        limits["nano_cpus"] = round(start.cpus * 1e9)
    if start.memory is not None:
        limits["mem_limit"] = start.memory
    return limits


def stop(container: Container) -> Stop:
    """Stop a container as ``docker stop`` does; return what that took."""
    begin = monotonic()
    container.stop(timeout=STOP_SECONDS)
    seconds = monotonic() - begin
    container.reload()
    return Stop(seconds, container.attrs["State"].get("ExitCode") == _KILLED)


_KILLED = 128 + 9
"""exit code of a process that SIGKILL ended"""


def _wait(engine: Engine, container: Container, start: Start, begin: float) -> Answered:
    container.reload()
    published = container.ports.get(f"{start.port}/tcp")
    host_port = int(published[0]["HostPort"]) if published else 0
    last = "no connection"
    failing: list[Failing] = []
    looked = begin
    healthy: float | None = None
    failed = 0
    while True:
        now = monotonic()
        if container.status in {"exited", "dead"}:
            raise ended(container, start)
        if now - begin > start.timeout:
            raise _silent(container, start, last)
        answer = _knock(engine.host, host_port, start.path, min(ANSWER_SECONDS, begin + start.timeout - now))
        end = monotonic()
        if answer.is_good:
            early = EarlyHealth(end - healthy, failed) if healthy is not None and failed else None
            return Answered(end - begin, answer.status, early, failing=tuple(failing))
        last = answer.said
        _note(failing, answer.how, now - begin, end - begin)
        failed += healthy is not None
        sleep(POLL_SECONDS)
        if now - looked > LOOK_SECONDS:
            container.reload()
            looked = now
            if healthy is None and container.health == "healthy":
                healthy = monotonic()


def _note(failing: list[Failing], how: str, since: float, until: float) -> None:
    """Add a request that failed to those before it."""
    if failing and failing[-1].how == how:
        failing[-1] = failing[-1]._replace(requests=failing[-1].requests + 1, until=until)
    else:
        failing.append(Failing(how, 1, since, until))


class _Answer(NamedTuple):
    status: int
    """0 where there was none"""
    how: str = ""
    """in which way it failed, as Failing has it"""
    said: str = ""

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 400


def _knock(host: str, port: int, path: str, timeout: float) -> _Answer:
    """Ask once."""
    connection = http.client.HTTPConnection(host, port, timeout=max(timeout, POLL_SECONDS))
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}", "Accept": "*/*"})
        status = connection.getresponse().status
        return _Answer(status, f"status {status}", f"status {status}")
    except TimeoutError:
        return _Answer(0, "silent", "connected, but no answer")
    except ConnectionRefusedError:
        return _Answer(0, "refused", "connection refused")
    except (OSError, http.client.HTTPException) as error:
        # The engine's proxy takes the connection before the app listens, and then drops it.
        return _Answer(0, "dropped", f"connection dropped ({type(error).__name__})")
    finally:
        connection.close()


def ended(container: Container, start: Start) -> MeasureError:
    """Return the error of a container that ended too early, with its last lines."""
    code = container.attrs["State"].get("ExitCode")
    return MeasureError(
        "\n".join([f"the container ended with code {code} before it answered", *_last_lines(container)]),
        "give what it needs with --env NAME=VALUE, or leave the start out with --no-start",
    )


def _silent(container: Container, start: Start, last: str) -> MeasureError:
    return MeasureError(
        "\n".join(
            [
                f"no good answer on port {start.port}, path {start.path} within {start.timeout:g} s: {last}",
                *_last_lines(container),
            ]
        ),
        "choose with --port and --path, wait longer with --timeout, or leave the start out with --no-start",
    )


def _last_lines(container: Container) -> list[str]:
    text = container.logs(tail=SHOWN_LINES).decode("utf-8", "replace")
    return [f"    {line.rstrip()}" for line in text.splitlines()] or ["    (its log is empty)"]
