"""zlib-ng, and zlib where there is none, unpack the same, and never more at once than asked for."""

import gzip
import zlib
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zlib_ng import zlib_ng

from dockeropt.measure.image.decompressor import Gunzip, fastest

LIBRARIES = {"zlib": zlib, "zlib-ng": zlib_ng}
DATA = st.one_of(
    st.binary(max_size=3000), st.builds(bytes.__mul__, st.binary(max_size=9), st.integers(0, 9000))
)


def unpacked(data: bytes, library: ModuleType, at_once: int, most: int) -> bytes:
    own = Gunzip(library)
    made = b""
    for start in range(0, len(data), at_once):
        chunk = data[start : start + at_once]
        while True:
            piece = own.decompress(memoryview(chunk), most)
            assert len(piece) <= most
            made += piece
            if own.eof or own.needs_input:
                break
            chunk = b""
    assert own.eof
    assert own.unused_data == b""
    return made


def test_the_faster_one_is_used_where_it_is_there() -> None:
    assert fastest is zlib_ng


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
@given(data=DATA, at_once=st.integers(1, 700), most=st.integers(1, 5000))
def test_pieces_are_what_was_packed(library: ModuleType, data: bytes, at_once: int, most: int) -> None:
    assert data == unpacked(gzip.compress(data), library, at_once, max(most, len(data) // 200))


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(gzip.compress(b"data" * 99)[:12] + bytes(40), id="content"),
        pytest.param(gzip.compress(b"data" * 99)[:-8] + bytes(8), id="checksum"),
        pytest.param(b"\x1f\x8b\x08" + b"\xff" * 40, id="header"),
    ],
)
def test_damaged_data_is_an_error_of_zlib(library: ModuleType, damaged: bytes) -> None:
    with pytest.raises(zlib.error, match="Error -3"):
        Gunzip(library).decompress(damaged, 1 << 20)
