"""Decoded pictures as files: a film, a strip, a print."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cadl_gui.core.images import montage, to_uint8
from cadl_gui.core.replacing import replacing

_FILM_PX, _STRIP_PX = 280, 112
_FAST_COMPRESSION = 1


def save_gif(pictures: NDArray[Any], path: Path, frames_per_second: float) -> None:
    """Write a film that loops for ever.

    Args:
        pictures: (n, height, width, 1 or 3) in [0, 1], n ≥ 1.
        path: where to; replaced only once the new file is whole.
        frames_per_second: GIF counts hundredths of a second, so 24 become 25.

    Raises:
        OSError: if it cannot be written.
    """
    scale = _scale(pictures, _FILM_PX)
    frames = [_image(_enlarged(picture, scale)) for picture in to_uint8(pictures)]
    hundredths = max(2, round(100 / frames_per_second))
    with replacing(path) as beside:
        frames[0].save(
            beside, format="GIF", save_all=True, append_images=frames[1:], duration=10 * hundredths, loop=0
        )


def save_strip(pictures: NDArray[Any], path: Path) -> None:
    """Write pictures beside each other as PNG, (n, height, width, 1 or 3) in [0, 1].

    Raises:
        OSError: if it cannot be written.
    """
    strip = montage(to_uint8(pictures), columns=len(pictures))
    _save_png(_image(_enlarged(strip, _scale(pictures, _STRIP_PX))), path)


def save_print(
    pictures: NDArray[Any], path: Path, *, columns: int, side_px: int, smooth: bool = False
) -> None:
    """Write a large picture of the plane as PNG.

    Args:
        pictures: (n, height, width, 1 or 3) in [0, 1], row by row.
        path: where to.
        columns: pictures in a row.
        side_px: about how wide it is to be; with square pixels, every pixel is equally large.
        smooth: whether to interpolate between pixels instead.

    Raises:
        OSError: if it cannot be written.
    """
    whole = montage(to_uint8(pictures), columns=columns)
    scale = max(1, round(side_px / whole.shape[1]))
    if not smooth:
        _save_png(_image(_enlarged(whole, scale)), path)
        return
    image = _image(whole)
    size = (image.width * scale, image.height * scale)
    _save_png(image.resize(size, Image.Resampling.BICUBIC), path)


def _scale(pictures: NDArray[Any], side_px: int) -> int:
    width: int = pictures.shape[2]
    return max(1, round(side_px / width))


def _enlarged(picture: NDArray[np.uint8], scale: int) -> NDArray[np.uint8]:
    return picture.repeat(scale, axis=0).repeat(scale, axis=1)


def _image(pixels: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def _save_png(image: Image.Image, path: Path) -> None:
    with replacing(path) as beside:
        image.save(beside, format="PNG", compress_level=_FAST_COMPRESSION)
