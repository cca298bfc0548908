"""Weights at one position of a run, in one small HDF5 file: quick to write, quick to scrub through."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.errors import CheckpointError
from cadl_gui.core.events import Probes
from cadl_gui.core.position import Position
from cadl_gui.core.replacing import replacing
from cadl_gui.core.snapshot import Snapshot
from cadl_gui.runs.hdf5 import open_sealed, writing_sealed
from cadl_gui.runs.layout import snapshot_path
from cadl_gui.runs.manifest import FORMAT


def write_snapshot(folder: Path, snapshot: Snapshot, probes: Probes | None = None) -> None:
    """Put weights, and the probes of the end of an epoch, into a run folder.

    The group `weights` holds the arrays, named by their place in `model.variables`; the group `probes` holds
    `latents` and `labels`, as far as there are any.

    Raises:
        OSError: if the file cannot be written.
    """
    arrays = {f"weights/{i}": array for i, array in enumerate(snapshot.weights)}
    if probes is not None and probes.latents is not None:
        arrays["probes/latents"] = probes.latents
    if probes is not None and probes.labels is not None:
        arrays["probes/labels"] = probes.labels
    path = snapshot_path(folder, snapshot.position)
    with replacing(path) as beside, writing_sealed(beside) as file:
        file.attrs.update(format=FORMAT, epoch=snapshot.position.epoch, step=snapshot.position.step)
        file.create_group("weights")
        for name, array in arrays.items():
            file.create_dataset(name, data=array, track_times=False)


def read_snapshot(folder: Path, position: Position) -> Snapshot:
    """Read the weights at a position from a run folder.

    Raises:
        CheckpointError: if they are missing or damaged.
    """
    with _open(folder, position) as file:
        n_arrays = len(file["weights"])
        return Snapshot(position, tuple(_array(file[f"weights/{i}"]) for i in range(n_arrays)))


def read_probes(folder: Path, epoch: int) -> Probes:
    """Read what an epoch keeps besides its weights.

    Raises:
        CheckpointError: if it is missing or damaged.
    """
    with _open(folder, Position(epoch)) as file:
        return Probes(
            latents=_array(file["probes/latents"]) if "probes/latents" in file else None,
            labels=_array(file["probes/labels"]) if "probes/labels" in file else None,
        )


@contextmanager
def _open(folder: Path, position: Position) -> Iterator[Any]:
    path = snapshot_path(folder, position)
    with open_sealed(path) as file:
        number = file.attrs["format"]
        if number > FORMAT:
            raise CheckpointError(
                f"“{path}” was written by a newer version of the program (format {number})."
            )
        if [file.attrs["epoch"], file.attrs["step"]] != [*position]:
            raise ValueError(f"Expected {position}. Received: another position")
        yield file


def _array(dataset: Any) -> NDArray[Any]:
    array: NDArray[Any] = np.asarray(dataset[...])
    array.flags.writeable = False
    return array
