"""The image that a user names: of the engine, in a file or folder, or in a registry."""

import os
import sys
from collections.abc import Sequence

from dockeropt.errors import MeasureError, UsageError
from dockeropt.measure.image.archive import read_archive
from dockeropt.measure.image.layout import is_layout, read_layout
from dockeropt.measure.image.model import Image

_ENGINE = "engine://"
_REGISTRY = "registry://"


def read_subject(name: str, platform: str | None = None, bases: Sequence[str] = ()) -> Image:
    """Return the image that a name means.

    An archive (``app.tar``), an OCI layout (a folder), ``-`` for an archive on standard input, else an image
    of the engine, else one of its registry. ``registry://`` and ``engine://`` in front say which. ``bases``
    are images it may be FROM; without any, the engine's images are looked at. Raises UsageError where there
    is nothing of that name, MeasureError where it cannot be read.
    """
    if name.startswith(_REGISTRY):
        return _remote(name.removeprefix(_REGISTRY), platform)
    if name == "-":
        # Not sys.stdin.buffer: Python cannot end while a thread waits in that.
        with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as file:
            return read_archive(file, "standard input", platform)
    if os.path.isdir(name):
        if not is_layout(name):
            raise UsageError(f"{name} is a folder, but no OCI layout", "name an image, or an archive of one")
        return read_layout(name, platform)
    if os.path.isfile(name):
        try:
            with open(name, "rb") as file:
                return read_archive(file, name, platform)
        except OSError as error:
            raise UsageError(f"cannot read {name}: {error.strerror}", "check who may read it") from error
    if name.endswith((".tar", ".tar.gz", ".tgz")) or name.startswith(("./", "/")):
        raise UsageError(f"there is no file {name}", "check the path")
    return _of_engine(name, platform, bases)


def _of_engine(name: str, platform: str | None, bases: Sequence[str]) -> Image:
    """Return an image the engine has, else the registry's of that name."""
    from dockeropt.measure.engine import connect
    from dockeropt.measure.image.local import has_image, read_local

    is_engine_meant = name.startswith(_ENGINE)
    name = name.removeprefix(_ENGINE)
    try:
        engine = connect()
    except MeasureError:
        if is_engine_meant:
            raise
        return _remote(name, platform)
    try:
        if has_image(engine, name):
            return read_local(engine, name, bases or None, platform)
    finally:
        engine.client.close()
    if is_engine_meant:
        raise MeasureError(f"the engine has no image {name}", f"build it, or `docker pull {name}`")
    return _remote(name, platform)


def _remote(name: str, platform: str | None) -> Image:
    from dockeropt.measure.image.registry import read_remote

    return read_remote(name, platform)
