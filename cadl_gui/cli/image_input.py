"""Reads and preprocesses image files for a network."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.domain.images import ImageShape
from cadl_gui.imaging.drawing.ink import magnified
from cadl_gui.imaging.drawing.normalisation import normalise, shrunk
from cadl_gui.imaging.drawing.picture import as_picture
from cadl_gui.imaging.drawing.scan import brightness_of, ink_of
from cadl_gui.pictures.image_file import read_image
from cadl_gui.system.words import _

_FIT_SHARE = 20 / 28
"""MNIST's digits were fitted into 20 of 28 pixels; images of other sizes keep the proportion."""


def add_image_arguments(parser: argparse.ArgumentParser) -> None:
    """Add IMAGE, one or more files, and `--raw`."""
    parser.add_argument("images", metavar="IMAGE", nargs="+", type=Path, help=_("an image file"))
    parser.add_argument(
        "--raw", action="store_true", help=_("only shrink the images: bright ink on black, as it is")
    )


def read_seen(paths: Sequence[Path], shape: ImageShape, *, is_ink: bool, raw: bool) -> NDArray[np.float32]:
    """Read and preprocess image files for a network.

    If the network was trained on ink on black, the images are treated as drawings, and normalised as MNIST's
    digits were. Otherwise they are cropped around the centre to the network's aspect ratio, and resized.

    Args:
        shape: (height, width, channels) of the network's input.
        is_ink: whether the network was trained on images with a black margin, as bright drawings have.
        raw: whether to only shrink drawings, without normalising them.

    Returns:
        (n, *shape) float32 in [0, 1].

    Raises:
        UserError: if a file cannot be read.
    """
    return np.stack([_seen(read_image(path), shape, is_ink=is_ink, raw=raw) for path in paths])


def _seen(image: NDArray[np.uint8], shape: ImageShape, *, is_ink: bool, raw: bool) -> NDArray[np.float32]:
    height, width, n_channels = shape
    if not is_ink or height != width or n_channels != 1:
        form = DrawingForm(shape, is_dark=is_ink)
        return magnified(as_picture(image, form), height, width)[..., :n_channels]
    if raw:
        return shrunk(brightness_of(image), size=height).centred[..., np.newaxis]
    fit = max(1, round(_FIT_SHARE * height))
    return normalise(ink_of(image), fit=fit, size=height).centred[..., np.newaxis]
