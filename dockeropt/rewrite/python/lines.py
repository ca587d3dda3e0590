"""A line of a Dockerfile that stands as it is."""

from dockeropt.records import NamedTuple


class Line(NamedTuple):
    """An instruction such as WORKDIR or ENV, written out; the comments stand above it."""

    text: str
    comments: tuple[str, ...] = ()
