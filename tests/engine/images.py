"""Images of every shape, and an oracle of what they hold: the engine's own export of a container."""

import gzip
import hashlib
import io
import json
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_BASE = "FROM nginx:stable-alpine\n"
DOCKERFILES: Mapping[str, str] = {
    "one file": "FROM scratch\nCOPY a.txt /\n",
    "a base as it is": _BASE + "LABEL a=b\n",
    "files replaced": _BASE + "COPY a.txt /data/a\nCOPY b.txt /data/a\nRUN echo c > /data/a\n",
    "files deleted": _BASE + "RUN mkdir /d && head -c 50000 /dev/urandom > /d/a\nRUN rm /d/a /etc/passwd\n",
    "a folder deleted": _BASE + "RUN mkdir -p /d/e/f && echo a > /d/e/f/g && echo b > /d/h\nRUN rm -r /d\n",
    "a folder made again": _BASE
    + "RUN mkdir /d && echo a > /d/a && echo b > /d/b\nRUN rm -r /d && mkdir /d && echo c > /d/c\n",
    "a folder made a file": _BASE + "RUN mkdir /d && echo a > /d/a\nRUN rm -r /d && echo file > /d\n",
    "a file made a folder": _BASE + "RUN echo file > /d\nRUN rm /d && mkdir /d && echo a > /d/a\n",
    "links": _BASE
    + "RUN echo hard > /a && ln /a /b && ln -s /a /c && ln -s ../../../../etc /out\n"
    + "RUN rm /a && mkfifo /pipe\n",
    "long and odd names": _BASE
    + "RUN n=$(printf 'n%.0s' $(seq 200)); mkdir -p /$n/$n && echo a > /$n/$n/$n\n"
    + "RUN echo b > '/a b \"c\"'\n"
    + "RUN echo ä > \"/$(printf 'caf\\303\\251')\" && echo x > \"/$(printf 'raw\\351')\"\n",
    "modes and owners alone": _BASE + "COPY a.txt /a\nRUN chmod 700 /a && chown 1000 /a\n",
    "many small files": _BASE + "RUN mkdir /m && for i in $(seq 3000); do echo $i > /m/$i; done\n",
}
"""by what is special about them; all are built with a.txt and b.txt in the context"""

_MADE_BY_THE_ENGINE = {
    ".dockerenv",
    "etc/hosts",
    "etc/hostname",
    "etc/resolv.conf",
    "etc/mtab",
    "dev/console",
}
"""in a container that was never started, but in no image"""


class Layer(NamedTuple):
    """The bytes of a layer."""

    compressed: int
    unpacked: int


def docker(*arguments: str, given: bytes = b"") -> bytes:
    """Return what a docker command prints when it is given something on its standard input."""
    finished = subprocess.run(
        ["docker", *arguments], input=given, capture_output=True, timeout=300, check=False
    )
    assert finished.returncode == 0, finished.stderr.decode()[-2000:]
    return finished.stdout


@contextmanager
def built(name: str, folder: Path, token: str) -> Iterator[str]:
    """Build the image of a name and yield its tag."""
    folder.mkdir()
    (folder / "Dockerfile").write_text(DOCKERFILES[name] + f"LABEL token={token}\n")
    (folder / "a.txt").write_text(f"a {token}\n")
    (folder / "b.txt").write_text(f"b {token}\n")
    tag = f"dockeropt-test:{token}"
    docker("buildx", "build", "--load", "--provenance=false", f"--tag={tag}", str(folder))
    try:
        yield tag
    finally:
        docker("image", "rm", "--force", tag)


def saved_layers(archive: bytes) -> list[Layer]:
    """Return the layers of what ``docker image save`` wrote, unpacked by Python's own libraries."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:

        def content(path: str) -> bytes:
            member = tar.extractfile(path)
            assert member is not None
            return member.read()

        manifest = json.loads(content("manifest.json"))[0]
        blobs = [content(path) for path in manifest["Layers"]]
    layers = []
    for blob in blobs:
        is_packed = blob.startswith(b"\x1f\x8b")
        packed = len(blob) if is_packed else len(gzip.compress(blob, 6))
        layers.append(Layer(packed, len(gzip.decompress(blob) if is_packed else blob)))
    return layers


def exported(tag: str) -> dict[str, tuple[int, bytes]]:
    """Return the regular files of a container of an image, each with its size and half its SHA-256.

    Hard links are left out: which of two names is the file is up to who writes the archive.
    """
    container = docker("create", tag, "none").decode().strip()
    try:
        data = docker("export", container)
    finally:
        docker("rm", "--volumes", container)
    files = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        members = tar.getmembers()
        linked = {member.linkname for member in members if member.islnk()}
        for member in members:
            if member.isreg() and member.name not in linked and member.name not in _MADE_BY_THE_ENGINE:
                content = tar.extractfile(member)
                assert content is not None
                files[member.name] = member.size, hashlib.sha256(content.read()).digest()[:16]
    return files
