"""`cadl decode`: decodes latent vectors to images."""

import argparse
from typing import Any

import numpy as np

from cadl_gui.cli.asked_network import add_network_arguments, open_to
from cadl_gui.cli.image_output import add_image_output, check_writable, write_image
from cadl_gui.cli.output import emit
from cadl_gui.domain.images import montage, to_uint8
from cadl_gui.imaging.latent.latent_text import from_text
from cadl_gui.system.words import _


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "decode",
        help=_("decode a latent vector"),
        description=_("Decodes latent vectors to images, several side by side."),
    )
    add_network_arguments(parser)
    parser.add_argument(
        "--z",
        metavar="X,Y[,…]",
        dest="latents",
        action="append",
        required=True,
        help=_("the numbers of a latent vector; may be repeated"),
    )
    add_image_output(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Decode the latent vectors, and write their images side by side."""
    check_writable(arguments.output, arguments.scale)
    opened = open_to("decode", arguments)
    latents = np.stack([from_text(text, opened.latent_dim) for text in arguments.latents])
    images = to_uint8(opened.ask("decode", latents))
    write_image(arguments.output, montage(images, columns=len(images)), scale=arguments.scale)
    emit(
        arguments,
        f"{arguments.output}",
        output=str(arguments.output),
        z=[[float(number) for number in latent] for latent in latents],
    )
