"""`cadl reconstruct`: pictures beside what an autoencoder makes of them."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from cadl_gui.cli.file_argument import add_epoch_option, add_file_argument
from cadl_gui.cli.output import add_json_option, say
from cadl_gui.cli.picture_file import add_scale_option, check_writable, write_picture
from cadl_gui.cli.quiet import import_tensorflow
from cadl_gui.cli.seen_pictures import add_image_arguments, read_seen
from cadl_gui.core.images import montage, to_uint8


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "reconstruct",
        help="show pictures beside their reconstructions",
        description="Writes a row for each picture: as the network sees it, and what it makes of it. "
        "Digits are normalised as MNIST's were.",
    )
    add_file_argument(parser)
    add_image_arguments(parser)
    parser.add_argument("-o", "--output", metavar="OUT.png", type=Path, required=True)
    add_scale_option(parser)
    add_epoch_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the pictures, and print how far each is from its reconstruction."""
    check_writable(arguments.output, arguments.scale)
    import_tensorflow()
    from cadl_gui.training.stored import open_functions

    stored = open_functions(arguments.file, arguments.epoch)
    stored.demand("reconstruct")
    seen = read_seen(arguments.images, stored.picture_shape, raw=arguments.raw)
    reconstructions = stored.ask("reconstruct", seen)
    pairs = np.stack([seen, reconstructions], axis=1).reshape(-1, *stored.picture_shape)
    write_picture(arguments.output, montage(to_uint8(pairs), columns=2), scale=arguments.scale)
    errors = np.square(reconstructions - seen).mean(axis=(1, 2, 3))
    for path, error in zip(arguments.images, errors, strict=True):
        say(
            arguments,
            f"{path}  squared error per pixel {error:.6f}",
            image=str(path),
            squared_error=float(error),
            output=str(arguments.output),
        )
