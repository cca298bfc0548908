"""What was packed by gzip is read as Python's own module reads it; what is malicious is an error."""

import gzip
import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.system.gzip_reader import unpacked

PARTS = st.lists(st.binary(max_size=300), max_size=4)


@given(PARTS, st.integers(0, 40), st.integers(1, 100))
def test_streams_and_zeros_after_them_are_read_as_by_gzip(parts, n_zeros, at_once):
    packed = b"".join(map(gzip.compress, parts)) + bytes(n_zeros if parts else 0)
    file = unpacked(io.BytesIO(packed))
    assert b"".join(iter(lambda: file.read(at_once), b"")) == gzip.decompress(packed)


def test_more_than_fits_into_memory_at_once_comes_in_pieces():
    content = bytes(range(256)) * 4000
    file = unpacked(io.BytesIO(gzip.compress(content)))
    assert file.read(10) == content[:10]
    assert file.read() == content[10:]


@given(st.integers(1, 60))
def test_a_truncated_stream_is_an_error(n_missing):
    packed = gzip.compress(b"some text, and some more")
    with pytest.raises(EOFError):
        unpacked(io.BytesIO(packed[: -min(n_missing, len(packed) - 1)])).read()


def test_damage_and_what_else_follows_are_errors():
    packed = gzip.compress(b"text" * 100)
    with pytest.raises(zlib.error):
        unpacked(io.BytesIO(packed[:-8] + bytes(8))).read()
    with pytest.raises(gzip.BadGzipFile):
        unpacked(io.BytesIO(packed + b"something else")).read()


def test_very_many_empty_streams_are_refused():
    with pytest.raises(gzip.BadGzipFile):
        unpacked(io.BytesIO(gzip.compress(b"") * 100_001)).read()
