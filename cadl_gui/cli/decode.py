"""`cadl decode`: the picture at a place of a latent space."""

import argparse
from typing import Any

import numpy as np

from cadl_gui.cli.asked_network import add_network_arguments, open_to
from cadl_gui.cli.output import say
from cadl_gui.cli.picture_file import add_picture_output, check_writable, write_picture
from cadl_gui.domain.images import montage, to_uint8
from cadl_gui.imaging.latent.code_text import from_text


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "decode",
        help="paint the picture at a place of the latent space",
        description="Decodes codes to pictures, several beside each other.",
    )
    add_network_arguments(parser)
    parser.add_argument(
        "--z",
        metavar="X,Y[,…]",
        dest="codes",
        action="append",
        required=True,
        help="the numbers of a code; may be repeated",
    )
    add_picture_output(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the picture."""
    check_writable(arguments.output, arguments.scale)
    stored = open_to("decode", arguments)
    codes = np.stack([from_text(text, stored.latent_dim) for text in arguments.codes])
    pictures = to_uint8(stored.ask("decode", codes))
    write_picture(arguments.output, montage(pictures, columns=len(pictures)), scale=arguments.scale)
    say(
        arguments,
        f"{arguments.output}",
        output=str(arguments.output),
        z=[[float(number) for number in code] for code in codes],
    )
