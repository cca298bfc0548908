"""Images that people get from the command line."""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cadl_gui.cli.output_path import check_output_path
from cadl_gui.domain.errors import RecordingError, UserError
from cadl_gui.system.atomic_write import atomic_write

_LARGEST_SCALE = 64


def add_image_output(parser: argparse.ArgumentParser) -> None:
    """Take `-o OUT.png` and `--scale N`."""
    parser.add_argument("-o", "--output", metavar="OUT.png", type=Path, required=True)
    parser.add_argument(
        "--scale", metavar="N", type=int, default=1, help="how many pixels wide each pixel becomes, 1 to 64"
    )


def check_writable(path: Path, scale: int) -> None:
    """Refuse, before anything is computed, what `write_image` could not write.

    Raises:
        UserError: if it is not the name of a PNG file that can be written, or far too large.
    """
    if not 1 <= scale <= _LARGEST_SCALE:
        raise UserError(f"--scale lies between 1 and {_LARGEST_SCALE}.")
    if path.suffix.lower() != ".png":
        raise UserError(f"An image’s name ends in .png; “{path}” does not.")
    check_output_path(path)


def write_image(path: Path, array: NDArray[np.uint8], *, scale: int = 1) -> None:
    """Write a PNG file, replaced once the new one is whole.

    Args:
        path: of the file.
        array: (height, width, 1 or 3).
        scale: how many pixels wide and high each pixel becomes.

    Raises:
        RecordingError: if it cannot be written.
    """
    pixels = array.repeat(scale, axis=0).repeat(scale, axis=1)
    image = Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
    try:
        with atomic_write(path) as beside:
            image.save(beside, format="PNG")
    except OSError as error:
        raise RecordingError(f"“{path}” cannot be written: {error.strerror or error}.") from error
