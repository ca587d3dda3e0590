"""Layers and archives to read, as builders and engines write them."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence

FOLDER = None


def layer(files: Mapping[str, bytes | None], links: Mapping[str, str] | None = None, **options: int) -> bytes:
    """Return a tar archive of files; None makes a folder, a link beginning with ``=`` is a hard one."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", **options) as tar:  # type: ignore[call-overload]
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            if data is None:
                member.type = tarfile.DIRTYPE
            else:
                member.size = len(data)
            tar.addfile(member, io.BytesIO(data or b""))
        for name, target in (links or {}).items():
            member = tarfile.TarInfo(name)
            member.type = tarfile.LNKTYPE if target.startswith("=") else tarfile.SYMTYPE
            member.linkname = target.removeprefix("=")
            tar.addfile(member)
    return buffer.getvalue()


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def blob(data: bytes) -> str:
    """Return where a layout has a blob."""
    return f"blobs/sha256/{hashlib.sha256(data).hexdigest()}"


def configuration(history: Sequence[Mapping[str, object]], platform: str = "linux/amd64") -> bytes:
    system, _, architecture = platform.partition("/")
    return json.dumps({"os": system, "architecture": architecture, "history": history}).encode()


def saved(layers: Sequence[bytes], history: Sequence[Mapping[str, object]], **more: bytes) -> io.BytesIO:
    """Return what ``docker image save`` writes of an image since engine 25, without its OCI index."""
    config = configuration(history)
    manifest = [{"Config": blob(config), "RepoTags": ["a:b"], "Layers": [blob(each) for each in layers]}]
    files = {blob(each): each for each in layers}
    return archive({**files, blob(config): config, **more, "manifest.json": json.dumps(manifest).encode()})


def archive(files: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> io.BytesIO:
    return io.BytesIO(layer(files, links))


def descriptor(data: bytes, kind: str, **more: object) -> dict[str, object]:
    return {
        "mediaType": f"application/vnd.oci.image.{kind}",
        "digest": digest(data),
        "size": len(data),
        **more,
    }


def oci_layout(layers: Sequence[bytes], platforms: Sequence[str] = ("linux/amd64",)) -> dict[str, bytes]:
    """Return the files of an OCI layout: an image a platform, its layers in gzip, and an attestation."""
    packed = [gzip.compress(each) for each in layers]
    files = {blob(each): each for each in packed}
    manifests = []
    for platform in platforms:
        config = configuration([{"created_by": "COPY a b"}] * len(layers), platform)
        manifest = json.dumps(
            {
                "config": descriptor(config, "config.v1+json"),
                "layers": [descriptor(each, "layer.v1.tar+gzip") for each in packed],
            }
        ).encode()
        files |= {blob(config): config, blob(manifest): manifest}
        system, _, architecture = platform.partition("/")
        manifests.append(
            descriptor(manifest, "manifest.v1+json", platform={"os": system, "architecture": architecture})
        )
    attestation = json.dumps({"config": {}, "layers": []}).encode()
    files[blob(attestation)] = attestation
    manifests.append(
        descriptor(
            attestation, "manifest.v1+json", annotations={"vnd.docker.reference.type": "attestation-manifest"}
        )
    )
    index = json.dumps({"schemaVersion": 2, "manifests": manifests}).encode()
    return {**files, "index.json": index, "oci-layout": b'{"imageLayoutVersion": "1.0.0"}'}
