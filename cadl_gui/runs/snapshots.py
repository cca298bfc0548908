"""Weights at one position of a run, in one small HDF5 file: quick to write, quick to scrub through."""

import io
from pathlib import Path

from cadl_gui.core.errors import CheckpointError
from cadl_gui.core.events import Probes
from cadl_gui.core.position import Position
from cadl_gui.core.replacing import replacing
from cadl_gui.core.snapshot import Snapshot
from cadl_gui.runs.arrays import open_hdf5, read_array, write_array
from cadl_gui.runs.layout import snapshot_path
from cadl_gui.runs.manifest import FORMAT


def write_snapshot(folder: Path, snapshot: Snapshot, probes: Probes | None = None) -> None:
    """Put weights, and the probes of the end of an epoch, into a run folder.

    The group `weights` holds the arrays, named by their place in `model.variables`; the group `probes` holds
    `latents` and `labels`, as far as there are any.

    Raises:
        OSError: if the file cannot be written.
    """
    import h5py

    # Made in memory: a full disk is then an OSError, which it is not always inside HDF5.
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.attrs.update(format=FORMAT, epoch=snapshot.position.epoch, step=snapshot.position.step)
        weights = file.create_group("weights")
        for i, array in enumerate(snapshot.weights):
            write_array(weights, str(i), array)
        group = file.create_group("probes")
        if probes is not None and probes.latents is not None:
            write_array(group, "latents", probes.latents)
        if probes is not None and probes.labels is not None:
            write_array(group, "labels", probes.labels)
    with replacing(snapshot_path(folder, snapshot.position)) as beside:
        beside.write_bytes(buffer.getbuffer())


def read_snapshot(folder: Path, position: Position) -> Snapshot:
    """Read the weights at a position from a run folder.

    Raises:
        CheckpointError: if they are missing or damaged.
    """
    path = snapshot_path(folder, position)
    with open_hdf5(path) as file:
        _check_format(int(file.attrs["format"]), path)
        if [file.attrs["epoch"], file.attrs["step"]] != [*position]:
            raise ValueError(f"Expected {position}. Received: another position")
        weights = file["weights"]
        return Snapshot(position, tuple(read_array(weights, str(i)) for i in range(len(weights))))


def read_probes(folder: Path, epoch: int) -> Probes:
    """Read what an epoch keeps besides its weights.

    Raises:
        CheckpointError: if it is missing or damaged.
    """
    path = snapshot_path(folder, Position(epoch))
    with open_hdf5(path) as file:
        _check_format(int(file.attrs["format"]), path)
        group = file["probes"]
        return Probes(
            latents=read_array(group, "latents") if "latents" in group else None,
            labels=read_array(group, "labels") if "labels" in group else None,
        )


def _check_format(number: int, path: Path) -> None:
    if number > FORMAT:
        raise CheckpointError(f"“{path}” was written by a newer version of the program (format {number}).")
