"""Loads datasets by the name or path in a configuration."""

from pathlib import Path
from weakref import WeakValueDictionary

from cadl_gui.datasets import sources
from cadl_gui.datasets.source import Source
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.dataset_source import dataset_help
from cadl_gui.domain.errors import DatasetError


class UnaskedDatasetError(DatasetError):
    """A file names a dataset path that the user has not requested."""


_asked_for: set[str] = set()
"""Datasets that the user requested, as opposed to those only named in a file."""

_open: WeakValueDictionary[Path, ImageStore] = WeakValueDictionary()
"""Open stores, shared between their users and released with the last reference."""


def load(dataset: str) -> ImageStore:
    """Load a dataset that the user requests.

    Args:
        dataset: name of a source, case-insensitive, or a path that one of the sources recognises.

    Raises:
        DatasetError: if there is no such dataset, or it cannot be read.
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
    """Find the source that opens a dataset, and the dataset's path.

    Args:
        dataset: as for `load`.

    Raises:
        DatasetError: if there is no such dataset.
    """
    for source in sources.SOURCES:
        if source.name and dataset.lower() == source.name:
            return source, Path(source.name)
    try:
        path = Path(dataset).expanduser()
        is_there = path.exists()
    except (OSError, RuntimeError, ValueError) as error:  # unknown user in “~user”; invalid path
        raise DatasetError(f"“{dataset:.200}” cannot be looked up: {error}.") from error
    known = dataset_help(sources.SOURCES)
    if not is_there:
        raise DatasetError(f"There is no dataset “{dataset}”: give {known}.")
    for source in sources.SOURCES:
        if not source.name and source.recognises(path):
            return source, path
    raise DatasetError(f"“{dataset}” is no dataset that can be read: give {known}.")


def load_if_asked_for(dataset: str) -> ImageStore:
    """Load a dataset named in a file, unless it is a path that the user has never requested.

    Merely looking up a path can do harm: it may lead to another computer.

    Raises:
        UnaskedDatasetError: if it is a path that the user has not requested.
        DatasetError: if it cannot be read.
    """
    ships = any(source.name and dataset.lower() == source.name for source in sources.SOURCES)
    if not ships and dataset not in _asked_for:
        raise UnaskedDatasetError(
            f"The file names the dataset “{dataset:.200}”, which is not looked up unless you ask for it."
        )
    return load(dataset)
