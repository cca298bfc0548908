"""Arguments and opening of the network, shared by the commands that run a function of one network."""

import argparse
from typing import TYPE_CHECKING

from cadl_gui.cli.file_argument import add_epoch_option, add_file_argument
from cadl_gui.cli.output import add_json_option
from cadl_gui.cli.tensorflow_import import import_tensorflow

if TYPE_CHECKING:
    from cadl_gui.saved.opened import Opened


def add_network_arguments(parser: argparse.ArgumentParser) -> None:
    """Add FILE, `--epoch` and `--json`."""
    add_file_argument(parser)
    add_epoch_option(parser)
    add_json_option(parser)


def open_to(function: str, arguments: argparse.Namespace) -> "Opened":
    """Open the network named by the arguments; only a file takes the time to import TensorFlow.

    Args:
        function: name of the function that the network must have, such as "encode".
        arguments: those of `add_network_arguments`.

    Raises:
        CadlError: if the file cannot be opened or does not hold that epoch, or if the network lacks the
            function.
    """
    if not arguments.file.is_dir():
        import_tensorflow()
    from cadl_gui.saved.opened import open_path

    opened = open_path(arguments.file, arguments.epoch)
    opened.require(function)
    return opened
