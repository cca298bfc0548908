"""Reads untrusted image files: a fixed list of formats, recognised by content, within size limits.

Pillow supports dozens of formats, and starts another program for some: formats outside the list are never
tried. The size that an image declares is checked before any of it is decoded, in a process of its own.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.image_formats import FORMAT_NAMES, format_of
from cadl_gui.imaging.opened_image import (
    has_16_bits,
    holds_integers,
    opened_image,
    pixels_to_decode,
    scaled_to_bytes,
)
from cadl_gui.system.child import in_child
from cadl_gui.system.file_limits import (
    LONGEST_SIDE_READ,
    MOST_IMAGE_BYTES,
    MOST_PIXELS,
    MOST_PIXELS_ELSE,
    megabytes,
)
from cadl_gui.system.whole_file import read_whole
from cadl_gui.system.words import _


def read_image(path: Path) -> NDArray[np.uint8]:
    """Read an image file, rotated upright and shrunk to at most 1024 pixels along its longer side.

    Returns:
        (height, width, 1, 3 or 4) uint8: grey, RGB or RGBA.

    Raises:
        UserError: if there is no such file, or it is not an image that can be read.
    """
    name = f"“{path}”"
    [pixels] = in_child(name, UserError, _read, path.absolute(), name)
    return pixels


def decode_image(data: bytes, name: str) -> NDArray[np.uint8]:
    """Decode an image from another program; see `read_image`.

    Returns:
        (height, width, 1, 3 or 4) uint8: grey, RGB or RGBA.

    Raises:
        UserError: if it is not an image that can be read.
    """
    if len(data) > MOST_IMAGE_BYTES:
        raise UserError(
            _("{name} is too large: at most {most_image_bytes} are read.").format(
                name=name, most_image_bytes=megabytes(MOST_IMAGE_BYTES)
            )
        )
    [pixels] = in_child(name, UserError, _decoded, data, name)
    return pixels


def _read(path: Path, name: str) -> Iterator[NDArray[np.uint8]]:
    try:
        yield from _decoded(read_whole(path, MOST_IMAGE_BYTES), name)
    except FileNotFoundError:
        raise UserError(_("There is no file {name}.").format(name=name)) from None
    except OSError as error:
        raise UserError(
            _("{name} cannot be read: {reason}.").format(name=name, reason=error.strerror or error)
        ) from error


def _decoded(data: bytes, name: str) -> Iterator[NDArray[np.uint8]]:
    kind = format_of(data[:16])
    if kind is None:
        raise UserError(
            _("{name} is not an image that can be opened: {format_names} can.").format(
                name=name, format_names=FORMAT_NAMES
            )
        )
    try:
        with opened_image(io.BytesIO(data), kind) as image:
            _check(image, kind, name)
            yield _pixels(image)
    except UserError:
        raise
    except Exception as error:  # Pillow's decoders can raise anything
        raise UserError(
            _("{name} cannot be read: it is damaged, or no {kind} at all.").format(name=name, kind=kind)
        ) from error


def _check(image: Image.Image, kind: str, name: str) -> None:
    most = MOST_PIXELS.get(kind, MOST_PIXELS_ELSE)
    if pixels_to_decode(image) > most:
        raise UserError(
            _("{name} is too large: at most {most:g} megapixels of a {kind} are read.").format(
                name=name, most=most / 1e6, kind=kind
            )
        )
    if image.mode == "F":
        raise UserError(_("{name} has pixels of decimal numbers, whose range is unknown.").format(name=name))


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    if holds_integers(image):
        grey = scaled_to_bytes(image, from_16_bits=has_16_bits(image))
        grey.info = image.info
        return _shrunk(grey, "L")
    if image.has_transparency_data:
        return _shrunk(image.convert("RGBA"), "RGBA")
    if image.mode in {"1", "L"}:
        return _shrunk(image.convert("L"), "L")
    return _shrunk(image.convert("RGB") if image.mode == "P" else image, "RGB")


def _shrunk(image: Image.Image, mode: str) -> NDArray[np.uint8]:
    """Shrink an image before rotating and converting it, so that both are cheap."""
    image.thumbnail((LONGEST_SIDE_READ, LONGEST_SIDE_READ))
    pixels = np.asarray(ImageOps.exif_transpose(image).convert(mode))
    return pixels[..., np.newaxis] if pixels.ndim == 2 else pixels
