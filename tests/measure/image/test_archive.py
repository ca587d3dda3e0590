import gzip
import io
import json
import sys
import tracemalloc
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from dockeropt.errors import MeasureError
from dockeropt.measure.image.archive import read_archive
from dockeropt.measure.image.blob import Weight, read_layer
from dockeropt.measure.image.history import cleaned
from tests.measure.image.archives import archive, blob, configuration, layer, oci_layout, saved

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TAR = layer({"a": b"layer" * 3000})
OTHER = layer({"b": b"\0" * 10240})
HISTORY: list[Mapping[str, object]] = [
    {"created_by": "ADD rootfs.tar / # buildkit"},
    {"created_by": "ENV A=1", "empty_layer": True},
    {"created_by": "RUN /bin/sh -c npm ci # buildkit"},
    {"created_by": 'CMD ["node"]', "empty_layer": True},
]


def test_compressed_layers_are_weighed_as_they_are_and_named() -> None:
    first, second = gzip.compress(TAR), gzip.compress(OTHER)
    image = read_archive(saved([first, second], HISTORY), "a:b")
    size = image.size
    assert (size.compressed_by, image.platform) == ("engine", "linux/amd64")
    assert (len(first) + len(second), len(TAR) + len(OTHER)) == (size.compressed_bytes, size.unpacked_bytes)
    assert [each.instruction for each in size.layers] == ["ADD rootfs.tar /", "RUN npm ci"]
    assert [(len(first), len(TAR)), (len(second), len(OTHER))] == [
        (each.compressed_bytes, each.unpacked_bytes) for each in size.layers
    ]
    assert [[entry.path for entry in each.entries] for each in image.layers] == [["a"], ["b"]]


def test_unpacked_layers_are_compressed_to_be_weighed_and_it_says_so() -> None:
    size = read_archive(saved([TAR, OTHER], HISTORY), "a:b").size
    assert size.compressed_by == "dockeropt"
    assert len(TAR) + len(OTHER) == size.unpacked_bytes
    assert [len(gzip.compress(each, 6)) for each in (TAR, OTHER)] == [
        each.compressed_bytes for each in size.layers
    ]


def test_other_blobs_do_not_count_whatever_they_are() -> None:
    packed, other = gzip.compress(TAR), b"no archive" * 999
    size = read_archive(saved([packed], [{"created_by": "COPY a b"}], **{blob(other): other}), "a:b").size
    assert len(TAR) == size.unpacked_bytes


def test_layers_of_older_engines_are_followed_through_their_links() -> None:
    config = configuration([{"created_by": "one"}, {"created_by": "two"}])
    manifest = [{"Config": "c.json", "RepoTags": None, "Layers": ["one/layer.tar", "two/layer.tar"]}]
    files = {"one/layer.tar": TAR, "c.json": config, "manifest.json": json.dumps(manifest).encode()}
    size = read_archive(archive(files, {"two/layer.tar": "../one/layer.tar"}), "a:b").size
    assert [len(TAR), len(TAR)] == [each.unpacked_bytes for each in size.layers]


def test_the_same_layer_twice_counts_twice() -> None:
    packed = gzip.compress(TAR)
    assert 2 * len(TAR) == read_archive(saved([packed, packed], HISTORY), "a:b").size.unpacked_bytes


def test_a_history_that_does_not_fit_the_layers_names_none() -> None:
    size = read_archive(saved([TAR], HISTORY), "a:b").size
    assert [each.instruction for each in size.layers] == [""]


def test_an_oci_archive_without_docker_s_index() -> None:
    size = read_archive(archive(oci_layout([TAR, OTHER])), "a.tar").size
    assert ("engine", len(TAR) + len(OTHER)) == (size.compressed_by, size.unpacked_bytes)


def test_a_platform_is_chosen() -> None:
    files = oci_layout([TAR], ("linux/amd64", "linux/s390x"))
    assert read_archive(archive(files), "a.tar", "linux/s390x").platform == "linux/s390x"
    with pytest.raises(MeasureError, match="no image for linux/mips") as raised:
        read_archive(archive(files), "a.tar", "linux/mips")
    assert "--platform: linux/amd64, linux/s390x" in raised.value.hint


