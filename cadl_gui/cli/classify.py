"""`cadl classify`: which digits are in pictures, read as the Draw tab reads them."""

import argparse
from typing import Any

from cadl_gui.cli.asked_network import add_network_arguments, open_to
from cadl_gui.cli.output import say
from cadl_gui.cli.seen_pictures import add_image_arguments, read_seen


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "classify",
        help="say which digits are in pictures",
        description="Says which digit is in each picture. Ink is found whether it is dark on light or light "
        "on dark, in scans and photographs too, and normalised as MNIST's digits were.",
    )
    add_network_arguments(parser)
    add_image_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print a line for each picture; of an empty one, that it shows nothing."""
    stored = open_to("classify", arguments)
    seen = read_seen(arguments.images, stored.picture_shape, raw=arguments.raw)
    for path, picture, probabilities in zip(
        arguments.images, seen, stored.ask("classify", seen), strict=True
    ):
        if not picture.any():
            say(arguments, f"{path}  nothing to be seen", image=str(path), label=None, probabilities=None)
            continue
        label = int(probabilities.argmax())
        say(
            arguments,
            f"{path}  {label}  {100 * probabilities[label]:.1f} %",
            image=str(path),
            label=label,
            probabilities=[float(probability) for probability in probabilities],
        )
