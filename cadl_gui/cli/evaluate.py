"""`cadl evaluate`: evaluates a checkpoint on images that it was not trained on."""

import argparse
from typing import Any

from cadl_gui.cli.asked_network import add_network_arguments
from cadl_gui.cli.data_preparing import prepare_if_needed
from cadl_gui.cli.output import emit
from cadl_gui.cli.tensorflow_import import import_tensorflow
from cadl_gui.system.words import _


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser("evaluate", help=_("evaluate a checkpoint on its test images"))
    add_network_arguments(parser)
    parser.add_argument("--dataset", metavar="NAME|PATH", help=_("another dataset than the run's own"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print the metrics on the test split, and notes on their interpretation."""
    if arguments.dataset is not None:
        prepare_if_needed(arguments.dataset)
    import_tensorflow()
    from cadl_gui.saved.file_evaluation import evaluate_file

    measured = evaluate_file(arguments.file, arguments.dataset, arguments.epoch)
    text = _("test") + "  " + "  ".join(f"{name} {value:.6f}" for name, value in measured.metrics.items())
    notes = {"notes": list(measured.notes)} if measured.notes else {}
    emit(arguments, text, *measured.notes, test=measured.metrics, **notes)
