"""`cadl import-tf`: converts a checkpoint of the course's own notebooks to one of this program."""

import argparse
from pathlib import Path
from typing import Any

from cadl_gui.cli.checkpoint_options import add_set_option, check_checkpoint_output, settings_of
from cadl_gui.cli.output import add_json_option, emit
from cadl_gui.cli.tensorflow_import import import_tensorflow
from cadl_gui.domain.errors import RecordingError
from cadl_gui.system.whole_file import telling
from cadl_gui.system.words import _


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "import-tf",
        help=_("make a checkpoint from one that the course's notebooks saved"),
        description=_(
            "Reads checkpoints of TensorFlow 1, of format 1 or 2: those of the lecture's four "
            "networks and of the course's VAE(), recognised by the names and shapes of their "
            "variables."
        ),
    )
    parser.add_argument(
        "checkpoint", metavar="CKPT", type=Path, help=_("as saved, such as model.ckpt, or any of its files")
    )
    parser.add_argument(
        "--preset",
        metavar="NAME",
        help=_("which network it is; supplies what the variables do not determine"),
    )
    add_set_option(
        parser, _("a field that the checkpoint does not contain, such as activation=relu; may be repeated")
    )
    parser.add_argument("-o", "--output", metavar="FILE.keras", type=Path, required=True)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the checkpoint, and print what was assumed and what was left out."""
    check_checkpoint_output(arguments.output)
    settings = settings_of(arguments)
    import_tensorflow()
    from cadl_gui.interop.course.imported import import_checkpoint
    from cadl_gui.runs.checkpoint import save_checkpoint

    imported = import_checkpoint(arguments.checkpoint, arguments.preset, settings)
    with telling(arguments.output, RecordingError, writes=True):
        save_checkpoint(
            arguments.output,
            imported.model,
            manifest=imported.manifest,
            history=imported.history,
            position=imported.position,
        )
    config = imported.manifest.config
    emit(
        arguments,
        f"{config.preset}, {imported.position}  {arguments.output}",
        *imported.notes,
        preset=config.preset,
        position=list(imported.position),
        configuration=config.to_json(),
        notes=list(imported.notes),
        checkpoint=str(arguments.output),
    )
