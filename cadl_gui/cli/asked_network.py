"""Arguments and opening of the network, shared by the commands that run a function of one network."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cadl_gui.cli.file_argument import add_epoch_option, add_file_argument
from cadl_gui.cli.output import add_json_option

if TYPE_CHECKING:
    from cadl_gui.training.stored_functions import StoredFunctions


def add_network_arguments(parser: argparse.ArgumentParser) -> None:
    """Add FILE, `--epoch` and `--json`."""
    add_file_argument(parser)
    add_epoch_option(parser)
    add_json_option(parser)


def open_to(function: str, arguments: argparse.Namespace) -> "StoredFunctions":
    """Open the network named by the arguments; only a file takes the time to import TensorFlow.

    Args:
        function: name of the function that the network must have, such as "encode".
        arguments: those of `add_network_arguments`.

    Raises:
        CadlError: if the file cannot be opened or does not hold that epoch, or if the network lacks the
            function.
    """
    stored = _opened(arguments.file, arguments.epoch)
    stored.require(function)
    return stored


def _opened(path: Path, epoch: int | None) -> "StoredFunctions":
    if path.is_dir():
        from cadl_gui.training.stored_functions import open_run_functions

        return open_run_functions(path, epoch)
    from cadl_gui.cli.tensorflow_import import import_tensorflow

    import_tensorflow()
    from cadl_gui.training.stored import open_functions

    return open_functions(path, epoch)
