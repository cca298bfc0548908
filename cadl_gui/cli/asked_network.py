"""What the commands share that put questions to one network: its arguments, and opening it."""

import argparse
from typing import TYPE_CHECKING

from cadl_gui.cli.file_argument import add_epoch_option, add_file_argument
from cadl_gui.cli.output import add_json_option
from cadl_gui.cli.tensorflow_import import import_tensorflow

if TYPE_CHECKING:
    from cadl_gui.training.stored import StoredFunctions


def add_network_arguments(parser: argparse.ArgumentParser) -> None:
    """Take FILE, `--epoch` and `--json`."""
    add_file_argument(parser)
    add_epoch_option(parser)
    add_json_option(parser)


def open_to(function: str, arguments: argparse.Namespace) -> "StoredFunctions":
    """Import TensorFlow, and open the network to ask it for this function.

    Raises:
        CadlError: if it cannot be opened, does not hold that epoch, or has no such function.
    """
    import_tensorflow()
    from cadl_gui.training.stored import open_functions

    stored = open_functions(arguments.file, arguments.epoch)
    stored.require(function)
    return stored
