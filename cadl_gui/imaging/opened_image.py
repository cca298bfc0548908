"""What the readers of image files share: opening one by Pillow, and facts about it then."""

from typing import BinaryIO

import numpy as np
from PIL import Image

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
        from cadl_gui.imaging.heic import HeicImageFile

        Image.register_open(kind, HeicImageFile)
    return Image.open(file, formats=(kind,))


def pixels_to_decode(image: Image.Image) -> int:
    """Return how many pixels an image declares that are decoded at once, before any is."""
    tags = getattr(image, "tag_v2", {})
    tile_width, tile_height = (tags.get(tag, 1) for tag in _TILE_SIDES)
    coded: int = getattr(image, "coded_pixels", 0)
    return max(image.width * image.height, int(tile_width) * int(tile_height), coded)


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
