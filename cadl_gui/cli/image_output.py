"""Writes images as PNG files, and the options for it."""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.cli.output_path import check_output_path
from cadl_gui.domain.errors import RecordingError, UserError
from cadl_gui.domain.file_format import require_ending
from cadl_gui.pictures.files import save
from cadl_gui.pictures.frame_sequence import FrameSequence
from cadl_gui.system.whole_file import telling
from cadl_gui.system.words import _

_LARGEST_SCALE = 64


def add_image_output(parser: argparse.ArgumentParser) -> None:
    """Add `-o OUT.png` and `--scale N`."""
    parser.add_argument("-o", "--output", metavar="OUT.png", type=Path, required=True)
    parser.add_argument(
        "--scale",
        metavar="N",
        type=int,
        default=1,
        help=_("how many pixels wide each pixel becomes, 1 to 64"),
    )


def check_writable(path: Path, scale: int) -> None:
    """Check, before anything is computed, that `write_image` can write a file.

    Raises:
        UserError: if the scale is not in [1, 64], the name does not end in `.png`, or the path cannot be
            written.
    """
    if not 1 <= scale <= _LARGEST_SCALE:
        raise UserError(_("--scale lies between 1 and {largest}.").format(largest=_LARGEST_SCALE))
    require_ending(path, ".png")
    check_output_path(path)


def write_image(path: Path, array: NDArray[np.uint8], *, scale: int = 1) -> None:
    """Write a PNG file. An existing file is replaced only once the new one is complete.

    Args:
        array: (height, width, 1 or 3) uint8.
        scale: factor by which the image is enlarged, repeating pixels.

    Raises:
        RecordingError: if the file cannot be written.
    """
    with telling(path, RecordingError, writes=True):
        save(FrameSequence(frames=array[np.newaxis], scale=scale), path)
