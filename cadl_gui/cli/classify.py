"""`cadl classify`: which digits are in pictures, read as the Draw tab reads them."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.cli.file_argument import add_file_argument
from cadl_gui.cli.output import add_json_option, say
from cadl_gui.cli.picture_file import read_picture
from cadl_gui.cli.quiet import import_tensorflow
from cadl_gui.core.drawing.normalisation import normalise, shrunk
from cadl_gui.core.drawing.scan import brightness_of, ink_of
from cadl_gui.core.errors import UserError

if TYPE_CHECKING:
    from cadl_gui.runs.manifest import Manifest

_FIT_SHARE = 20 / 28
"""MNIST's digits were fitted into 20 of 28 pixels; pictures of other sizes keep the proportion."""


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "classify",
        help="say which digits are in pictures",
        description="Says which digit is in each picture. Ink is found whether it is dark on light or light "
        "on dark, in scans and photographs too, and normalised as MNIST's digits were.",
    )
    add_file_argument(parser)
    parser.add_argument("images", metavar="IMAGE", nargs="+", type=Path, help="a picture file")
    parser.add_argument(
        "--raw", action="store_true", help="only shrink the pictures: bright ink on black, as it is"
    )
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print a line for each picture."""
    pictures = [read_picture(path) for path in arguments.images]
    import_tensorflow()
    from cadl_gui.training.stored import open_network

    network, manifest = open_network(arguments.file)
    side = _side(arguments.file, manifest)
    seen = np.stack([_seen(picture, side, raw=arguments.raw) for picture in pictures])
    for path, probabilities in zip(arguments.images, np.asarray(network(seen)), strict=True):
        label = int(probabilities.argmax())
        say(
            arguments,
            f"{path}  {label}  {100 * probabilities[label]:.1f} %",
            image=str(path),
            label=label,
            probabilities=[float(probability) for probability in probabilities],
        )


def _side(file: Path, manifest: "Manifest") -> int:
    """Of the square grey pictures that the classifier takes."""
    if not manifest.configuration.is_classifier:
        raise UserError(f"“{file}” is an autoencoder: it cannot classify.")
    height, width, channels = manifest.picture_shape
    if height != width or channels != 1:
        raise UserError(f"“{file}” classifies pictures of {height}×{width}×{channels}, not drawings.")
    return height


def _seen(picture: NDArray[np.uint8], side: int, *, raw: bool) -> NDArray[np.float32]:
    """(side, side, 1) float32 in [0, 1]: what the network sees."""
    if raw:
        return shrunk(brightness_of(picture), size=side).centred[..., np.newaxis]
    fit = max(1, round(_FIT_SHARE * side))
    return normalise(ink_of(picture), fit=fit, size=side).centred[..., np.newaxis]
