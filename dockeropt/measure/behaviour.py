"""What an image does when it runs: its answers, what it writes, who it is and how it ends."""

import http.client
import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from time import monotonic, sleep
from typing import Any, cast

from docker.errors import DockerException
from docker.models.containers import Container
from requests.exceptions import RequestException

from dockeropt.errors import MeasureError
from dockeropt.measure.engine import Engine, reason
from dockeropt.measure.model import Stop
from dockeropt.measure.startup import POLL_SECONDS, Start, ended, stop
from dockeropt.records import NamedTuple

MOST_LINKS = 12
"""links of the first page that are followed"""
_LINK = re.compile(rb"""(?:href|src)=["'](/(?!/)[^"'#\s<>]*)["']""")
_OWN = re.compile(
    r"^/(?:tmp|proc|sys|dev|run|var/(?:cache|log|run|lib)|root|etc|home/[^/]+/\.)(?:/|$)|/__pycache__(?:/|$)"
)
"""the system's, and Python's: it keeps bytecode wherever it may write, and does without where it may not"""


class Answer(NamedTuple):
    """An answer to GET; ``kind`` is its content type without parameters, ``size`` in bytes."""

    status: int
    kind: str
    size: int


class Behaviour(NamedTuple):
    """What was seen of a container."""

    answers: Mapping[str, Answer]
    """by path"""
    user: str
    """the number of its first process's user"""
    written: tuple[str, ...]
    """folders it wrote into while it answered, those of the system left out"""
    environment: Mapping[str, str]
    seconds: float
    """from the start to the first answer of any kind"""
    stop: Stop
    exit_code: int


def observe(
    engine: Engine, start: Start, paths: Iterable[str], probes: Iterable[str] = ()
) -> tuple[Behaviour, tuple[str, ...]]:
    """Return what a container does, and which of the folders ``probes`` it may not write into.

    ``paths`` are asked for, and the links of the first of them. Raises MeasureError when the container ends
    or never answers.
    """
    container = _create(engine, start)
    try:
        begin = monotonic()
        container.start()
        seconds = _wait(engine, container, start, begin)
        port = _published(container, start.port)
        answers = _ask_all(engine.host, port, paths)
        user = _user(container)
        written = _written(container)
        closed = tuple(folder for folder in probes if not _may_write(container, folder))
        environment = dict(
            each.partition("=")[::2] for each in container.attrs["Config"].get("Env") or () if "=" in each
        )
        ending = stop(container)
        code = int(container.attrs["State"].get("ExitCode") or 0)
        return Behaviour(answers, user, written, environment, seconds, ending, code), closed
    except (DockerException, RequestException) as error:
        raise MeasureError(
            f"the container cannot be watched: {reason(error)}", "look at CMD and ENTRYPOINT"
        ) from error
    finally:
        with suppress(DockerException, RequestException):
            container.remove(force=True, v=True)


def _create(engine: Engine, start: Start) -> Container:
    remote = engine.host != "127.0.0.1"
    try:
        return engine.client.containers.create(
            start.image,
            ports=cast("dict[str, Any]", {f"{start.port}/tcp": None if remote else ("127.0.0.1", None)}),
            environment=dict(start.environment),
            labels=dict(start.labels),
        )
    except (DockerException, RequestException) as error:
        raise MeasureError(f"no container can be made: {reason(error)}", "look at `docker info`") from error


def _published(container: Container, port: int) -> int:
    published = container.ports.get(f"{port}/tcp")
    return int(published[0]["HostPort"]) if published else 0


def _wait(engine: Engine, container: Container, start: Start, begin: float) -> float:
    """Return the seconds to the first answer, of any status."""
    while monotonic() - begin < start.timeout:
        container.reload()
        if container.status in {"exited", "dead"}:
            raise ended(container, start)
        answer = _ask(engine.host, _published(container, start.port), start.path)
        if answer is not None:
            return monotonic() - begin
        sleep(POLL_SECONDS)
    raise MeasureError(
        f"no answer on port {start.port} within {start.timeout:g} s", "choose with --port and --path"
    )


def _ask_all(host: str, port: int, paths: Iterable[str]) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    todo = list(dict.fromkeys(paths))
    first = todo[0] if todo else "/"
    while todo:
        path = todo.pop(0)
        found = _ask(host, port, path)
        if found is None:
            continue
        answers[path] = found[0]
        if path == first and found[0].kind == "text/html":
            links = [each.decode("ascii", "replace") for each in _LINK.findall(found[1])]
            todo += [link for link in dict.fromkeys(links) if link not in answers and link not in todo][
                :MOST_LINKS
            ]
    return answers


def _ask(host: str, port: int, path: str) -> tuple[Answer, bytes] | None:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}", "Accept": "*/*"})
        response = connection.getresponse()
        body = response.read()
        kind = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        return Answer(response.status, kind, len(body)), body
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _user(container: Container) -> str:
    rows = container.top(ps_args="-o uid,pid").get("Processes") or [["?"]]
    return str(rows[0][0])


def _written(container: Container) -> tuple[str, ...]:
    changes = container.diff() or ()
    return written_folders({str(each["Path"]) for each in changes if each["Kind"] in (0, 1)})


def written_folders(changed: Collection[str]) -> tuple[str, ...]:
    """Return the folders of an app below which paths came or changed."""
    leaves = (path for path in changed if not any(other.startswith(path + "/") for other in changed))
    return tuple(sorted({path.rpartition("/")[0] or "/" for path in leaves if not _OWN.search(path)}))


def _may_write(container: Container, folder: str) -> bool:
    """Tell whether the container's user may write into a folder, or make it."""
    script = 'd="$1"; while [ ! -e "$d" ]; do d="${d%/*}"; d="${d:-/}"; done; [ -w "$d" ]'
    code, _ = container.exec_run(["sh", "-c", script, "sh", folder])
    return code != 1
