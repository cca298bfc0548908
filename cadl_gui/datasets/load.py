"""Finds a dataset by what a configuration calls it."""

from pathlib import Path
from weakref import WeakValueDictionary

from cadl_gui.datasets import sources
from cadl_gui.datasets.source import Source
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.dataset_source import dataset_help
from cadl_gui.domain.errors import DatasetError


class UnaskedDatasetError(DatasetError):
    """A file names a path that nobody has asked for."""


_asked_for: set[str] = set()
"""Datasets that were loaded because someone named them, rather than a file."""

_open: WeakValueDictionary[Path, ImageStore] = WeakValueDictionary()
"""Stores that are in use, so that all who need one share it. The last one to need it frees it."""


def load(dataset: str) -> ImageStore:
    """Load a dataset that someone asks for.

    Args:
        dataset: the name of a source, in capitals or not, or the path of files that one of them recognises.

    Raises:
        DatasetError: if there is none, or it cannot be read.
    """
    _asked_for.add(dataset)
    source, path = find_source(dataset)
    if source.name:
        return source.open(path)
    path = path.absolute()
    store = _open.get(path)
    if store is None or not store.is_current:
        store = _open[path] = source.open(path)
    return store


def find_source(dataset: str) -> tuple[Source, Path]:
    """Find out what kind of dataset something is, and where it lies.

    Raises:
        DatasetError: if there is no such dataset.
    """
    for source in sources.SOURCES:
        if source.name and dataset.lower() == source.name:
            return source, Path(source.name)
    try:
        path = Path(dataset).expanduser()
        is_there = path.exists()
    except (OSError, RuntimeError, ValueError) as error:  # no such user; a name that none can have
        raise DatasetError(f"“{dataset:.200}” cannot be looked up: {error}.") from error
    known = dataset_help(sources.SOURCES)
    if not is_there:
        raise DatasetError(f"There is no dataset “{dataset}”: give {known}.")
    for source in sources.SOURCES:
        if not source.name and source.recognises(path):
            return source, path
    raise DatasetError(f"“{dataset}” is no dataset that can be read: give {known}.")


def load_if_asked_for(dataset: str) -> ImageStore:
    """Load a dataset that a file names, unless it is a path that nobody but the file has named.

    Looking a path up can already do harm: it may lead to another computer.

    Raises:
        DatasetError: if it is such a path, or cannot be read.
    """
    ships = any(source.name and dataset.lower() == source.name for source in sources.SOURCES)
    if not ships and dataset not in _asked_for:
        raise UnaskedDatasetError(
            f"The file names the dataset “{dataset:.200}”, which is not looked up unless you ask for it."
        )
    return load(dataset)
