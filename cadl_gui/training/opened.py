"""Creates the `RunOpened` event of a file: a checkpoint, one of the course's, or a frozen graph."""

from cadl_gui.datasets.split import split
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CheckpointError, DatasetError
from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts, read_only
from cadl_gui.domain.events import RunOpened
from cadl_gui.domain.exports import CLASSIFY, RECONSTRUCT
from cadl_gui.domain.graph import FROZEN_GRAPH, Graph
from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import UNKNOWN_DATASET, RunDescription
from cadl_gui.domain.snapshot import NO_WEIGHTS, Snapshot
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.inference.graph.graph_function import GraphFunction
from cadl_gui.inference.graph.open_graph import open_graph
from cadl_gui.interop.course.imported import import_checkpoint
from cadl_gui.models import Classifier, Network
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.manifest import Manifest
from cadl_gui.training.evaluation import N_EARLY_ARTIFACTS, Evaluation, confusion_summary
from cadl_gui.training.opened_run import (
    dataset_at_hand,
    describe_stored,
    examples_at_hand,
    unchanged_dataset,
)

_MOST_EVALUATED = 10_000
"""Number of images on which a checkpoint is evaluated: all of a usual validation part."""

MOST_MULTIPLICATIONS = 2 * 10**10
"""Work of evaluating a checkpoint, a second or two: a file may hold a network of any size."""

FEWEST_EVALUATED = 100
"""Fewer images would tell little of a network that takes long."""

_QUICK_AT_ONCE = 100
"""Graphs with smaller batches are too large to be evaluated while the user waits for the window."""


def opened_checkpoint(request: OpenFile, most_multiplications: int = MOST_MULTIPLICATIONS) -> RunOpened:
    """Open a checkpoint; a classifier is evaluated with at most so many multiplications.

    Raises:
        CheckpointError: if it cannot be read.
    """
    checkpoint = open_checkpoint(request.path)
    confusion = _confusion(checkpoint, checkpoint.model, most_multiplications)
    snapshot = Snapshot(checkpoint.position, checkpoint.model.weights_by_path, confusion)
    return RunOpened(
        describe_stored(checkpoint, request.run_id, request.path),
        checkpoint.history,
        (checkpoint.position,),
        snapshot,
    )


def opened_course_checkpoint(request: OpenFile) -> RunOpened:
    """Open a checkpoint written by one of the course's notebooks.

    Raises:
        CheckpointError: if it cannot be read, or holds no network of the course.
    """
    imported = import_checkpoint(request.path)
    return RunOpened(
        describe_stored(imported.manifest, request.run_id, request.path),
        imported.history,
        (imported.position,),
        Snapshot(
            imported.position, imported.model.weights_by_path, _confusion(imported.manifest, imported.model)
        ),
        notes=imported.notes,
    )


def opened_graph(request: OpenFile) -> RunOpened:
    """Open a frozen graph as a run with one position and no history.

    Raises:
        CheckpointError: if it cannot be read, or is neither a classifier nor an autoencoder.
    """
    graph = open_graph(request.path)
    if graph.about not in {CLASSIFY, RECONSTRUCT}:
        raise CheckpointError(
            f"“{request.path}” can only {graph.about.name}: `cadl {graph.about.name}` asks it."
        )
    model = "classifier" if graph.about == CLASSIFY else "autoencoder"
    config = RunConfig.of(preset=FROZEN_GRAPH, model=model, epochs=1, batch_size=1)
    position = Position(1)
    description = RunDescription(
        run_id=request.run_id,
        name=request.path.stem,
        config=config,
        image_shape=graph.image_shape,
        steps_per_epoch=1,
        dataset_name=FROZEN_GRAPH,
        examples=examples_at_hand(config, graph.image_shape, UNKNOWN_DATASET),
        source=request.path,
        dataset_fingerprint=UNKNOWN_DATASET,
        class_names=numbered(graph.n_classes),
        is_ink_on_black=graph.image_shape[-1] == 1,
        graph=graph,
    )
    snapshot = Snapshot(position, NO_WEIGHTS, _graph_confusion(graph, config))
    return RunOpened(description, History(1), (position,), snapshot)


def _confusion(
    manifest: Manifest, network: Network, most_multiplications: int = MOST_MULTIPLICATIONS
) -> EvaluationArtifacts | None:
    """Confusion summary of a classifier, which its file does not hold, as its run recorded it.

    A network that was trained elsewhere is evaluated on the test images.

    Returns:
        None for another network, for one that would take long, or if the images are not at hand.
    """
    if not isinstance(network, Classifier):
        return None
    dataset = unchanged_dataset(manifest.config, manifest.image_shape, manifest.dataset_fingerprint)
    if dataset is None or dataset.labels is None or dataset.n_classes != manifest.n_classes:
        return None
    try:
        parts = split(dataset, manifest.config)
    except DatasetError:
        return None
    which = parts.test if manifest.dataset_fingerprint == UNKNOWN_DATASET else parts.validation
    n = min(len(which), _MOST_EVALUATED, most_multiplications // max(1, network.spec.n_multiplications))
    if n < min(len(which), FEWEST_EVALUATED) or n == 0:
        return None
    return read_only(Evaluation(network).metrics(dataset, which[:n])[1])


def _graph_confusion(graph: Graph, config: RunConfig) -> EvaluationArtifacts | None:
    """Confusion summary on the first test images; None if the graph does not fit them or is too slow."""
    dataset = dataset_at_hand(config, graph.image_shape)
    if dataset is None or dataset.labels is None or graph.n_classes != dataset.n_classes:
        return None
    if graph.at_once < _QUICK_AT_ONCE:
        return None
    which = split(dataset, config).test[:N_EARLY_ARTIFACTS]
    probabilities = GraphFunction(graph)(dataset.as_floats(which))
    return read_only(confusion_summary(dataset, which, probabilities))
