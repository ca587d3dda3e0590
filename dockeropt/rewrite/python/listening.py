"""Servers that listen on 127.0.0.1 unless told otherwise: in a container nobody hears them."""

import re
from collections.abc import Collection, Mapping

from dockeropt.knowledge.words import words as table
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.python.roles import is_python

EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - inside a container


class Listener(NamedTuple):
    """A server: the options and variables that set its address, and what makes it listen everywhere."""

    options: frozenset[str]
    variables: frozenset[str]
    added: tuple[str, ...]


_LISTENERS = {
    "daphne": Listener(table("-b --bind -u -e --fd --endpoint"), table(""), ("-b", EVERY_ADDRESS)),
    "flask": Listener(table("--host -h"), table("FLASK_RUN_HOST"), ("--host", EVERY_ADDRESS)),
    "granian": Listener(table("--host --uds"), table("GRANIAN_HOST"), ("--host", EVERY_ADDRESS)),
    "gunicorn": Listener(
        table("-b --bind -c --config --paste"),
        table("GUNICORN_CMD_ARGS PORT"),
        ("--bind", f"{EVERY_ADDRESS}:8000"),
    ),
    "hypercorn": Listener(
        table("-b --bind -c --config --fd"), table(""), ("--bind", f"{EVERY_ADDRESS}:8000")
    ),
    "uvicorn": Listener(table("--host --uds --fd"), table("UVICORN_HOST"), ("--host", EVERY_ADDRESS)),
}


def listen_everywhere(
    words: tuple[str, ...], variables: Mapping[str, str], files: Collection[str], decisions: list[Decision]
) -> tuple[str, ...]:
    """Return a command that answers from outside the container, where it would only from inside."""
    name = words[0].rpartition("/")[2] if words else ""
    rest = words[1:]
    if is_python(name) and rest[:1] == ("-m",) and len(rest) > 1:
        name, rest = rest[1], rest[2:]
    added = _added(name, rest, variables, files)
    fixed = tuple(re.sub(r"^(?:127\.0\.0\.1|localhost)(?=$|:\d+$)", EVERY_ADDRESS, word) for word in words)
    if added or fixed != words:
        reason = "127.0.0.1 is only the container's own; nothing outside it would get an answer"
        decisions.append(Decision("address", EVERY_ADDRESS, reason, is_notice=True))
    return (*fixed, *added)


def _added(
    name: str, rest: tuple[str, ...], variables: Mapping[str, str], files: Collection[str]
) -> tuple[str, ...]:
    if is_python(name):
        is_runserver = len(rest) > 1 and rest[0].endswith("manage.py") and rest[1] == "runserver"
        address = re.compile(r"(?:[\w.:\[\]-]+:)?(?:\d+|\$\{?\w+\}?)")
        has_address = any(address.fullmatch(word) for word in rest[2:])
        return (f"{EVERY_ADDRESS}:8000",) if is_runserver and not has_address else ()
    listener = _LISTENERS.get(name)
    if listener is None or not rest or {"--help", "--version"} & {*rest}:
        return ()
    options = {word.partition("=")[0] for word in rest} | {word[:2] for word in rest if word[:1] == "-"}
    if options & listener.options or listener.variables & variables.keys():
        return ()
    if name == "gunicorn" and any(path.rpartition("/")[2] == "gunicorn.conf.py" for path in files):
        return ()
    return () if name == "flask" and "run" not in rest else listener.added
