"""`cadl classify`: classifies images, preprocessed as in the Draw tab."""

import argparse
from typing import Any

from cadl_gui.cli.asked_network import add_network_arguments, open_to
from cadl_gui.cli.image_input import add_image_arguments, read_seen
from cadl_gui.cli.output import emit
from cadl_gui.domain.formatting import percent_text
from cadl_gui.system.words import _


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "classify",
        help=_("classify images"),
        description=_(
            "Prints the class of each image. For digits, ink is found whether it is dark on "
            "light or light on dark, in scans and photographs too, and normalised as MNIST's "
            "digits were."
        ),
    )
    add_network_arguments(parser)
    add_image_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print the class of each image, or that it is blank, one line for each."""
    opened = open_to("classify", arguments)
    about = opened.manifest
    seen = read_seen(arguments.images, about.image_shape, is_ink=about.is_ink_on_black, raw=arguments.raw)
    for path, image, probabilities in zip(arguments.images, seen, opened.ask("classify", seen), strict=True):
        if not image.any():
            nothing = {"label": None, "class_name": None, "probabilities": None}
            emit(arguments, _("{path}  blank image").format(path=path), image=str(path), **nothing)
            continue
        label = int(probabilities.argmax())
        name = about.class_names[label]
        emit(
            arguments,
            f"{path}  {name}  {percent_text(probabilities[label])}",
            image=str(path),
            label=label,
            class_name=name,
            probabilities=[float(probability) for probability in probabilities],
        )
