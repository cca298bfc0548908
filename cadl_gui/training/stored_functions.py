"""The functions of a saved network; of a run folder, without TensorFlow."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import CheckpointError, UserError
from cadl_gui.domain.exports import functions_of
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.position import Position, end_of_epoch
from cadl_gui.domain.requests import Classify, Decode, Encode, Reconstruct
from cadl_gui.domain.snapshot import Snapshot, Weights
from cadl_gui.inference.numpy_network import NumpyNetwork
from cadl_gui.interop.export.contents import refuse_what_only_others_load
from cadl_gui.runs.fitting import require_fitting
from cadl_gui.runs.manifest import Manifest
from cadl_gui.runs.reader import StoredRun, read_run
from cadl_gui.runs.snapshots import read_snapshot

if TYPE_CHECKING:
    from cadl_gui.inference.graph.graph_network import GraphNetwork
    from cadl_gui.inference.stateless_network import StatelessNetwork

Function = Callable[[NDArray[np.float32]], NDArray[np.float32]]

_REQUESTS = {"classify": Classify, "reconstruct": Reconstruct, "encode": Encode, "decode": Decode}
"""Request classes by the names of functions; see `cadl_gui.domain.exports`."""


@dataclass(frozen=True, eq=False)
class StoredFunctions:
    """The functions of a saved network.

    Attributes:
        path: path of the file.
        image_shape: (height, width, channels).
        latent_dim: number of latent dimensions; 0 for a classifier.
        by_name: functions by name, from and to float32 arrays; see `cadl_gui.domain.exports`.
        class_names: names of the classes, by label.
        is_ink_on_black: whether the training images resemble drawings, bright on black.
    """

    path: Path
    image_shape: ImageShape
    latent_dim: int
    by_name: Mapping[str, Function]
    class_names: tuple[str, ...]
    is_ink_on_black: bool

    def require(self, name: str) -> None:
        """Check that a function exists, before its inputs are prepared.

        Raises:
            UserError: if there is no such function.
        """
        if name not in self.by_name:
            raise UserError(f"“{self.path}” cannot {name}; what it can: {', '.join(self.by_name)}.")

    def ask(self, name: str, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compute one of the functions.

        Args:
            inputs: images (n, *image_shape) in [0, 1] or latent vectors (n, latent_dim).

        Raises:
            UserError: if there is no such function.
            CadlError: if the outputs are not finite.
        """
        self.require(name)
        return self.by_name[name](inputs)


def open_run_functions(folder: Path, epoch: int | None = None) -> StoredFunctions:
    """Open the functions of a run folder, which compute in NumPy.

    Args:
        epoch: recorded epoch to open; the last by default.

    Raises:
        CheckpointError: if the folder cannot be read.
        UserError: if it does not hold that epoch.
    """
    refuse_what_only_others_load(folder)
    run = read_run(folder)
    weights = snapshot_of(run, recorded_epoch(run, epoch)).weights
    return functions_of_network(
        folder, run, NumpyNetwork(run.config.model, run.image_shape, run.n_classes), weights
    )


def functions_of_network(
    path: Path, about: Manifest, network: "NumpyNetwork | StatelessNetwork", weights: Weights
) -> StoredFunctions:
    """Bind the functions of a network to its weights."""
    config = about.config.model
    spec = model_spec(config, about.image_shape, about.n_classes)
    return StoredFunctions(
        path,
        about.image_shape,
        0 if config.is_classifier else math.prod(spec.latent_shape),
        {each.name: partial(answer, network, weights, each.name) for each in functions_of(config)},
        about.class_names,
        about.is_ink_on_black,
    )


def answer(
    network: "NumpyNetwork | StatelessNetwork | GraphNetwork",
    weights: Weights,
    name: str,
    inputs: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Ask a network for one of its functions.

    Args:
        name: name of the function; see `cadl_gui.domain.exports`.
    """
    outputs: NDArray[np.float32] = network.respond(weights, _REQUESTS[name]("", None, inputs))
    return outputs


def recorded_epoch(run: StoredRun, epoch: int | None) -> Position:
    """Return the recorded position at the end of an epoch.

    Args:
        epoch: the epoch; None means the last recorded one.

    Raises:
        CheckpointError: if no epoch is complete.
        UserError: if that epoch is not recorded.
    """
    epochs = [position for position in run.recorded if position.step == 0]
    if not epochs:
        raise CheckpointError(f"The run in “{run.folder}” has no complete epoch yet.")
    return epochs[-1] if epoch is None else end_of_epoch(epoch, epochs, f"The run in “{run.folder}”")


def snapshot_of(run: StoredRun, position: Position) -> Snapshot:
    """Read a snapshot, and check that its weights suffice for the run's network.

    Raises:
        CheckpointError: if they cannot be read, or do not suffice.
    """
    snapshot = read_snapshot(run.folder, position)
    require_fitting(run, sum(array.size for array in snapshot.weights.values()), run.folder)
    return snapshot
