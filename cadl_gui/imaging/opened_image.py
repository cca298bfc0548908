"""What the readers of image files share: opening one by Pillow, and facts about it then."""

from typing import BinaryIO

import numpy as np
from PIL import Image

from cadl_gui.domain.image_formats import format_of
from cadl_gui.system.words import _

_TILE_SIDES = (322, 323)
"""TIFF tags for the width and height of a tile, which may exceed the image and is always decoded whole."""


def opened_image(file: BinaryIO, kind: str) -> Image.Image:
    """Open an image file as one format and as no other; nothing is decoded yet.

    Args:
        file: the file, at its beginning.
        kind: the format, as `domain.image_formats.format_of` returns it.

    Raises:
        Exception: any, if the file is damaged or of another format.
    """
    if kind == "HEIC" and kind not in Image.OPEN:
        from pi_heif import HeifImageFile

        # The main one of several images: if they were frames, it would be decoded anew at each step.
        main_image = type("MainImage", (HeifImageFile,), {"is_animated": False})
        # Pillow decodes AVIF itself, whose beginning is alike.
        Image.register_open(kind, main_image, lambda head: format_of(head) == kind)
    image = Image.open(file, formats=(kind,))
    if kind == "HEIC" and (_is_cut_off(file) or not image.info["primary"]):
        raise SyntaxError(_("It lacks its main image, or a part of it."))
    return image


def _is_cut_off(file: BinaryIO) -> bool:
    """Whether the coded parts, in a box of the file, lack their end: what is missing would be green."""
    at, end, head = 0, file.seek(0, 2), b""
    while at < end:
        file.seek(at)
        head = file.read(16)
        size = int.from_bytes(head[:4] if head[:4] != b"\0\0\0\1" else head[8:], "big")
        at += max(size, 8) if size else end - at  # 0: up to the end
    return at > end and head[4:8] == b"mdat"


def pixels_to_decode(image: Image.Image) -> int:
    """Return how many pixels an image declares that are decoded at once, before any is."""
    tags = getattr(image, "tag_v2", {})
    tile_width, tile_height = (tags.get(tag, 1) for tag in _TILE_SIDES)
    return max(image.width * image.height, int(tile_width) * int(tile_height))


def holds_integers(image: Image.Image) -> bool:
    """Whether an image is grey in more than 8 bits; Pillow would clip those instead of scaling them."""
    return image.mode.startswith("I")


def has_16_bits(image: Image.Image) -> bool:
    """Whether values beyond 255 occur in a decoded image of integers. Those of a PGM are in 32 bits."""
    if image.mode.startswith("I;16"):
        return True
    largest = image.getextrema()[1]
    return not isinstance(largest, tuple) and largest > 255


def scaled_to_bytes(image: Image.Image, *, from_16_bits: bool) -> Image.Image:
    """Convert a decoded image of integers to one of 8 bits, in grey."""
    values = np.asarray(image)
    return Image.fromarray((values >> 8 if from_16_bits else values).clip(0, 255).astype(np.uint8))
