"""`cadl export`: exports a trained network to a format that other programs load."""

import argparse
from pathlib import Path
from typing import Any

from cadl_gui.cli.file_argument import add_epoch_option, add_file_argument
from cadl_gui.cli.output import add_json_option, emit
from cadl_gui.cli.output_path import check_output_path
from cadl_gui.cli.tensorflow_import import import_tensorflow
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.exports import FORMATS, FUNCTIONS, Exported, Format, chosen_functions


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "export",
        help="write a model that loads without this program",
        description="Exports a trained network, preprocessing inside: it takes images in [0, 1]. Before it "
        "is moved to its path, a library that knows nothing of this program loads it back, and its answers "
        "are compared with the network's own.",
    )
    add_file_argument(parser)
    parser.add_argument(
        "--format",
        choices=FORMATS,
        required=True,
        help="; ".join(f"{made.name}: {made.help}" for made in FORMATS.values()),
    )
    parser.add_argument(
        "--function",
        choices=[function.name for function in FUNCTIONS],
        help="the one function to export; by default, of a SavedModel all, else the first of them that fits",
    )
    parser.add_argument("-o", "--output", metavar="OUT", type=Path, required=True)
    add_epoch_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Export the network, and print what its outputs were compared with."""
    made = FORMATS[arguments.format]
    _check_output(arguments.output, made)
    import_tensorflow()
    from cadl_gui.interop.export.export import export
    from cadl_gui.training.examples import clean_examples
    from cadl_gui.training.stored import open_network

    network, manifest = open_network(arguments.file, arguments.epoch)
    functions = chosen_functions(network.config, made, arguments.function)
    images = clean_examples(manifest.config, network.image_shape)
    exporting = export(network, made, functions, arguments.output, images)
    exported = _last(exporting)
    emit(
        arguments,
        f"{exported.path}  {', '.join(exported.functions)}  {exported}",
        output=str(exported.path),
        format=made.name,
        functions=list(exported.functions),
        loader=exported.loader,
        compared=exported.n_compared,
        largest_difference=exported.largest_difference,
    )


def _check_output(path: Path, made: Format) -> None:
    if made.suffix and path.suffix != made.suffix:
        raise UserError(f"A file in the format {made.label} ends in {made.suffix}; “{path}” does not.")
    check_output_path(path, folder=not made.suffix)
    if not made.suffix and path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UserError(f"A {made.label} is a folder of its own: “{path}” is not empty.")


def _last(exporting: Any) -> Exported:
    """Run all stages, and return the result of the export."""
    while True:
        try:
            next(exporting)
        except StopIteration as end:
            exported: Exported = end.value
            return exported
