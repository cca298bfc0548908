"""A run that was read from disk, as the program is told of it."""

import copy
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.errors import CheckpointError, DatasetError
from cadl_gui.core.events import RunOpened
from cadl_gui.core.requests import OpenFile
from cadl_gui.core.run import RunDescription
from cadl_gui.core.snapshot import Snapshot, freeze
from cadl_gui.datasets.load import load
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.course.imported import import_checkpoint
from cadl_gui.runs.lock import writer_of
from cadl_gui.runs.manifest import Manifest
from cadl_gui.runs.reader import StoredRun
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.training.examples import examples_of


def opened_run(request: OpenFile, run: StoredRun) -> RunOpened:
    """What is told of a run folder that was read.

    Raises:
        CheckpointError: if it holds no weights, or they cannot be read.
    """
    if not run.recorded:
        raise CheckpointError(f"“{run.folder}” holds no weights yet.")
    return RunOpened(
        describe_stored(run, request.run_id, run.folder),
        copy.deepcopy(run.history),
        run.recorded,
        read_snapshot(run.folder, run.recorded[-1]),
        writer=writer_of(run.folder),
    )


def opened_checkpoint(request: OpenFile) -> RunOpened:
    """What is told of a checkpoint.

    Raises:
        CheckpointError: if it cannot be read.
    """
    checkpoint = open_checkpoint(request.path)
    weights = freeze(variable.value.numpy() for variable in checkpoint.model.variables)
    snapshot = Snapshot(checkpoint.position, weights)
    return RunOpened(
        describe_stored(checkpoint, request.run_id, request.path),
        checkpoint.history,
        (checkpoint.position,),
        snapshot,
    )


def opened_course_checkpoint(request: OpenFile) -> RunOpened:
    """What is told of a checkpoint of the course's notebooks.

    Raises:
        CheckpointError: if it cannot be read, or holds no network of the course.
    """
    imported = import_checkpoint(request.path)
    weights = freeze(variable.value.numpy() for variable in imported.model.variables)
    return RunOpened(
        describe_stored(imported.manifest, request.run_id, request.path),
        imported.history,
        (imported.position,),
        Snapshot(imported.position, weights),
        notes=imported.notes,
    )


def describe_stored(manifest: Manifest, run_id: str, source: Path) -> RunDescription:
    """What the program says of a run that was read from a folder or a checkpoint."""
    return RunDescription(
        run_id=run_id,
        name=manifest.name,
        configuration=manifest.configuration,
        picture_shape=manifest.picture_shape,
        steps_per_epoch=manifest.steps_per_epoch,
        dataset_name=manifest.dataset_name,
        examples=_examples(manifest),
        source=source,
        dataset_fingerprint=manifest.dataset_fingerprint,
        n_labels=manifest.n_labels,
        branched_from=manifest.branched_from,
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
