"""The training side as the engine's training thread owns it."""

import shutil
from collections.abc import Generator
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.core.errors import CheckpointError, DatasetError, RecordingError
from cadl_gui.core.events import Event, RunOpened
from cadl_gui.core.position import Position
from cadl_gui.core.replacing import replacing
from cadl_gui.core.requests import OpenFile, SaveCheckpoint, TrainingRequest, Turn
from cadl_gui.core.run import RunDescription
from cadl_gui.core.snapshot import Snapshot, freeze
from cadl_gui.datasets.load import load
from cadl_gui.models import build
from cadl_gui.runs.checkpoint import open_checkpoint, save_checkpoint
from cadl_gui.runs.manifest import Manifest
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.training.examples import examples_of
from cadl_gui.training.recorded import train_and_record


class Training:
    """Trains, opens and saves; implements `cadl_gui.engine.backends.TrainingBackend`."""

    def device(self) -> str:
        """What computes: "GPU" if TensorFlow sees one, else "CPU"."""
        return "GPU" if tf.config.list_physical_devices("GPU") else "CPU"

    def train(self, request: TrainingRequest) -> Generator[tuple[Event, ...], Turn, None]:
        """Begin or resume a training; see `cadl_gui.training.recorded.train_and_record`."""
        return train_and_record(request)

    def open(self, request: OpenFile) -> RunOpened:
        """Read a checkpoint or a run folder.

        Raises:
            CheckpointError: if it cannot be read.
        """
        if request.path.is_dir():
            return _open_folder(request)
        return _open_checkpoint(request)

    def save(self, request: SaveCheckpoint) -> None:
        """Write a checkpoint.

        Where the run keeps a checkpoint of that very position, it is copied, with its optimiser. Elsewhere
        the optimiser starts afresh.

        Raises:
            RecordingError: if the file cannot be written.
        """
        kept = _kept_checkpoint(request.description.source, request.snapshot.position)
        try:
            if kept is not None:
                with replacing(request.path) as beside:
                    shutil.copyfile(kept, beside)
                return
            _save_snapshot(request)
        except OSError as error:
            raise RecordingError(f"“{request.path}” cannot be written: {error.strerror or error}.") from error


def _open_folder(request: OpenFile) -> RunOpened:
    run = read_run(request.path)
    if not run.recorded:
        raise CheckpointError(f"“{request.path}” holds no weights yet.")
    snapshot = read_snapshot(request.path, run.recorded[-1])
    return RunOpened(_describe(request, run), run.history, run.recorded, snapshot)


def _open_checkpoint(request: OpenFile) -> RunOpened:
    checkpoint = open_checkpoint(request.path)
    weights = freeze(variable.value.numpy() for variable in checkpoint.model.variables)
    snapshot = Snapshot(checkpoint.position, weights)
    return RunOpened(_describe(request, checkpoint), checkpoint.history, (checkpoint.position,), snapshot)


def _describe(request: OpenFile, manifest: Manifest) -> RunDescription:
    return RunDescription(
        run_id=request.run_id,
        name=manifest.name,
        configuration=manifest.configuration,
        picture_shape=manifest.picture_shape,
        steps_per_epoch=manifest.steps_per_epoch,
        dataset_name=manifest.dataset_name,
        examples=_examples(manifest),
        source=request.path,
        dataset_fingerprint=manifest.dataset_fingerprint,
        n_labels=manifest.n_labels,
    )


def _examples(manifest: Manifest) -> NDArray[np.float32] | None:
    """The first pictures of the run's dataset, if it is still where it was."""
    try:
        dataset = load(manifest.configuration.dataset)
    except DatasetError:
        return None
    if dataset.picture_shape != manifest.picture_shape:
        return None
    return examples_of(dataset, manifest.configuration)


def _kept_checkpoint(source: Path | None, position: Position) -> Path | None:
    if source is None or not source.is_dir() or position.step != 0:
        return None
    try:
        run = read_run(source)
    except CheckpointError:
        return None
    complete = [record.epoch for record in run.history.epochs]
    at_position = run.checkpoint is not None and complete and complete[-1] == position.epoch
    return run.checkpoint if at_position else None


def _save_snapshot(request: SaveCheckpoint) -> None:
    description = request.description
    model = build(description.configuration, description.picture_shape, description.n_labels)
    for variable, value in zip(model.variables, request.snapshot.weights, strict=True):
        variable.assign(value)
    save_checkpoint(
        request.path,
        model,
        manifest=Manifest.of(description),
        history=request.history,
        position=request.snapshot.position,
    )
