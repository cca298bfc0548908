"""Finds a dataset by what a configuration calls it."""

from pathlib import Path

from cadl_gui.core.errors import DatasetError
from cadl_gui.datasets.dataset import Dataset
from cadl_gui.datasets.examples_file import SUFFIXES, read_examples
from cadl_gui.datasets.idx import load_idx
from cadl_gui.datasets.mnist import load_mnist


class UnaskedDatasetError(DatasetError):
    """A file names a path that nobody has asked for."""


_asked_for: set[str] = set()
"""Datasets that were loaded because somebody named them, rather than a file."""


def load(dataset: str) -> Dataset:
    """Load a dataset that somebody asks for.

    Args:
        dataset: `mnist`, in capitals or not, or the path of IDX files (see `load_idx`) or of labelled
            pictures (see `read_examples`).

    Raises:
        DatasetError: if there is none, or it cannot be read.
    """
    if dataset.lower() == "mnist":
        return load_mnist()
    _asked_for.add(dataset)
    try:
        path = Path(dataset).expanduser()
        is_there = path.exists()
    except (OSError, RuntimeError, ValueError) as error:  # no such user; a name that none can have
        raise DatasetError(f"“{dataset:.200}” cannot be looked up: {error}.") from error
    if not is_there:
        raise DatasetError(
            f"There is no dataset “{dataset}”: give mnist, or the path of IDX, .npz or .h5 files."
        )
    return read_examples(path) if path.suffix.lower() in SUFFIXES else load_idx(path)


def load_if_asked_for(dataset: str) -> Dataset:
    """Load a dataset that a file names, unless it is a path that nobody but the file has named.

    Looking a path up can already do harm: it may lead to another computer.

    Raises:
        DatasetError: if it is such a path, or cannot be read.
    """
    if dataset.lower() != "mnist" and dataset not in _asked_for:
        raise UnaskedDatasetError(
            f"The file names the dataset “{dataset:.200}”, which is not looked up unless you ask for it."
        )
    return load(dataset)
