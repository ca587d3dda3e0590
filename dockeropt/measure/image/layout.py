"""An OCI layout on the disk: ``--output type=oci,tar=false``, skopeo, buildah."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from dockeropt.errors import MeasureError
from dockeropt.measure.image.archive import blob_path
from dockeropt.measure.image.history import assemble
from dockeropt.measure.image.manifest import (
    Descriptor,
    choose,
    read_configuration,
    read_json,
)
from dockeropt.measure.image.model import Image
from dockeropt.measure.image.verified import read_document, read_layer


def is_layout(folder: str) -> bool:
    """Tell whether a folder is an OCI layout."""
    return os.path.isfile(os.path.join(folder, "oci-layout"))


def read_layout(folder: str, platform: str | None = None) -> Image:
    """Return the image of an OCI layout on disk; raises MeasureError where it is damaged or has several."""
    layout = Path(folder)

    def document(descriptor: Descriptor) -> bytes:
        with _Blob(layout, descriptor, folder) as content:
            return read_document(content, descriptor, folder)

    try:
        index = read_json((layout / "index.json").read_bytes(), f"{folder}/index.json")
    except OSError as error:
        raise _unreadable(folder, error) from error
    manifest = choose(index, document, platform, folder)
    configuration = read_configuration(document(manifest.config), folder)
    blobs = []
    for descriptor in manifest.layers:
        with _Blob(layout, descriptor, folder) as content:
            blobs.append(read_layer(content, descriptor, folder))
    return assemble(folder, configuration, tuple(blobs))


class _Blob:
    """A blob's open file. A link is not followed: it could lead anywhere."""

    def __init__(self, layout: Path, descriptor: Descriptor, name: str) -> None:
        try:
            handle = os.open(layout / blob_path(descriptor), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except OSError as error:
            raise _unreadable(name, error) from error
        self._file = os.fdopen(handle, "rb")

    def read(self, size: int, /) -> bytes:
        return self._file.read(size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _unreadable(folder: str, error: OSError) -> MeasureError:
    return MeasureError(
        f"{folder} cannot be read: {(error.strerror or str(error)).lower()}: {error.filename}",
        "write the layout again",
    )
