"""`cadl encode`: where an autoencoder puts pictures in its latent space."""

import argparse
from typing import Any

from cadl_gui.cli.asked_network import add_network_arguments, open_to
from cadl_gui.cli.output import say
from cadl_gui.cli.seen_pictures import add_image_arguments, read_seen
from cadl_gui.imaging.latent.code_text import as_numbers


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "encode",
        help="tell the latent code of pictures",
        description="Prints the code z of each picture; of a variational network, the mean of its Gaussian. "
        "Digits are normalised as MNIST's were.",
    )
    add_network_arguments(parser)
    add_image_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print a line for each picture."""
    stored = open_to("encode", arguments)
    seen = read_seen(arguments.images, stored.picture_shape, is_ink=stored.is_ink_on_black, raw=arguments.raw)
    for path, code in zip(arguments.images, stored.ask("encode", seen), strict=True):
        say(
            arguments,
            f"{path}  {as_numbers(code).replace(' ', '')}",
            image=str(path),
            z=[float(number) for number in code],
        )
