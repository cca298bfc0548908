"""What `cadl render` makes of a run's kept epochs."""

import argparse

from cadl_gui.cli.asked_run import AskedRun
from cadl_gui.cli.checked_number import real
from cadl_gui.domain.errors import UserError
from cadl_gui.pictures.rendering import Rendering
from cadl_gui.pictures.timeline_film import timeline_film


def add_timeline_options(parser: argparse.ArgumentParser) -> None:
    """Add what all films through the epochs take."""
    parser.add_argument(
        "--fps", type=real(0.1, 60), default=4.0, help="through the epochs: how many a second (default 4)"
    )


def timeline(run: AskedRun, arguments: argparse.Namespace) -> Rendering:
    """The reconstructions of the examples at every kept position, early batches too."""
    about = run.description
    if about.config.model.is_classifier:
        raise UserError(f"“{about.name}” is a classifier: it reconstructs nothing.")
    if about.examples is None:
        raise UserError(
            f"The dataset of “{about.name}” is not at hand, so there is nothing to reconstruct; "
            "--trust-paths looks it up where the file says."
        )
    return timeline_film(run.run_id, run.recorded, about.examples, arguments.fps)
