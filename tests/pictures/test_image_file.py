"""Image files are opened by their content, and within limits."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from cadl_gui.domain.errors import UserError
from cadl_gui.pictures.image_file import decode_image, read_image

DOT = np.zeros((6, 8, 3), np.uint8)
DOT[1, 2] = 255


def encoded(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_with(*chunks):
    """A PNG with additional chunks before its pixels."""
    whole = encoded(Image.fromarray(DOT), "PNG")
    made = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    ]
    return whole[:33] + b"".join(made) + whole[33:]


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF", "PPM"])
def test_every_listed_format_is_read_whatever_the_suffix(tmp_path, kind):
    (tmp_path / "a.picture").write_bytes(encoded(Image.fromarray(DOT), kind))
    np.testing.assert_array_equal(read_image(tmp_path / "a.picture"), DOT)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_formats_that_lose_a_little_are_read(kind):
    assert np.abs(decode_image(encoded(Image.fromarray(DOT), kind), "x").astype(int) - DOT).mean() < 40


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_where_an_image_is_transparent_it_has_no_opacity_whatever_its_kind_of_pixels(mode):
    """Programs that make PNG files smaller name one grey that is transparent; it was seen as any other."""
    image = Image.fromarray(DOT[..., 0]).convert(mode)
    if mode in {"LA", "RGBA"}:
        image.putalpha(Image.fromarray(DOT[..., 0]))
        options = {}
    else:
        options = {"transparency": (0, 0, 0) if mode == "RGB" else 0}
    opacity = decode_image(encoded(image, "PNG", **options), "x")[..., 3]
    np.testing.assert_array_equal(opacity, DOT[..., 0])


POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(executed) (w) file closefile\n{} loop\n"
OTHERS = {
    "eps": POSTSCRIPT,
    "eps for dos": b"\xc5\xd0\xd3\xc6" + struct.pack("<II", 32, len(POSTSCRIPT)) + bytes(20) + POSTSCRIPT,
    "pdf": b"%PDF-1.4\n",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    "xpm": b"/* XPM */\n",
    "plain ppm": b"P3\n2 2\n255\n" + b"0 " * 12,
    "icns": b"icns" + struct.pack(">I", 8),
    "fits": b"SIMPLE  =",
    "a riff that is no webp": b"RIFF\0\0\0\0AVI ",
}


@pytest.mark.parametrize("data", OTHERS.values(), ids=OTHERS)
def test_other_formats_are_refused(tmp_path, data):
    (tmp_path / "x.png").write_bytes(data)
    with pytest.raises(UserError, match="is not an image that can be opened: PNG, JPEG"):
        read_image(tmp_path / "x.png")


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "GIF"])
def test_too_many_pixels_are_refused_by_what_the_header_says(kind):
    data = encoded(Image.new("1" if kind != "GIF" else "L", (5001, 5000)), kind)
    with pytest.raises(UserError, match=f"at most 25 megapixels of a {kind} are read"):
        decode_image(data, "x")


def test_a_tile_that_is_larger_than_its_image_is_refused():
    tags = {256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 322: 30_000, 323: 30_000, 324: 8, 325: 64}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    with pytest.raises(UserError, match="at most 25 megapixels of a TIFF"):
        decode_image(b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(64), "x")


def test_a_photograph_of_twelve_megapixels_is_read_small_and_upright():
    photograph = Image.new("RGB", (4000, 3000), "white")
    photograph.paste("black", (0, 0, 1000, 1000))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right by a quarter
    pixels = decode_image(encoded(photograph, "JPEG", exif=exif.tobytes()), "x")
    assert pixels.shape == (1024, 768, 3)
    assert pixels[50, -50].max() < 20  # what was above and left is above and right
    assert pixels[50, 50].min() > 230


def test_sixteen_bits_opacity_and_palettes_are_understood():
    deep = Image.fromarray(np.full((4, 4), 0x8000, np.uint16))
    for kind in ("PNG", "PPM", "TIFF"):
        assert decode_image(encoded(deep, kind), "x").tolist() == np.full((4, 4, 1), 0x80).tolist()
    wide = Image.fromarray(np.full((4, 4), 0x80, np.int32))
    assert decode_image(encoded(wide, "TIFF"), "x").tolist() == np.full((4, 4, 1), 0x80).tolist()
    clear = Image.new("RGBA", (4, 4), (1, 2, 3, 4))
    assert decode_image(encoded(clear, "PNG"), "x")[0, 0].tolist() == [1, 2, 3, 4]
    palette = Image.fromarray(DOT).convert("P")
    assert decode_image(encoded(palette, "PNG"), "x").shape == (6, 8, 3)


def test_decimal_numbers_are_refused_since_their_range_is_unknown():
    with pytest.raises(UserError, match="x has pixels of decimal numbers"):
        decode_image(encoded(Image.fromarray(np.full((4, 4), 0.5, np.float32)), "TIFF"), "x")


BOMB = zlib.compress(bytes(2**26))


@pytest.mark.parametrize(
    "chunk",
    [(b"zTXt", b"k\0\0" + BOMB), (b"iTXt", b"k\0\1\0\0\0" + BOMB), (b"iCCP", b"k\0\0" + BOMB)],
    ids=["zTXt", "iTXt", "iCCP"],
)
def test_a_text_that_unpacks_to_far_more_is_no_traceback(chunk):
    try:
        pixels = decode_image(png_with(chunk), "x")
    except UserError as error:
        assert str(error) == "x cannot be read: it is damaged, or no PNG at all."  # noqa: PT017
    else:
        np.testing.assert_array_equal(pixels, DOT)  # Pillow passes over some of them


def test_a_file_that_is_far_too_large_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "x.bmp").open("wb") as file:
        file.write(b"BM")
        file.truncate(480_000_000)
    with pytest.raises(UserError, match="too large: 480 MB, and at most 134 MB are read"):
        read_image(tmp_path / "x.bmp")
