"""`cadl branch`: begins a new run at an epoch of another one."""

import argparse
import uuid
from pathlib import Path
from typing import Any

from cadl_gui.cli.checkpoint_options import add_checkpoint_output, add_set_option
from cadl_gui.cli.data_preparing import prepare_if_needed
from cadl_gui.cli.file_argument import add_epoch_option, add_file_argument
from cadl_gui.cli.output import add_json_option
from cadl_gui.cli.tensorflow_import import import_tensorflow
from cadl_gui.cli.train import check_outputs, chosen_values, train_and_finish
from cadl_gui.domain.branching import BRANCH_FIELDS, branched
from cadl_gui.domain.training_requests import TrainingRequest
from cadl_gui.system.words import _


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "branch",
        help=_("begin a new run at an epoch of another one"),
        description=_("Begin a new run at an epoch of another one. The optimiser is reset."),
    )
    add_file_argument(parser)
    add_epoch_option(parser)
    parser.add_argument(
        "--run", metavar="DIR", dest="folder", type=Path, required=True, help=_("folder to write")
    )
    parser.add_argument("--epochs", metavar="N", help=_("total number, those before the branch included"))
    parser.add_argument("--learning-rate", metavar="X")
    parser.add_argument("--seed", metavar="N")
    add_set_option(parser, _("one of {fields}; may be repeated").format(fields=", ".join(BRANCH_FIELDS)))
    add_checkpoint_output(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Train the branch, and print each epoch once it is safely on disk.

    Raises:
        CadlError: if the arguments are invalid, or the branch cannot be trained or written.
        Interrupted: after Ctrl+C; completed epochs are retained.
    """
    changes = chosen_values(arguments, ("epochs", "learning_rate", "seed"))
    check_outputs(arguments)
    import_tensorflow()
    from cadl_gui.saved.opened import open_path

    branch = open_path(arguments.file, arguments.epoch).branch()
    config = branched(branch.parent.config, branch.position.epoch, changes)
    prepare_if_needed(config.data.dataset)
    name = _("{name} from {position}").format(name=branch.parent.name, position=branch.position)
    request = TrainingRequest(uuid.uuid4().hex, name, config, arguments.folder, branch=branch)
    train_and_finish(arguments, request, arguments.folder)
