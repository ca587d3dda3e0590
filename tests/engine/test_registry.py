"""Images read from a registry without pulling them, to the byte of the manifest."""

import base64
import gzip
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from dockeropt.cli.main import main
from dockeropt.errors import MeasureError
from dockeropt.measure.image.manifest import MEDIA_TYPES
from dockeropt.measure.image.subject import read_subject
from tests.engine.images import built, docker
from tests.engine.registry import PASSWORD, USER, registry

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with registry(tmp_path_factory.mktemp("public")) as address:
        yield address


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with registry(tmp_path_factory.mktemp("private"), login=True) as address:
        yield address


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of docker's configuration, without any login."""
    folder = tmp_path / "docker"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    return folder


def pushed(address: str, tmp_path: Path, token: str) -> str:
    """Push an image and return its name."""
    name = f"{address}/team/app:{token}"
    with built("files replaced", tmp_path / token, token) as tag:
        docker("tag", tag, name)
        docker("push", name)
        docker("image", "rm", name)
    return name


def manifest_of(name: str) -> Any:
    """Return what the registry itself says of an image."""
    address, _, rest = name.partition("/")
    repository, _, tag = rest.rpartition(":")
    request = Request(
        f"http://{address}/v2/{repository}/manifests/{tag}", headers={"Accept": ", ".join(MEDIA_TYPES)}
    )
    with urlopen(request, timeout=20) as answer:
        return json.load(answer)


def blob_of(name: str, digest: str) -> bytes:
    address, _, rest = name.partition("/")
    with urlopen(f"http://{address}/v2/{rest.rpartition(':')[0]}/blobs/{digest}", timeout=20) as answer:
        return bytes(answer.read())


def test_the_bytes_are_those_of_the_manifest(public: str, settings: Path, tmp_path: Path, token: str) -> None:
    name = pushed(public, tmp_path, token)
    layers = manifest_of(name)["layers"]
    image = read_subject(f"registry://{name}")
    assert [layer["size"] for layer in layers] == [each.weight.compressed for each in image.layers]
    assert [len(gzip.decompress(blob_of(name, layer["digest"]))) for layer in layers] == [
        each.weight.unpacked for each in image.layers
    ]
    assert image.layers[-1].instruction == "RUN echo c > /data/a"
    assert image.size.compressed_by == "engine"
    assert main(["gate", f"registry://{name}", f"--max-size={image.size.compressed_bytes}B"]) == 0
    assert main(["gate", f"registry://{name}", f"--max-size={image.size.compressed_bytes - 1}B"]) == 1


def test_an_image_the_engine_does_not_have_is_looked_for_in_its_registry(
    public: str, settings: Path, tmp_path: Path, token: str
) -> None:
    name = pushed(public, tmp_path, token)
    assert read_subject(name).layers == read_subject(f"registry://{name}").layers


def test_an_index_has_an_image_for_each_platform(
    public: str, settings: Path, tmp_path: Path, token: str
) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM scratch\nCOPY a /\nLABEL token={token}\n")
    (tmp_path / "a").write_text(token)
    name = f"{public}/team/index:{token}"
    platforms = "--platform=linux/amd64,linux/s390x"
    docker("buildx", "build", platforms, "--push", "--provenance=true", f"--tag={name}", str(tmp_path))
    assert read_subject(name, "linux/s390x").platform == "linux/s390x"
    with pytest.raises(MeasureError, match="no image for linux/mips") as raised:
        read_subject(name, "linux/mips")
    assert raised.value.hint == "choose one with --platform: linux/amd64, linux/s390x"


def logged_in(settings: Path, address: str) -> None:
    """Log in as ``docker login`` does without a credential helper."""
    secret = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    (settings / "config.json").write_text(json.dumps({"auths": {address: {"auth": secret}}}))


def helped(settings: Path, address: str) -> None:
    """Log in with a credential helper: a program that answers for each registry."""
    helper = settings / "docker-credential-test"
    answer = json.dumps({"ServerURL": address, "Username": USER, "Secret": PASSWORD})
    helper.write_text(f"#!{sys.executable}\nimport sys\nsys.stdin.read()\nprint({answer!r})\n")
    helper.chmod(0o755)
    (settings / "config.json").write_text(json.dumps({"credHelpers": {address: "test"}}))


@pytest.mark.parametrize("log_in", [logged_in, helped], ids=["a login in the file", "a credential helper"])
def test_a_private_registry_is_read_with_docker_s_login(
    log_in: Any,
    private: str,
    settings: Path,
    tmp_path: Path,
    token: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", f"{settings}{os.pathsep}{os.environ['PATH']}")
    log_in(settings, private)
    name = pushed(private, tmp_path, token)
    assert len(read_subject(f"registry://{name}").layers) > 1

    (settings / "config.json").write_text("{}")
    with pytest.raises(MeasureError, match="does not let you read") as raised:
        read_subject(f"registry://{name}")
    assert f"docker login {private}" in raised.value.hint


def test_what_is_not_there_is_said(public: str, settings: Path) -> None:
    with pytest.raises(MeasureError, match=r"has no .*/team/none:1"):
        read_subject(f"registry://{public}/team/none:1")
    with pytest.raises(MeasureError, match=r"127\.0\.0\.1:1 does not answer"):
        read_subject("registry://127.0.0.1:1/team/none:1")
