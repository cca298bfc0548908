"""Opens saved networks and their functions: checkpoints, run folders and frozen graphs."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.branching import Branch, can_branch
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.errors import CheckpointError, UserError
from cadl_gui.domain.exports import functions_of
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, Decode, Encode, Reconstruct
from cadl_gui.domain.snapshot import NO_WEIGHTS, Snapshot, Weights
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.inference.graph.graph_network import GraphNetwork
from cadl_gui.inference.graph.open_graph import open_graph
from cadl_gui.inference.stateless_network import StatelessNetwork
from cadl_gui.interop.course.imported import import_checkpoint
from cadl_gui.interop.course.variables import is_course_checkpoint
from cadl_gui.interop.export.contents import refuse_what_only_others_load
from cadl_gui.interop.graph_file import is_graph_file
from cadl_gui.models import Network, build
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.fitting import require_fitting
from cadl_gui.runs.manifest import Manifest
from cadl_gui.runs.reader import StoredRun, read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.training.opened import describe_stored, opened_checkpoint
from cadl_gui.training.train_state import set_weights

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
            name: name of the function.
            inputs: images (n, *image_shape) in [0, 1] or latent vectors (n, latent_dim).

        Raises:
            UserError: if there is no such function.
            CadlError: if the outputs are not finite.
        """
        self.require(name)
        return self.by_name[name](inputs)


def open_functions(path: Path, epoch: int | None = None) -> StoredFunctions:
    """Open the functions of a saved network, which compute the same as in the window.

    Args:
        path: a frozen graph, or a file or folder that `open_network` accepts.
        epoch: recorded epoch to open; the last by default.

    Raises:
        CheckpointError: if the file cannot be read, or is a graph that cannot be computed here.
        UserError: if it does not hold that epoch.
    """
    refuse_what_only_others_load(path)
    if is_graph_file(path):
        return _functions_of_graph(path, epoch)
    weights, about = _open_weights(path, epoch)
    config = about.config.model
    network = StatelessNetwork(config, about.image_shape, about.n_classes)
    names = [function.name for function in functions_of(config)]
    spec = model_spec(config, about.image_shape, about.n_classes)
    latent_dim = 0 if config.is_classifier else math.prod(spec.latent_shape)
    return StoredFunctions(
        path,
        about.image_shape,
        latent_dim,
        {name: partial(_answer, network, weights, name) for name in names},
        about.class_names,
        about.is_ink_on_black,
    )


def _functions_of_graph(path: Path, epoch: int | None) -> StoredFunctions:
    if epoch is not None:
        raise UserError(f"“{path}” is a frozen graph: it has no epochs.")
    graph = open_graph(path)
    latent_dim = graph.input_shape[-1] if graph.about.takes == "codes" else 0
    name = graph.about.name
    return StoredFunctions(
        path,
        graph.image_shape,
        latent_dim or 0,
        {name: partial(_answer, GraphNetwork(graph), NO_WEIGHTS, name)},
        numbered(graph.n_classes),
        is_ink_on_black=graph.image_shape[-1] == 1,
    )


def _answer(
    network: StatelessNetwork | GraphNetwork, weights: Weights, name: str, inputs: NDArray[np.float32]
) -> NDArray[np.float32]:
    answer: NDArray[np.float32] = network.respond(weights, _REQUESTS[name]("", None, inputs))
    return answer


def _open_weights(path: Path, epoch: int | None) -> tuple[Weights, Manifest]:
    """Weights of a file or folder that `open_network` accepts; for a run folder, no network is built."""
    if path.is_dir():
        run = read_run(path)
        return _snapshot_of(run, _recorded_epoch(run, epoch)).weights, run
    network, about = open_network(path, epoch)
    return network.weights_by_path, about


def open_network(path: Path, epoch: int | None = None) -> tuple[Network, Manifest]:
    """Open a saved network.

    Args:
        path: a checkpoint, a checkpoint of one of the course's notebooks, or a run folder.
        epoch: recorded epoch to open; the last by default.

    Returns:
        The network and the manifest of its run.

    Raises:
        CheckpointError: if the file cannot be read.
        UserError: if it does not hold that epoch, or is a frozen graph.
    """
    refuse_what_only_others_load(path)
    if is_graph_file(path):
        raise UserError(f"“{path}” is a frozen graph: it can be asked, but has no network of ours.")
    if path.is_dir():
        run = read_run(path)
        return _network_of(run, _recorded_epoch(run, epoch)), run
    if is_course_checkpoint(path) and epoch is None:
        imported = import_checkpoint(path)
        return imported.model, imported.manifest
    checkpoint = open_checkpoint(path)
    if epoch not in {None, checkpoint.position.epoch}:
        raise UserError(f"“{path}” holds {checkpoint.position}, not epoch {epoch}.")
    return checkpoint.model, checkpoint


def open_branch(path: Path, epoch: int | None = None) -> Branch:
    """Open the end of an epoch, to branch a new run from it.

    Args:
        path: a run folder or a checkpoint.
        epoch: recorded epoch to open; the last by default.

    Raises:
        CheckpointError: if the file cannot be read.
        UserError: if it does not hold that epoch, or its position is not the end of an epoch.
    """
    if path.is_dir():
        run = read_run(path)
        position = _recorded_epoch(run, epoch)
        snapshot = read_snapshot(path, position)
        return Branch(describe_stored(run, "", path), run.history, run.recorded, snapshot)
    opened = opened_checkpoint(OpenFile("", path))
    position = opened.snapshot.position
    if not can_branch(position) or epoch not in {None, position.epoch}:
        raise UserError(f"“{path}” holds {position}; a branch begins at the end of an epoch that it holds.")
    return Branch(opened.description, opened.history, (), opened.snapshot)


def _recorded_epoch(run: StoredRun, epoch: int | None) -> Position:
    epochs = [position for position in run.recorded if position.step == 0]
    if not epochs:
        raise CheckpointError(f"The run in “{run.folder}” has no complete epoch yet.")
    if epoch is None:
        return epochs[-1]
    if Position(epoch) not in epochs:
        retained = ", ".join(str(position.epoch) for position in epochs)
        raise UserError(f"The run in “{run.folder}” has no snapshot for epoch {epoch}; it has {retained}.")
    return Position(epoch)


def _snapshot_of(run: StoredRun, position: Position) -> Snapshot:
    snapshot = read_snapshot(run.folder, position)
    require_fitting(run, sum(array.size for array in snapshot.weights.values()), run.folder)
    return snapshot


def _network_of(run: StoredRun, position: Position) -> Network:
    snapshot = _snapshot_of(run, position)
    network = build(run.config, run.image_shape, run.n_classes, run.randomness)
    set_weights(network, snapshot.weights, str(run.folder))
    return network
