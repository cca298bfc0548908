"""A trained network from a checkpoint or from a run folder."""

from pathlib import Path

from cadl_gui.core.errors import CheckpointError, ConfigurationError
from cadl_gui.models import Network, build
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.manifest import Manifest
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot


def open_network(path: Path) -> tuple[Network, Manifest]:
    """Open the newest weights that a file holds.

    Args:
        path: a checkpoint, or a run folder, of which the last recorded epoch is taken.

    Raises:
        CheckpointError: if it cannot be read.
    """
    if not path.is_dir():
        checkpoint = open_checkpoint(path)
        return checkpoint.model, checkpoint
    run = read_run(path)
    epochs = [position for position in run.recorded if position.step == 0]
    if not epochs:
        raise CheckpointError(f"The run in “{path}” has no complete epoch yet.")
    snapshot = read_snapshot(path, epochs[-1])
    try:
        network = build(run.configuration, run.picture_shape, run.n_labels)
    except ConfigurationError as error:
        raise CheckpointError(f"“{path}” describes no network that can be built: {error}") from error
    variables = network.variables
    if [variable.shape for variable in variables] != [array.shape for array in snapshot.weights]:
        raise CheckpointError(f"“{path}” is damaged: its weights do not fit its network.")
    for variable, array in zip(variables, snapshot.weights, strict=True):
        variable.assign(array)
    return network, run
