"""What the user asks of a rewrite."""

from enum import Enum

from dockeropt.records import NamedTuple


class Base(Enum):
    """The flavour of the base images."""

    ALPINE = "alpine"
    SLIM = "slim"
    DISTROLESS = "distroless"
    """no shell and no package manager in the last stage; a stack that has no such image refuses it"""


class Options(NamedTuple):
    """What the user asks of a rewrite; a stack that knows nothing of an option refuses or ignores it."""

    base: Base | None = None
    """None lets the plan choose"""
    cdn: bool = False
    """a stage with the static files alone, for a CDN"""
    app: str | None = None
    """the workspace member that is the app, relative to the context"""


DEFAULTS = Options()
