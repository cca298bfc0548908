"""Weights at one position of a run, in one small HDF5 file: quick to write, quick to scrub through."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.errors import CheckpointError
from cadl_gui.core.position import Position
from cadl_gui.core.probes import Mistakes, Probes
from cadl_gui.core.replacing import replacing
from cadl_gui.core.snapshot import Snapshot
from cadl_gui.runs.hdf5 import open_sealed, writing_sealed
from cadl_gui.runs.layout import snapshot_path
from cadl_gui.runs.manifest import FORMAT

_MISTAKES = "mistakes"


def write_snapshot(folder: Path, snapshot: Snapshot) -> None:
    """Put weights, and the probes beside them, into a run folder.

    The group `weights` holds the arrays, named by their place in `model.variables`; the group `probes` holds
    what there is of `Probes`, by name, with the mistakes in a group of their own.

    Raises:
        OSError: if the file cannot be written.
    """
    arrays = {f"weights/{i}": array for i, array in enumerate(snapshot.weights)}
    if snapshot.probes is not None:
        arrays |= _probes_to_arrays(snapshot.probes)
    path = snapshot_path(folder, snapshot.position)
    with replacing(path) as beside, writing_sealed(beside) as file:
        file.attrs.update(format=FORMAT, epoch=snapshot.position.epoch, step=snapshot.position.step)
        file.create_group("weights")
        for name, array in arrays.items():
            file.create_dataset(name, data=array, track_times=False)


def read_snapshot(folder: Path, position: Position) -> Snapshot:
    """Read the weights at a position, and the probes beside them, from a run folder.

    Weights in half precision, as the runs have them that are shipped, come as float32.

    Raises:
        CheckpointError: if they are missing or damaged.
    """
    with _open(folder, position) as file:
        n_arrays = len(file["weights"])
        weights = tuple(_weights(file[f"weights/{i}"]) for i in range(n_arrays))
        return Snapshot(position, weights, _probes_from(file["probes"]) if "probes" in file else None)


def _probes_to_arrays(probes: Probes) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    for name, value in vars(probes).items():
        if isinstance(value, Mistakes):
            arrays |= {f"probes/{_MISTAKES}/{part}": array for part, array in vars(value).items()}
        elif value is not None:
            arrays[f"probes/{name}"] = value
    return arrays


def _probes_from(group: Any) -> Probes:
    arrays = {name: _array(group[name]) for name in group if name != _MISTAKES}
    mistakes = None
    if _MISTAKES in group:
        mistakes = Mistakes(**{name: _array(group[_MISTAKES][name]) for name in group[_MISTAKES]})
    return Probes(**arrays, mistakes=mistakes)


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


def _weights(dataset: Any) -> NDArray[Any]:
    array = _array(dataset)
    if array.dtype == np.float16:
        array = array.astype(np.float32)
        array.flags.writeable = False
    return array


def _array(dataset: Any) -> NDArray[Any]:
    array: NDArray[Any] = np.asarray(dataset[...])
    array.flags.writeable = False
    return array
