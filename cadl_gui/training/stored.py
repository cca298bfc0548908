"""Opens saved networks and their functions: checkpoints, run folders and frozen graphs."""

from functools import partial
from pathlib import Path

from cadl_gui.domain.branching import Branch, can_branch
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.position import Position
from cadl_gui.domain.snapshot import NO_WEIGHTS
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
from cadl_gui.runs.manifest import Manifest
from cadl_gui.runs.reader import StoredRun, read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.training.opened import opened_checkpoint
from cadl_gui.training.opened_run import describe_stored
from cadl_gui.training.stored_functions import (
    StoredFunctions,
    answer,
    functions_of_network,
    open_run_functions,
    recorded_epoch,
    snapshot_of,
)
from cadl_gui.training.train_state import set_weights


def open_functions(path: Path, epoch: int | None = None) -> StoredFunctions:
    """Open the functions of a saved network, which compute the same as in the window.

    Args:
        path: a frozen graph, or a file or folder that `open_network` accepts.
        epoch: recorded epoch to open; the last by default.

    Raises:
        CheckpointError: if the file cannot be read, or is a graph that cannot be computed here.
        UserError: if it does not hold that epoch.
    """
    if path.is_dir():
        return open_run_functions(path, epoch)
    refuse_what_only_others_load(path)
    if is_graph_file(path):
        return _functions_of_graph(path, epoch)
    network, about = open_network(path, epoch)
    stateless = StatelessNetwork(about.config.model, about.image_shape, about.n_classes)
    return functions_of_network(path, about, stateless, network.weights_by_path)


def _functions_of_graph(path: Path, epoch: int | None) -> StoredFunctions:
    if epoch is not None:
        raise UserError(f"“{path}” is a frozen graph: it has no epochs.")
    graph = open_graph(path)
    latent_dim = graph.input_shape[-1] if graph.about.takes == "latents" else 0
    name = graph.about.name
    return StoredFunctions(
        path,
        graph.image_shape,
        latent_dim or 0,
        {name: partial(answer, GraphNetwork(graph), NO_WEIGHTS, name)},
        numbered(graph.n_classes),
        is_ink_on_black=graph.image_shape[-1] == 1,
    )


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
        raise UserError(f"“{path}” is a frozen graph; a checkpoint or run is needed.")
    if path.is_dir():
        run = read_run(path)
        return _network_of(run, recorded_epoch(run, epoch)), run
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
        epoch: recorded epoch to open; the last by default.

    Raises:
        CheckpointError: if the file cannot be read.
        UserError: if it does not hold that epoch, or its position is not the end of an epoch.
    """
    if path.is_dir():
        run = read_run(path)
        position = recorded_epoch(run, epoch)
        snapshot = read_snapshot(path, position)
        return Branch(describe_stored(run, "", path), run.history, run.recorded, snapshot)
    opened = opened_checkpoint(OpenFile("", path))
    position = opened.snapshot.position
    if not can_branch(position) or epoch not in {None, position.epoch}:
        raise UserError(f"“{path}” holds {position}; a branch begins at the end of an epoch that it holds.")
    return Branch(opened.description, opened.history, (), opened.snapshot)


def _network_of(run: StoredRun, position: Position) -> Network:
    snapshot = snapshot_of(run, position)
    network = build(run.config, run.image_shape, run.n_classes)
    set_weights(network, snapshot.weights, str(run.folder))
    return network
