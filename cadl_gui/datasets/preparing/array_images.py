"""Prepares images that are arrays already: crops, resizes and turns them grey as options say."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cadl_gui.datasets.preparing.image_decoder import fitted, over, pixels_of
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.preparing_options import BACKGROUNDS, PreparingOptions
from cadl_gui.system.words import _

_MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def prepared_shape(shape: ImageShape, options: PreparingOptions) -> ImageShape:
    """Shape of prepared images.

    Args:
        shape: (height, width, channels) of the arrays.
        options: how to prepare them. Without a size and a crop factor they keep their height and width.

    Raises:
        DatasetError: if images with so many channels cannot be prepared so.
    """
    height, width, channels = shape
    is_kept = not options.size and options.crop_factor == 1
    if channels not in _MODES:
        if is_kept and not options.grey:
            return shape
        raise DatasetError(
            _("Images with {channels} channels can be neither resized nor turned grey.").format(
                channels=channels
            )
        )
    if not is_kept:
        height = width = options.size or max(1, round(options.crop_factor * min(height, width)))
    return height, width, 1 if options.grey or channels == 1 else 3


def prepared_images(
    images: NDArray[np.uint8], options: PreparingOptions, shape: ImageShape
) -> NDArray[np.uint8]:
    """Prepare images.

    Args:
        images: (n, height, width, channels) uint8.
        shape: what `prepared_shape` returns for them.

    Returns:
        (n, *shape) uint8.
    """
    if images.shape[1:] == shape and options.crop_factor == 1:
        return images
    prepared = np.empty((len(images), *shape), np.uint8)
    for number, pixels in enumerate(images):
        prepared[number] = _prepared(pixels, options, shape)
    return prepared


def _prepared(pixels: NDArray[np.uint8], options: PreparingOptions, shape: ImageShape) -> NDArray[np.uint8]:
    image = Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
    if image.mode == "RGBA":
        image = over(image, brightness=BACKGROUNDS[options.background])
    image = image.convert("L" if shape[-1] == 1 else "RGB")
    is_kept = image.size == (shape[1], shape[0]) and options.crop_factor == 1
    return pixels_of(image if is_kept else fitted(image, options, shape[0]))
