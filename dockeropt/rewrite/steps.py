"""The pieces a plan is made of, as the templates write them."""

from dockeropt.records import NamedTuple


class RunStep(NamedTuple):
    """A RUN: comment lines above it, its mounts, and commands to be joined by ``&&``."""

    comments: tuple[str, ...]
    mounts: tuple[str, ...]
    commands: tuple[str, ...]


class CopyStep(NamedTuple):
    """A COPY out of the context or of a stage."""

    sources: tuple[str, ...]
    target: str
    stage: str = ""
    comments: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class Secret(NamedTuple):
    """A build secret: its id and what to type after ``docker build``."""

    id: str
    argument: str


def cache_mount(target: str, is_locked: bool = False) -> str:
    """Return the value of a ``--mount`` that keeps a folder between builds."""
    return f"type=cache,target={target}" + (",sharing=locked" if is_locked else "")


def secret_mount(identifier: str, target: str = "") -> str:
    """Return the value of a ``--mount`` for a build secret, by default at /run/secrets/ID."""
    return f"type=secret,id={identifier}" + (f",target={target}" if target else "")
