"""`cadl encode`: prints the latent vectors of images."""

import argparse
from typing import Any

from cadl_gui.cli.asked_network import add_network_arguments, open_to
from cadl_gui.cli.image_input import add_image_arguments, read_seen
from cadl_gui.cli.output import emit
from cadl_gui.imaging.latent.latent_text import as_numbers
from cadl_gui.system.words import _


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "encode",
        help=_("print latent vectors"),
        description=_(
            "Prints the latent vector z of each image; of a variational one, the Gaussian's "
            "mean. Digits are normalised as MNIST's were."
        ),
    )
    add_network_arguments(parser)
    add_image_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print the latent vector of each image, one line for each."""
    opened = open_to("encode", arguments)
    about = opened.manifest
    seen = read_seen(arguments.images, about.image_shape, is_ink=about.is_ink_on_black, raw=arguments.raw)
    for path, latent in zip(arguments.images, opened.ask("encode", seen), strict=True):
        emit(
            arguments,
            f"{path}  {as_numbers(latent).replace(' ', '')}",
            image=str(path),
            z=[float(number) for number in latent],
        )
