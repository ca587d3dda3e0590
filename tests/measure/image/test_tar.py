"""Layers are listed as Python's tarfile lists them, which is the oracle, and forged ones are refused."""

import hashlib
import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.errors import MeasureError
from dockeropt.measure.image.blob import Blob, read_layer
from dockeropt.measure.image.tar import Entry, Kind
from tests.measure.image.archives import layer

FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
LONG = "/".join(["folder-with-a-long-name"] * 12) + "/file"


def listed(data: bytes) -> Blob:
    return read_layer(data[:4], io.BytesIO(data[4:]))


def file(path: str, content: bytes) -> Entry:
    return Entry(path, Kind.FILE, len(content), hashlib.sha256(content).digest()[:16])


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_files_folders_and_links_are_listed(form: int) -> None:
    data = layer(
        {
            "./app/": None,
            "app/a.js": b"content",
            "app/empty": b"",
            "app/.wh.old": b"",
            "lib/.wh..wh..opq": b"",
        },
        {"bin/sh": "/bin/dash", "app/b.js": "=app/a.js"},
        format=form,
    )
    assert listed(data).entries == (
        Entry("app", Kind.FOLDER, 0, b""),
        file("app/a.js", b"content"),
        file("app/empty", b""),
        Entry("app/old", Kind.WHITEOUT, 0, b""),
        Entry("lib", Kind.OPAQUE, 0, b""),
        Entry("bin/sh", Kind.LINK, 0, b""),
        Entry("app/b.js", Kind.HARDLINK, 0, b"app/a.js"),
    )
    assert len(data) == listed(data).weight.unpacked


@pytest.mark.parametrize("form", ["gnu", "pax"])
def test_names_that_fit_no_field_are_read(form: str) -> None:
    data = layer({LONG: b"x", f"{LONG}-ä": b"y"}, {f"{LONG}-link": f"={LONG}"}, format=FORMATS[form])
    assert [each.path for each in listed(data).entries] == [LONG, f"{LONG}-ä", f"{LONG}-link"]
    assert LONG.encode() == listed(data).entries[2].digest


def test_a_name_of_bytes_that_are_no_text() -> None:
    name = b"caf\xe9".decode("utf-8", "surrogateescape")
    assert [name] == [each.path for each in listed(layer({name: b""}, format=tarfile.GNU_FORMAT)).entries]


NAMES = st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1, max_size=120)


@given(st.dictionaries(NAMES, st.binary(max_size=1500), max_size=6), st.sampled_from(["gnu", "pax"]))
def test_what_tarfile_lists_we_list(files: dict[str, bytes], form: str) -> None:
    files = {
        f"d/{name}": data for name, data in files.items() if name not in (".", "..") and ".wh." not in name
    }
    data = layer(files, format=FORMATS[form])
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        expected = [(member.name, member.size) for member in tar]
    assert [(each.path, each.size) for each in listed(data).entries] == expected


def test_an_archive_without_an_end_mark_ends_where_it_ends() -> None:
    data = layer({"a": b"x"})[:1024]
    assert listed(data).entries == (file("a", b"x"),)


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        pytest.param(
            layer({"../../etc/passwd": b"x"}), MeasureError, "leaves the image", id="a path outside"
        ),
        pytest.param(
            layer({"a/../../b": b"x"}), MeasureError, "leaves the image", id="a path outside on a detour"
        ),
        pytest.param(
            layer({}, {"a": "=../../etc/shadow"}), MeasureError, "leaves the image", id="a hard link outside"
        ),
        pytest.param(b"x" * 2048, MeasureError, "no tar archive", id="no archive"),
        pytest.param(
            layer({"a": b"x" * 3000})[:1500], EOFError, "ends in the middle", id="an archive that ends early"
        ),
        pytest.param(
            layer({"a": b""}).replace(b"0000644", b"0000755", 1),
            MeasureError,
            "damaged",
            id="a wrong checksum",
        ),
    ],
)
def test_what_is_forged_or_damaged_is_said(data: bytes, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        listed(data)


def test_a_link_to_a_place_outside_the_image_is_none_of_ours() -> None:
    entries = listed(layer({}, {"host": "../../../etc"})).entries
    assert entries == (Entry("host", Kind.LINK, 0, b""),)


def test_a_header_too_long_to_be_one() -> None:
    member = tarfile.TarInfo("././@LongLink")
    member.type, member.size = tarfile.GNUTYPE_LONGNAME, 1 << 33
    with pytest.raises(MeasureError, match="has a header of"):
        listed(member.tobuf(tarfile.GNU_FORMAT))


def test_more_entries_than_any_layer_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dockeropt.measure.image.tar._MOST_ENTRIES", 3)
    with pytest.raises(MeasureError, match="has more than 3 entries"):
        listed(layer(dict.fromkeys("abcd", b"")))


def test_more_headers_than_any_entry_has() -> None:
    member = tarfile.TarInfo("././@LongLink")
    member.type = tarfile.GNUTYPE_LONGNAME
    with pytest.raises(MeasureError, match="is no tar archive"):
        listed(member.tobuf(tarfile.GNU_FORMAT) * 100)
