"""`cadl reconstruct`: shows images beside their reconstructions by an autoencoder."""

import argparse
from typing import Any

import numpy as np

from cadl_gui.cli.asked_network import add_network_arguments, open_to
from cadl_gui.cli.image_input import add_image_arguments, read_seen
from cadl_gui.cli.image_output import add_image_output, check_writable, write_image
from cadl_gui.cli.output import emit
from cadl_gui.cli.output_path import require_not_read
from cadl_gui.domain.images import montage, to_uint8
from cadl_gui.inference.example_errors import mean_squared_errors
from cadl_gui.system.words import _


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "reconstruct",
        help=_("show images next to their reconstructions"),
        description=_(
            "Writes a row for each image: as the network sees it, and its reconstruction. Digits "
            "are normalised as MNIST's were."
        ),
    )
    add_network_arguments(parser)
    add_image_arguments(parser)
    add_image_output(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the images, and print the squared error per pixel of each reconstruction."""
    check_writable(arguments.output, arguments.scale)
    require_not_read(arguments.output, arguments.images)
    opened = open_to("reconstruct", arguments)
    about = opened.manifest
    seen = read_seen(arguments.images, about.image_shape, is_ink=about.is_ink_on_black, raw=arguments.raw)
    reconstructions = opened.ask("reconstruct", seen)
    pairs = np.stack([seen, reconstructions], axis=1).reshape(-1, *about.image_shape)
    write_image(arguments.output, montage(to_uint8(pairs), columns=2), scale=arguments.scale)
    for path, error in zip(arguments.images, mean_squared_errors(reconstructions, seen), strict=True):
        emit(
            arguments,
            _("{path}  squared error per pixel {error:.6f}").format(path=path, error=error),
            image=str(path),
            squared_error=float(error),
            output=str(arguments.output),
        )
