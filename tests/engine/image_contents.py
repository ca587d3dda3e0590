"""Two images side by side: every path with mode, owner and content, and the configuration."""

import json
import subprocess
import tarfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from tests.engine.builds import BuildFailedError

_OF_CONTAINERS = (
    ".dockerenv",
    "dev",
    "etc/hostname",
    "etc/hosts",
    "etc/mtab",
    "etc/resolv.conf",
    "proc",
    "sys",
)
"""what the engine puts into a container and is no part of the image"""
_CONFIGURED = (
    "Cmd",
    "Entrypoint",
    "Env",
    "ExposedPorts",
    "Healthcheck",
    "Labels",
    "OnBuild",
    "Shell",
    "StopSignal",
    "User",
    "Volumes",
    "WorkingDir",
)


class Entry(NamedTuple):
    """A file, folder or link: all that tells it from another but its times."""

    kind: bytes
    mode: int
    owner: tuple[int, int]
    link: str
    content: str
    """SHA-256 of a file's bytes"""


class Image(NamedTuple):
    """What an image holds, and what it is run with."""

    files: dict[str, Entry]
    configuration: dict[str, Any]


def differences(before: Image, after: Image, noise: Iterable[str] = ()) -> set[str]:
    """Return the paths and settings in which two images differ; ``noise`` are patterns of paths."""
    patterns = tuple(noise)
    found = {
        path
        for path in before.files.keys() | after.files.keys()
        if before.files.get(path) != after.files.get(path)
        and not any(fnmatchcase(path, pattern) for pattern in patterns)
    }
    settings = before.configuration.keys() | after.configuration.keys()
    return found | {key for key in settings if before.configuration.get(key) != after.configuration.get(key)}


def read_image(folder: Path, dockerfile: str, name: str) -> Image:
    """Return the image that a Dockerfile makes of a folder; it is built under a name and removed again."""
    place = folder.parent / f"Dockerfile.{name}"
    place.write_text(dockerfile)
    tag = f"dockeropt-test:{name}"
    build = ("docker", "buildx", "build", "--load", "--provenance=false", f"--tag={tag}", f"--file={place}")
    finished = subprocess.run((*build, str(folder)), capture_output=True, text=True, timeout=600, check=False)
    if finished.returncode:
        raise BuildFailedError(finished.stderr[-3000:])
    try:
        inspected = json.loads(_docker("image", "inspect", tag))[0]
        with _exported(tag) as archive:
            files = {member.name.rstrip("/"): _entry(member, archive) for member in archive}
    finally:
        _docker("image", "rm", "--force", tag)
    kept = {
        path: entry
        for path, entry in files.items()
        if not any(path == own or path.startswith(f"{own}/") for own in _OF_CONTAINERS)
    }
    configuration = {key: inspected["Config"].get(key) for key in _CONFIGURED}
    return Image(kept, {**configuration, "Author": inspected.get("Author") or None})


def _entry(member: tarfile.TarInfo, archive: tarfile.TarFile) -> Entry:
    file = archive.extractfile(member) if member.isreg() else None
    digest = sha256()
    while file is not None and (data := file.read(1 << 20)):
        digest.update(data)
    content = digest.hexdigest() if file is not None else ""
    return Entry(member.type, member.mode, (member.uid, member.gid), member.linkname, content)


@contextmanager
def _exported(tag: str) -> Generator[tarfile.TarFile]:
    """Give the files of an image, as a container of it would see them, as a stream."""
    container = _docker("container", "create", tag, "none").strip()
    command = ("docker", "container", "export", container)
    try:
        with (
            subprocess.Popen(command, stdout=subprocess.PIPE) as process,
            tarfile.open(fileobj=process.stdout, mode="r|") as archive,
        ):
            yield archive
        assert process.returncode == 0
    finally:
        _docker("container", "rm", container)


def _docker(*arguments: str) -> str:
    return subprocess.run(
        ("docker", *arguments), capture_output=True, text=True, check=True, timeout=120
    ).stdout
