import gzip
import hashlib
import io
import json
import sys
import tarfile
import tracemalloc
from importlib.util import find_spec
from pathlib import Path

import pytest

from dockeropt.errors import MeasureError
from dockeropt.measure.image import Weight, cleaned, read_archive, weigh

TAR = b"layer" * 3000
OTHER = b"\0" * 10240


def archive(files: dict[str, bytes], links: dict[str, str] | None = None) -> io.BytesIO:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
        for name, target in (links or {}).items():
            member = tarfile.TarInfo(name)
            member.type = tarfile.SYMTYPE
            member.linkname = target
            tar.addfile(member)
    buffer.seek(0)
    return buffer


def blob(data: bytes) -> str:
    return f"blobs/sha256/{hashlib.sha256(data).hexdigest()}"


def image(layers: list[bytes], history: list[dict[str, object]], **more: bytes) -> io.BytesIO:
    config = json.dumps({"history": history}).encode()
    manifest = [{"Config": blob(config), "RepoTags": ["a:b"], "Layers": [blob(layer) for layer in layers]}]
    files = {blob(layer): layer for layer in layers}
    return archive({**files, blob(config): config, **more, "manifest.json": json.dumps(manifest).encode()})


HISTORY: list[dict[str, object]] = [
    {"created_by": "ADD rootfs.tar / # buildkit"},
    {"created_by": "ENV A=1", "empty_layer": True},
    {"created_by": "RUN /bin/sh -c npm ci # buildkit"},
    {"created_by": 'CMD ["node"]', "empty_layer": True},
]


def test_compressed_layers_are_weighed_as_they_are_and_named() -> None:
    first, second = gzip.compress(TAR), gzip.compress(OTHER)
    size = read_archive(image([first, second], HISTORY), "a:b")
    assert size.compressed_by == "engine"
    assert (len(first) + len(second), len(TAR) + len(OTHER)) == (size.compressed_bytes, size.unpacked_bytes)
    assert [layer.instruction for layer in size.layers] == ["ADD rootfs.tar /", "RUN npm ci"]
    assert [(len(first), len(TAR)), (len(second), len(OTHER))] == [
        (layer.compressed_bytes, layer.unpacked_bytes) for layer in size.layers
    ]


def test_unpacked_layers_are_compressed_to_be_weighed_and_it_says_so() -> None:
    size = read_archive(image([TAR, OTHER], HISTORY), "a:b")
    assert size.compressed_by == "dockeropt"
    assert len(TAR) + len(OTHER) == size.unpacked_bytes
    assert [len(gzip.compress(layer, 6)) for layer in (TAR, OTHER)] == [
        each.compressed_bytes for each in size.layers
    ]


def test_attestations_and_other_blobs_do_not_count() -> None:
    layer, attestation = gzip.compress(TAR), gzip.compress(b"attestation" * 999)
    size = read_archive(
        image([layer], [{"created_by": "COPY a b"}], **{blob(attestation): attestation}), "a:b"
    )
    assert len(TAR) == size.unpacked_bytes


def test_layers_of_older_engines_are_followed_through_their_links() -> None:
    config = json.dumps({"history": [{"created_by": "one"}, {"created_by": "two"}]}).encode()
    manifest = [{"Config": "c.json", "RepoTags": None, "Layers": ["one/layer.tar", "two/layer.tar"]}]
    files = {"one/layer.tar": TAR, "c.json": config, "manifest.json": json.dumps(manifest).encode()}
    size = read_archive(archive(files, {"two/layer.tar": "../one/layer.tar"}), "a:b")
    assert [len(TAR), len(TAR)] == [layer.unpacked_bytes for layer in size.layers]


def test_the_same_layer_twice_counts_twice() -> None:
    layer = gzip.compress(TAR)
    size = read_archive(image([layer, layer], HISTORY), "a:b")
    assert 2 * len(TAR) == size.unpacked_bytes


def test_a_history_that_does_not_fit_the_layers_names_none() -> None:
    size = read_archive(image([TAR], HISTORY), "a:b")
    assert [layer.instruction for layer in size.layers] == [""]


def test_a_layer_of_several_gzip_members_is_read_to_its_end() -> None:
    data = gzip.compress(TAR) + gzip.compress(OTHER)
    weight = weigh(data[:4], io.BytesIO(data[4:]))
    assert (len(data), len(TAR) + len(OTHER)) == (weight.compressed, weight.unpacked)


def test_zstd_is_read_or_refused_with_what_to_install() -> None:
    # An empty zstd frame: magic, descriptor, window, one last raw block of no bytes.
    frame = bytes.fromhex("28b52ffd 0058 010000")
    if find_spec("zstandard") is not None or sys.version_info >= (3, 14):
        assert Weight(len(frame), 0, was_compressed=True) == weigh(frame[:4], io.BytesIO(frame[4:]))
        return
    with pytest.raises(MeasureError, match="zstd") as raised:
        weigh(frame[:4], io.BytesIO(frame[4:]))
    assert "zstandard" in raised.value.hint


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "cannot be read", id="nothing at all"),
        pytest.param(b"{}" * 4096, "cannot be read", id="no tar archive"),
        pytest.param(archive({"a": b"b"}).getvalue(), "not as docker writes it", id="no manifest"),
        pytest.param(
            archive({"manifest.json": b"[]"}).getvalue(), "not as docker writes it", id="no image in it"
        ),
        pytest.param(
            archive({"manifest.json": b"{"}).getvalue(), "not as docker writes it", id="broken JSON"
        ),
        pytest.param(
            image([gzip.compress(TAR)[:-20]], HISTORY).getvalue(),
            "cannot be read",
            id="a layer that ends early",
        ),
        pytest.param(
            image([TAR], HISTORY).getvalue()[:5000], "cannot be read", id="an archive that ends early"
        ),
    ],
)
def test_what_is_no_image_is_said(data: bytes, said: str) -> None:
    with pytest.raises(MeasureError, match=said):
        read_archive(io.BytesIO(data), "a:b")


@pytest.fixture
def large_gzip(tmp_path: Path) -> tuple[Path, int]:
    path = tmp_path / "layer"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(200):
            file.write(bytes(1 << 20))
    return path, 200 << 20


def test_memory_stays_small_whatever_a_layer_unpacks_to(large_gzip: tuple[Path, int]) -> None:
    path, unpacked = large_gzip
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            weight = weigh(file.read(4), file)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (path.stat().st_size, unpacked) == (weight.compressed, weight.unpacked)
    assert peak < 40 << 20


@pytest.mark.parametrize(
    ("created_by", "instruction"),
    [
        pytest.param("COPY . . # buildkit", "COPY . .", id="BuildKit's mark"),
        pytest.param("RUN /bin/sh -c npm ci # buildkit", "RUN npm ci", id="the default shell"),
        pytest.param(
            "RUN |1 A=b /bin/sh -c npm ci # buildkit", "RUN npm ci", id="arguments before the shell"
        ),
        pytest.param('/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]', id="the classic builder's metadata"),
        pytest.param("/bin/sh -c apt-get update", "RUN apt-get update", id="the classic builder's RUN"),
        pytest.param(
            "RUN /bin/bash -o pipefail -c a | b # buildkit", "RUN /bin/bash -o pipefail -c a | b", id="SHELL"
        ),
        pytest.param("bazel build ...", "bazel build ...", id="another builder"),
    ],
)
def test_instructions_are_shown_without_marks(created_by: str, instruction: str) -> None:
    assert instruction == cleaned(created_by)
