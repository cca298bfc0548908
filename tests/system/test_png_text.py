"""Texts in a PNG are read, whatever program wrote them, unless they unpack to far more than their size."""

import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cadl_gui.system.png_text import text_of


def test_plain_packed_and_international_texts_are_read(tmp_path):
    text = PngInfo()
    text.add_text("plain", "é")
    text.add_text("packed", "é" * 100, zip=True)
    text.add_itxt("world", "Näh·7")
    text.add_itxt("packed world", "Näh·7" * 50, zip=True)
    Image.new("L", (3, 3)).save(tmp_path / "a.png", pnginfo=text)
    expected = {"plain": "é", "packed": "é" * 100, "world": "Näh·7", "packed world": "Näh·7" * 50}
    assert text_of(tmp_path / "a.png") == expected


@pytest.mark.parametrize("content", [b"zTXtk\0\0", b"iTXtk\0\1\0\0\0"], ids=["zTXt", "iTXt"])
def test_what_unpacks_to_far_more_is_not_read(tmp_path, content):
    data = content + zlib.compress(bytes(2**26))
    chunk = struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    (tmp_path / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk)
    assert text_of(tmp_path / "bomb.png") == {}


def test_a_length_that_reaches_behind_the_end_is_no_text(tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 2**31) + b"tEXtk\0v")
    assert text_of(tmp_path / "a.png") == {}
