"""Finds a dataset by what a configuration calls it."""

from pathlib import Path

from cadl_gui.core.errors import DatasetError
from cadl_gui.datasets.dataset import Dataset
from cadl_gui.datasets.examples_file import SUFFIXES, read_examples
from cadl_gui.datasets.idx import load_idx
from cadl_gui.datasets.mnist import load_mnist


def load(dataset: str) -> Dataset:
    """Load a dataset.

    Args:
        dataset: `mnist`, in capitals or not, or the path of IDX files (see `load_idx`) or of labelled
            pictures (see `read_examples`).

    Raises:
        DatasetError: if there is none, or it cannot be read.
    """
    if dataset.lower() == "mnist":
        return load_mnist()
    path = Path(dataset).expanduser()
    if not path.exists():
        raise DatasetError(
            f"There is no dataset “{dataset}”: give mnist, or the path of IDX, .npz or .h5 files."
        )
    return read_examples(path) if path.suffix.lower() in SUFFIXES else load_idx(path)
