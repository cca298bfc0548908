"""Decodes one image file into the pixels of a prepared dataset.

As in `pictures.image_file`, the format is recognised by the content, and the size that a file declares is
checked before any of it is decoded.
"""

import io
import math
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from cadl_gui.datasets.preparing.usual_jpeg import decode_usual_jpeg
from cadl_gui.domain.image_formats import FORMAT_NAMES, format_of, has_too_many_scans
from cadl_gui.domain.import_report import NoteKind
from cadl_gui.domain.preparing_options import BACKGROUNDS, PreparingOptions
from cadl_gui.imaging.opened_image import (
    has_16_bits,
    holds_integers,
    opened_image,
    pixels_to_decode,
    scaled_to_bytes,
)
from cadl_gui.system.file_limits import MOST_PIXELS, MOST_PIXELS_ELSE, MOST_SCANS
from cadl_gui.system.words import _

_ORIENTATION = 0x0112
"""EXIF tag; 1 is upright."""

_ANIMATED = {"GIF", "WEBP", "PNG", "TIFF", "AVIF"}

_LONGEST_SIDE = 65_535
"""As of a JPEG. Pillow takes as much memory for each row as for some pixels."""

BAND_PIXELS = 2**20
"""A large image is converted in bands of so many pixels: as a whole it would take 300 MB more."""

_DRAFT_FACTOR = 2
"""A large JPEG is decoded at a half to an eighth of its size, but not below this multiple of the result."""


class SkippedImageError(Exception):
    """An image cannot be used; the message is the end of a sentence, such as "is empty"."""


class DecodedImage(NamedTuple):
    """Pixels (size, size, channels) uint8, and what was done to get them: kinds of notes with their texts."""

    pixels: NDArray[np.uint8]
    notes: list[tuple[NoteKind, str]]


def decode_image(data: bytes, options: PreparingOptions, size: int) -> DecodedImage:
    """Decode, crop and resize an image.

    Args:
        size: height and width of the result, in pixels.

    Raises:
        SkippedImageError: if it cannot be used.
    """
    if not data:
        raise SkippedImageError(_("is empty"))
    kind = format_of(data[:16])
    if kind is None:
        raise SkippedImageError(_("is none of {format_names}").format(format_names=FORMAT_NAMES))
    if kind == "JPEG" and has_too_many_scans(data):
        raise SkippedImageError(
            _("is a JPEG of more than {most_scans} scans, which would take minutes").format(
                most_scans=MOST_SCANS
            )
        )
    usual = decode_usual_jpeg(data, _wanted(options, size)) if kind == "JPEG" else None
    if usual is not None:
        return DecodedImage(_finished(usual, options, size), [])
    try:
        with opened_image(io.BytesIO(data), kind) as image:
            _check_size(image, kind)
            return _decoded(image, kind, options, size)
    except SkippedImageError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise SkippedImageError(_too_large(kind)) from None
    except Exception as error:  # Pillow's decoders can raise anything
        raise SkippedImageError(_("is damaged or truncated")) from error


def fitted(image: Image.Image, options: PreparingOptions, size: int) -> Image.Image:
    """Crop an image around its centre and resize it.

    The result shows the largest central square, made smaller by `crop_factor`, as in the course's
    `create_input_pipeline`; the aspect ratio is kept.
    """
    if image.size == (size, size) and options.crop_factor == 1:
        return image
    side = options.crop_factor * min(image.size)
    left, top = (image.width - side) / 2, (image.height - side) / 2
    return image.resize((size, size), Image.Resampling.BICUBIC, box=(left, top, left + side, top + side))


def pixels_of(image: Image.Image) -> NDArray[np.uint8]:
    """Pixels of a grey or an RGB image, (height, width, 1 or 3) uint8."""
    pixels = np.asarray(image)
    return pixels[..., np.newaxis] if pixels.ndim == 2 else pixels


