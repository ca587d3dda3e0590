"""The keywords of a Dockerfile and the flags they take (BuildKit of August 2026)."""

from enum import Enum


class FlagKind(Enum):
    """What a flag takes: ``--name[=true|false]``, ``--name=value``, or the latter any number of times."""

    SWITCH = "switch"
    VALUE = "value"
    VALUES = "values"


FLAGS: dict[str, dict[str, FlagKind]] = {
    "ADD": {
        "checksum": FlagKind.VALUE,
        "chmod": FlagKind.VALUE,
        "chown": FlagKind.VALUE,
        "exclude": FlagKind.VALUES,
        "keep-git-dir": FlagKind.SWITCH,
        "link": FlagKind.SWITCH,
        "unpack": FlagKind.SWITCH,
    },
    "ARG": {},
    "CMD": {},
    "COPY": {
        "chmod": FlagKind.VALUE,
        "chown": FlagKind.VALUE,
        "exclude": FlagKind.VALUES,
        "from": FlagKind.VALUE,
        "link": FlagKind.SWITCH,
        "parents": FlagKind.SWITCH,
    },
    "ENTRYPOINT": {},
    "ENV": {},
    "EXPOSE": {},
    "FROM": {"platform": FlagKind.VALUE},
    "HEALTHCHECK": {
        "interval": FlagKind.VALUE,
        "retries": FlagKind.VALUE,
        "start-interval": FlagKind.VALUE,
        "start-period": FlagKind.VALUE,
        "timeout": FlagKind.VALUE,
    },
    "LABEL": {},
    "MAINTAINER": {},
    "ONBUILD": {},
    "RUN": {
        "device": FlagKind.VALUES,
        "mount": FlagKind.VALUES,
        "network": FlagKind.VALUE,
        "security": FlagKind.VALUE,
    },
    "SHELL": {},
    "STOPSIGNAL": {},
    "USER": {},
    "VOLUME": {},
    "WORKDIR": {},
}

KEYWORDS = frozenset(FLAGS)

HEREDOC_KEYWORDS = frozenset(("ADD", "COPY", "RUN"))
