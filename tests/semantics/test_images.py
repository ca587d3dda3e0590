"""Image references by the grammar of distribution/reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.semantics.images import ImageReference, parse_image

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("node", (None, "node", None, None), id="name alone"),
        pytest.param("node:22-alpine", (None, "node", "22-alpine", None), id="tag"),
        pytest.param("bitnami/node", (None, "bitnami/node", None, None), id="account"),
        pytest.param("ghcr.io/a/b/c:1", ("ghcr.io", "a/b/c", "1", None), id="registry told by a dot"),
        pytest.param("localhost/app", ("localhost", "app", None, None), id="localhost"),
        pytest.param("host:5000/app", ("host:5000", "app", None, None), id="registry told by a port"),
        pytest.param("host:5000", (None, "host", "5000", None), id="a port without a path is a tag"),
        pytest.param("Host/app", ("Host", "app", None, None), id="registry told by upper case"),
        pytest.param("[::1]:5000/app", ("[::1]:5000", "app", None, None), id="IPv6 address"),
        pytest.param(f"node@{DIGEST}", (None, "node", None, DIGEST), id="digest"),
        pytest.param(f"node:22@{DIGEST}", (None, "node", "22", DIGEST), id="tag and digest"),
        pytest.param("a/b__c--d.e", (None, "a/b__c--d.e", None, None), id="separators"),
    ],
)
def test_a_reference_is_taken_apart(
    text: str, expected: tuple[str | None, str, str | None, str | None]
) -> None:
    found = parse_image(text)
    assert ImageReference(*expected) == found
    assert text == str(found)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("Node", id="upper case"),
        pytest.param("node:", id="empty tag"),
        pytest.param("node:-1", id="tag that begins with a dash"),
        pytest.param("node:" + "a" * 129, id="long tag"),
        pytest.param("node@sha256:12", id="short digest"),
        pytest.param("node@", id="empty digest"),
        pytest.param("a//b", id="empty part"),
        pytest.param("-a", id="leading dash"),
        pytest.param("a_", id="trailing separator"),
        pytest.param("a___b", id="three underscores"),
        pytest.param("$IMAGE", id="open variable"),
        pytest.param("node:${V}", id="open variable in the tag"),
        pytest.param("{{ image }}", id="template"),
        pytest.param("a" * 256, id="long name"),
        pytest.param("0123456789abcdef" * 4, id="image id"),
        pytest.param("https://host/a", id="web address"),
        pytest.param("nodé", id="letter that is not ASCII"),
        pytest.param("node:1\n", id="line end"),
    ],
)
def test_what_is_no_reference(text: str) -> None:
    assert parse_image(text) is None


@pytest.mark.parametrize(
    ("text", "familiar", "is_official", "last"),
    [
        pytest.param("node:22", "node", True, "node", id="short"),
        pytest.param("library/node", "node", True, "node", id="library"),
        pytest.param("docker.io/library/node", "node", True, "node", id="long"),
        pytest.param("docker.io/bitnami/node", "bitnami/node", False, "node", id="account"),
        pytest.param("ghcr.io/node", "ghcr.io/node", False, "node", id="other registry"),
        pytest.param(
            "mirror.example/library/node:1", "mirror.example/library/node", False, "node", id="mirror"
        ),
    ],
)
def test_the_same_image_has_the_same_familiar_name(
    text: str, familiar: str, is_official: bool, last: str
) -> None:
    image = parse_image(text)
    assert image is not None
    assert (familiar, is_official, last) == (image.familiar_name, image.is_official, image.last_name)


@given(st.text(alphabet="aB0._-/:@[]$é", max_size=20))
def test_any_text_is_read_and_written_back(text: str) -> None:
    image = parse_image(text)
    assert image is None or text == str(image)