def _check_size(image: Image.Image, kind: str) -> None:
    if pixels_to_decode(image) > MOST_PIXELS.get(kind, MOST_PIXELS_ELSE):
        raise SkippedImageError(
            _("has {width:,}×{height:,} pixels: it {too_large}").format(
                width=image.width, height=image.height, too_large=_too_large(kind)
            )
        )
    if max(image.size) > _LONGEST_SIDE:
        raise SkippedImageError(
            _("has {width:,}×{height:,} pixels: at most 65,535 in a row are read").format(
                width=image.width, height=image.height
            )
        )
    if min(image.size) < 2:
        raise SkippedImageError(
            _("is too small ({width}×{height})").format(width=image.width, height=image.height)
        )


def _wanted(options: PreparingOptions, size: int) -> int:
    """Length of the shorter side, in pixels, beyond which an image need not be decoded in full."""
    return math.ceil(_DRAFT_FACTOR * size / options.crop_factor)


def _too_large(kind: str) -> str:
    most = MOST_PIXELS.get(kind, MOST_PIXELS_ELSE) / 1e6
    return _("is too large: at most {most:g} megapixels of a {kind} are read").format(most=most, kind=kind)


def _decoded(image: Image.Image, kind: str, options: PreparingOptions, size: int) -> DecodedImage:
    notes: list[tuple[NoteKind, str]] = []
    if kind == "JPEG":
        wanted = _wanted(options, size)
        if min(image.size) > wanted:
            image.draft("", (wanted, wanted))
    elif kind in _ANIMATED and getattr(image, "is_animated", False):
        image.seek(0)
        notes.append(("converted", _("from the first of several frames")))
    # Most files have no EXIF data at all. Those of a PNG may follow its pixels.
    may_be_turned = kind != "JPEG" or "exif" in image.info
    orientation = image.getexif().get(_ORIENTATION, 1) if may_be_turned else 1
    image.load()
    if orientation != 1:
        ImageOps.exif_transpose(image, in_place=True)
        notes.append(("turned", ""))
    flat, text = _flattened(image, options)
    notes += [("converted", text)] if text else []
    return DecodedImage(_finished(flat, options, size), notes)


def _finished(
    image: Image.Image | NDArray[np.uint8], options: PreparingOptions, size: int
) -> NDArray[np.uint8]:
    """Crop and resize a grey or an RGB image, and convert it to what is wanted."""
    if isinstance(image, np.ndarray):
        if image.shape == (size, size, 1 if options.grey else 3) and options.crop_factor == 1:
            return image
        image = Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image)
    mode = "L" if options.grey else "RGB"
    return pixels_of(fitted(image if image.mode == mode else image.convert(mode), options, size))


def _flattened(image: Image.Image, options: PreparingOptions) -> tuple[Image.Image, str]:
    """Convert an image to 8 bits, grey or RGB, without transparency; also returns what was converted."""
    if image.mode in {"RGB", "L"} and "transparency" not in image.info:
        return image, ""
    if holds_integers(image):
        is_deep = has_16_bits(image)
        grey = _in_bands(image, "L", partial(scaled_to_bytes, from_16_bits=is_deep))
        return grey, _("from 16 bits") if is_deep else _("from 32 bits")
    if image.mode == "F":
        raise SkippedImageError(_("has pixels of decimal numbers, whose range is unknown"))
    if image.has_transparency_data:
        opaque = partial(over, brightness=BACKGROUNDS[options.background])
        return _in_bands(image, "RGB", opaque), _("from transparent to {background}").format(
            background=options.background
        )
    names = {"P": _("from a palette"), "CMYK": _("from CMYK"), "1": _("from black and white")}
    return image.convert("L" if image.mode in {"1", "LA"} else "RGB"), names.get(
        image.mode, _("from {mode}").format(mode=image.mode)
    )


def _in_bands(image: Image.Image, mode: str, convert: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """Convert an image band by band, into one of another mode."""
    height = max(1, BAND_PIXELS // image.width)
    if image.height <= height:
        return convert(image)
    converted = Image.new(mode, image.size)
    for top in range(0, image.height, height):
        band = image.crop((0, top, image.width, min(top + height, image.height)))
        converted.paste(convert(band), (0, top))
    return converted


def over(image: Image.Image, *, brightness: int) -> Image.Image:
    """Put an image with transparency over a background."""
    ground = Image.new("RGBA", image.size, (*(brightness,) * 3, 255))
    above = image if image.mode == "RGBA" else image.convert("RGBA")
    return Image.alpha_composite(ground, above).convert("RGB")
