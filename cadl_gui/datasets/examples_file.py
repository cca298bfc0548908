"""Labelled pictures in one file."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.errors import UserError
from cadl_gui.core.replacing import replacing

SUFFIXES = (".npz", ".h5")


def write_examples(path: Path, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> None:
    """Write pictures and labels as arrays `images` and `labels`, named as in the shipped `mnist.h5`.

    Args:
        path: ends in `.npz` (NumPy) or `.h5` (HDF5).
        images: (n, height, width, channels) uint8.
        labels: (n,) int64.

    Raises:
        UserError: if the path ends otherwise, or cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"“{path.name}” has to end in .npz or .h5.")
    write = _write_npz if path.suffix.lower() == ".npz" else _write_hdf5
    try:
        with replacing(path) as beside:
            write(beside, images, labels)
    except OSError as error:
        raise UserError(f"“{path}” cannot be written: {error.strerror or error}.") from error


def _write_npz(path: Path, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, images=images, labels=labels)


def _write_hdf5(path: Path, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        file.create_dataset("images", data=images, compression="gzip", track_times=False)
        file.create_dataset("labels", data=labels, track_times=False)
