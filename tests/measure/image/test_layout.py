from pathlib import Path

import pytest

from dockeropt.errors import MeasureError, UsageError
from dockeropt.measure.image.subject import read_subject
from tests.measure.image.archives import archive, layer, oci_layout

TAR = layer({"a": b"layer" * 3000})


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    for path, data in oci_layout([TAR], ("linux/amd64", "linux/arm64")).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


def largest(layout: Path) -> Path:
    return next(path for path in (layout / "blobs" / "sha256").iterdir() if path.read_bytes()[:1] != b"{")


def test_a_layout_is_read(layout: Path) -> None:
    image = read_subject(str(layout), "linux/arm64")
    assert ("linux/arm64", len(TAR)) == (image.platform, image.size.unpacked_bytes)
    assert largest(layout).stat().st_size == image.size.compressed_bytes


def test_a_blob_that_is_another_than_its_digest_says_is_refused(layout: Path) -> None:
    data = largest(layout).read_bytes()
    largest(layout).write_bytes(data[:10] + b"\1\1" + data[12:])
    with pytest.raises(MeasureError, match=r"damaged|another content"):
        read_subject(str(layout), "linux/amd64")


def test_a_blob_that_goes_on_after_its_end_is_refused(layout: Path) -> None:
    largest(layout).write_bytes(largest(layout).read_bytes() + b"more")
    with pytest.raises(MeasureError, match=r"damaged|another content"):
        read_subject(str(layout), "linux/amd64")


def test_a_blob_that_is_a_link_is_not_followed(
    layout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "blob"
    path = largest(layout)
    path.rename(outside)
    path.symlink_to(outside)
    with pytest.raises(MeasureError, match="cannot be read"):
        read_subject(str(layout), "linux/amd64")


def test_a_blob_that_is_missing_is_named(layout: Path) -> None:
    path = largest(layout)
    path.unlink()
    with pytest.raises(MeasureError, match=f"no such file or directory: .*{path.name}"):
        read_subject(str(layout), "linux/amd64")


def test_a_file_is_an_archive(tmp_path: Path) -> None:
    (tmp_path / "image.tar").write_bytes(archive(oci_layout([TAR])).getvalue())
    assert len(TAR) == read_subject(str(tmp_path / "image.tar")).size.unpacked_bytes


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("{folder}", "is a folder, but no OCI layout", id="a folder"),
        pytest.param("{folder}/none.tar", "there is no file", id="a file that is not there"),
        pytest.param("registry://A B", "neither a file, a folder nor the name", id="no reference"),
    ],
)
def test_what_names_no_image_is_wrong_use(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_subject(name.format(folder=tmp_path))
