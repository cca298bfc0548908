"""The renderer of `cadl render` for a run's recorded epochs."""

import argparse

from cadl_gui.cli.number_range import float_range
from cadl_gui.cli.offline_run import OfflineRun
from cadl_gui.domain.errors import UserError
from cadl_gui.pictures.rendering import Rendering
from cadl_gui.pictures.timeline_film import timeline_film
from cadl_gui.system.words import _


def add_timeline_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of all films through the epochs."""
    parser.add_argument(
        "--fps",
        type=float_range(0.1, 60),
        default=4.0,
        help=_("through the epochs: how many a second (default 4)"),
    )


def timeline(run: OfflineRun, arguments: argparse.Namespace) -> Rendering:
    """Render the reconstructions of the examples at every recorded position, early batches included.

    If an epoch is named, at its end only.

    Raises:
        UserError: if the run is a classifier, or its dataset is not available.
    """
    about = run.description
    if about.config.model.is_classifier:
        raise UserError(_("“{name}” is a classifier: it reconstructs nothing.").format(name=about.name))
    if about.examples is None:
        raise UserError(
            _(
                "The dataset of “{name}” is not at hand, so there is nothing to reconstruct; "
                "--trust-paths looks it up where the file says."
            ).format(name=about.name)
        )
    positions = run.recorded if arguments.epoch is None else [run.position(arguments.epoch)]
    return timeline_film(run.run_id, positions, about.examples, arguments.fps)
