"""`cadl evaluate`: how well a checkpoint does on pictures that it was not trained on."""

import argparse
from pathlib import Path
from typing import Any

from cadl_gui.cli.output import add_json_option, say
from cadl_gui.cli.quiet import import_tensorflow
from cadl_gui.core.errors import CheckpointError


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser("evaluate", help="measure a checkpoint on its test pictures")
    parser.add_argument("file", metavar="FILE", type=Path, help="a checkpoint or a run folder")
    parser.add_argument("--dataset", metavar="NAME|PATH", help="another dataset than the run's own")
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print the metrics of the test part of the split."""
    import_tensorflow()
    from cadl_gui.training.measure import measure_checkpoint

    metrics = measure_checkpoint(_checkpoint(arguments.file), arguments.dataset)
    text = "test  " + "  ".join(f"{name} {value:.6f}" for name, value in metrics.items())
    say(arguments, text, test=metrics)


def _checkpoint(path: Path) -> Path:
    if not path.is_dir():
        return path
    from cadl_gui.runs.reader import read_run

    checkpoint = read_run(path).checkpoint
    if checkpoint is None:
        raise CheckpointError(f"The run in “{path}” has no complete epoch yet.")
    return checkpoint