def test_a_layer_of_several_gzip_members_is_read_to_its_end() -> None:
    half = len(TAR) // 2
    data = gzip.compress(TAR[:half]) + gzip.compress(TAR[half:])
    assert (
        Weight(len(data), len(TAR), was_compressed=True) == read_layer(data[:4], io.BytesIO(data[4:])).weight
    )


def test_a_layer_of_several_zstd_frames_is_read_to_its_end() -> None:
    half = len(TAR) // 2
    data = zstd.compress(TAR[:half]) + zstd.compress(TAR[half:])
    found = read_layer(data[:4], io.BytesIO(data[4:]))
    assert Weight(len(data), len(TAR), was_compressed=True) == found.weight
    assert [each.path for each in found.entries] == ["a"]
    with pytest.raises(EOFError, match="ends in the middle"):
        read_layer(data[:4], io.BytesIO(data[4:-9]))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "cannot be read", id="nothing at all"),
        pytest.param(b"{}" * 4096, "cannot be read", id="no tar archive"),
        pytest.param(archive({"a": b"b"}).getvalue(), "neither manifest.json", id="no manifest"),
        pytest.param(archive({"manifest.json": b"[]"}).getvalue(), "holds 0 images", id="no image in it"),
        pytest.param(archive({"manifest.json": b"{"}).getvalue(), "no archive of an image", id="broken JSON"),
        pytest.param(
            archive({"index.json": b"{}"}).getvalue(), "has no list of manifests", id="an empty OCI index"
        ),
        pytest.param(
            archive({"index.json": b'{"manifests": [{"digest": "sha256:../../x", "size": 1}]}'}).getvalue(),
            "which is no digest",
            id="a digest that is a path",
        ),
        pytest.param(
            archive({"manifest.json": b'[{"Config": "c", "Layers": ["../../../etc/passwd"]}]'}).getvalue(),
            "c is missing",
            id="a path outside",
        ),
        pytest.param(
            archive(
                {
                    "c": b"{}",
                    "manifest.json": b'[{"Config": "c", "Layers": ["l"]}]',
                },
                {"l": "../../../etc/passwd"},
            ).getvalue(),
            "l is missing",
            id="a link outside",
        ),
        pytest.param(
            saved([gzip.compress(TAR)[:-20]], HISTORY).getvalue(),
            "cannot be read",
            id="a layer that ends early",
        ),
        pytest.param(
            saved([TAR], HISTORY).getvalue()[:5000], "cannot be read", id="an archive that ends early"
        ),
        pytest.param(saved([b"x" * 2048], HISTORY).getvalue(), "no tar archive", id="a layer that is none"),
    ],
)
def test_what_is_no_image_is_said(data: bytes, said: str) -> None:
    with pytest.raises(MeasureError, match=said):
        read_archive(io.BytesIO(data), "a:b")


def zeros(size: int) -> Iterator[bytes]:
    """Yield a layer of one file of so many megabytes of zeros."""
    head = layer({"zeros": b""})[:512].replace(b"00000000000", f"{size << 20:011o}".encode(), 1)
    yield head[:148] + f"{sum(head[:148]) + sum(head[156:]) + 8 * 32:06o}\0 ".encode() + head[156:]
    for _ in range(size):
        yield bytes(1 << 20)
    yield bytes(1024)


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(gzip.GzipFile, id="gzip: 1,000 times as much"),
        pytest.param(zstd.ZstdFile, id="zstd: 10,000 times as much"),
    ],
)
def test_memory_stays_small_whatever_a_layer_unpacks_to(
    kind: type[gzip.GzipFile | zstd.ZstdFile], tmp_path: Path
) -> None:
    path = tmp_path / "layer"
    with kind(path, "wb") as file:
        file.writelines(zeros(200))
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            weight = read_layer(file.read(4), file).weight
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert Weight(path.stat().st_size, (200 << 20) + 512 + 1024, was_compressed=True) == weight
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
