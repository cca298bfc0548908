"""Stores the weights at one position of a run in a small HDF5 file, for quick writing and scrubbing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts, WorstMistakes
from cadl_gui.domain.file_format import FORMAT, require_format
from cadl_gui.domain.position import Position
from cadl_gui.domain.snapshot import Snapshot, freeze
from cadl_gui.runs.hdf5 import arrays_in, open_sealed, writing_sealed
from cadl_gui.runs.layout import snapshot_path
from cadl_gui.system.atomic_write import atomic_write

_MISTAKES = "mistakes"


def write_snapshot(folder: Path, snapshot: Snapshot) -> None:
    """Write weights and evaluation artifacts to a run folder.

    The group `weights` holds the arrays by variable path, and hence in a group for each layer. The group
    `artifacts` holds the available `EvaluationArtifacts` by name, with the worst mistakes in a subgroup.

    Raises:
        OSError: if the file cannot be written.
    """
    arrays = {f"weights/{path}": array for path, array in snapshot.weights.items()}
    if snapshot.artifacts is not None:
        arrays |= _artifacts_to_arrays(snapshot.artifacts)
    path = snapshot_path(folder, snapshot.position)
    with atomic_write(path) as beside, writing_sealed(beside) as file:
        file.attrs.update(format=FORMAT, epoch=snapshot.position.epoch, step=snapshot.position.step)
        file.create_group("weights")
        for name, array in arrays.items():
            file.create_dataset(name, data=array, track_times=False)


def read_snapshot(folder: Path, position: Position) -> Snapshot:
    """Read the weights and evaluation artifacts at a position from a run folder.

    Half-precision weights, which shipped runs use, are returned as float32.

    Raises:
        CheckpointError: if they are missing or damaged.
    """
    with _open(folder, position) as file:
        weights = {path: _single(array) for path, array in arrays_in(file["weights"]).items()}
        artifacts = _artifacts_from(file["artifacts"]) if "artifacts" in file else None
        return Snapshot(position, freeze(weights), artifacts)


def read_snapshot_if_there(folder: Path, position: Position) -> Snapshot | None:
    """Read a snapshot that another process may have dropped since it was listed; see `read_snapshot`.

    Returns:
        The snapshot; None if its file is no longer there.

    Raises:
        CheckpointError: if it is damaged.
    """
    try:
        return read_snapshot(folder, position)
    except CheckpointError:
        if snapshot_path(folder, position).exists():
            raise
        return None


def _artifacts_to_arrays(artifacts: EvaluationArtifacts) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    for name, value in vars(artifacts).items():
        if isinstance(value, WorstMistakes):
            arrays |= {f"artifacts/{_MISTAKES}/{part}": array for part, array in vars(value).items()}
        elif value is not None:
            arrays[f"artifacts/{name}"] = value
    return arrays


def _artifacts_from(group: Any) -> EvaluationArtifacts:
    arrays = arrays_in(group)
    mistakes = {path: arrays.pop(path) for path in list(arrays) if path.startswith(f"{_MISTAKES}/")}
    parts = {path.removeprefix(f"{_MISTAKES}/"): array for path, array in mistakes.items()}
    return EvaluationArtifacts(**arrays, mistakes=WorstMistakes(**parts) if parts else None)


@contextmanager
def _open(folder: Path, position: Position) -> Iterator[Any]:
    path = snapshot_path(folder, position)
    with open_sealed(path) as file:
        require_format(int(file.attrs["format"]), f"“{path}”", CheckpointError)
        if [file.attrs["epoch"], file.attrs["step"]] != [*position]:
            raise ValueError(f"Expected {position}. Received: another position")
        yield file


def _single(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.float32) if array.dtype == np.float16 else array
