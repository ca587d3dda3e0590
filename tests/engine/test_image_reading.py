"""Images read by us and by the engine: the same bytes, the same files, in every store and from a registry."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dockeropt.measure.image.model import Image
from dockeropt.measure.image.subject import read_subject
from dockeropt.measure.image.tar import Kind
from dockeropt.measure.image.tree import tree_of
from tests.engine.classic_engine import classic_engine
from tests.engine.images import DOCKERFILES, Layer, built, docker, exported, saved_layers

pytestmark = [pytest.mark.engine, pytest.mark.second_engine]


@pytest.fixture(scope="module")
def classic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a second engine, with the classic image store."""
    with classic_engine(tmp_path_factory.mktemp("classic")) as host:
        yield host


def files_of(image: Image, exported: dict[str, tuple[int, bytes]]) -> dict[str, tuple[int, bytes]]:
    """Return the files of an image that are no hard links and have none."""
    tree = tree_of([layer.entries for layer in image.layers])
    linked = {
        entry.digest for layer in image.layers for entry in layer.entries if entry.kind is Kind.HARDLINK
    }
    return {
        path: (entry.size, entry.digest)
        for path, (_, entry) in tree.files.items()
        if entry.kind is Kind.FILE
        and (path in exported or path.encode("utf-8", "surrogateescape") not in linked)
    }


def layers_of(image: Image) -> list[Layer]:
    return [Layer(layer.weight.compressed, layer.weight.unpacked) for layer in image.layers]


@pytest.mark.parametrize("name", DOCKERFILES)
def test_an_image_is_what_the_engine_says_in_both_stores(
    name: str, classic: str, tmp_path: Path, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with built(name, tmp_path / token, token) as tag:
        archive = docker("image", "save", tag)
        image = read_subject(f"engine://{tag}")
        assert saved_layers(archive) == layers_of(image)
        (tmp_path / "saved.tar").write_bytes(archive)
        assert read_subject(str(tmp_path / "saved.tar")).layers == image.layers
        files = exported(tag)
        assert files == files_of(image, files)
        tree = tree_of([layer.entries for layer in image.layers])
        stored = sum(entry.size for layer in image.layers for entry in layer.entries)
        assert stored - sum(entry.size for _, entry in tree.files.values()) == sum(tree.wasted)

    monkeypatch.setenv("DOCKER_HOST", classic)
    docker("load", given=archive)
    image = read_subject(f"engine://{tag}")
    assert image.size.compressed_by == "dockeropt"
    assert saved_layers(docker("image", "save", tag)) == layers_of(image)
    assert files == files_of(image, files)
