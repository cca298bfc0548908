"""Creates the `RunOpened` event of a run folder, without TensorFlow unless its examples take it."""

import copy
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.changed import what_changed
from cadl_gui.datasets.load import load, load_if_asked_for
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CheckpointError, DatasetError
from cadl_gui.domain.events import RunOpened
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.interop.export.contents import is_saved_model
from cadl_gui.runs import layout
from cadl_gui.runs.fitting import require_fitting
from cadl_gui.runs.lock import writer_of
from cadl_gui.runs.manifest import Manifest
from cadl_gui.runs.reader import StoredRun, read_run
from cadl_gui.runs.snapshots import read_snapshot_if_there
from cadl_gui.training.examples import examples_of


def read_without_tensorflow(request: OpenFile) -> RunOpened | None:
    """Open a run folder before TensorFlow is loaded.

    Returns:
        None for what waits for TensorFlow: files, denoising runs, whose examples it corrupts, and runs that
        another process is training.

    Raises:
        CheckpointError: if the folder holds no weights, or they cannot be read.
    """
    if not request.path.is_dir() or is_saved_model(request.path) or writer_of(request.path):
        return None
    run = read_run(request.path)
    return None if run.config.is_denoising else opened_run(request, run)


def opened_run(request: OpenFile, run: StoredRun) -> RunOpened:
    """Create the event for a run folder.

    Raises:
        CheckpointError: if the folder holds no weights, or they cannot be read.
    """
    snapshot = _newest_snapshot(run)
    require_fitting(run, sum(array.size for array in snapshot.weights.values()), run.folder)
    return RunOpened(
        describe_stored(
            run,
            request.run_id,
            run.folder,
            is_own=request.is_own and not layout.stranger_path(run.folder).exists(),
        ),
        copy.deepcopy(run.history),
        tuple(position for position in run.recorded if position <= snapshot.position),
        snapshot,
        writer=writer_of(run.folder),
    )


def _newest_snapshot(run: StoredRun) -> Snapshot:
    """Read the newest weights that are still there: another process that trains the run drops some."""
    snapshots = (read_snapshot_if_there(run.folder, position) for position in reversed(run.recorded))
    newest = next((snapshot for snapshot in snapshots if snapshot is not None), None)
    if newest is None:
        raise CheckpointError(f"“{run.folder}” holds no weights yet.")
    return newest


def describe_stored(manifest: Manifest, run_id: str, source: Path, *, is_own: bool = False) -> RunDescription:
    """Describe a run that was read from a folder or a checkpoint.

    Args:
        is_own: whether the user trained the run, so that the path of its dataset can be trusted.
    """
    examples = examples_at_hand(
        manifest.config, manifest.image_shape, manifest.dataset_fingerprint, is_own=is_own
    )
    return RunDescription(**manifest.info, run_id=run_id, examples=examples, source=source)


def examples_at_hand(
    config: RunConfig, image_shape: ImageShape, fingerprint: str, *, is_own: bool = False
) -> NDArray[np.float32] | None:
    """The first images of `unchanged_dataset`, (n, height, width, channels) in [0, 1]; None without it."""
    dataset = unchanged_dataset(config, image_shape, fingerprint, is_own=is_own)
    return None if dataset is None else examples_of(dataset, config)


def unchanged_dataset(
    config: RunConfig, image_shape: ImageShape, fingerprint: str, *, is_own: bool = False
) -> ImageStore | None:
    """The run's dataset; None if it has changed, is unavailable or may not be read.

    Args:
        is_own: whether the user trained the run, so that the path of its dataset can be trusted.
    """
    dataset = dataset_at_hand(config, image_shape, is_own=is_own)
    if dataset is None or (dataset.can_change and what_changed(dataset, config.data, fingerprint)):
        return None
    return dataset


def dataset_at_hand(config: RunConfig, image_shape: ImageShape, *, is_own: bool = False) -> ImageStore | None:
    """The dataset that a configuration names; None if it is unavailable, may not be read, or does not fit."""
    try:
        dataset = (load if is_own else load_if_asked_for)(config.data.dataset)
    except DatasetError:
        return None
    return dataset if dataset.image_shape == image_shape else None
