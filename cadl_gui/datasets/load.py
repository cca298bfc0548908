"""Loads datasets by the name or path in a configuration."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from weakref import WeakValueDictionary

from cadl_gui.datasets import sources
from cadl_gui.datasets.preparing.cache import IMAGES, find_prepared
from cadl_gui.datasets.source import NotPreparedError, Source
from cadl_gui.datasets.sources.arrays import preview_arrays, read_arrays
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.dataset_library import PreparedDataset
from cadl_gui.domain.dataset_source import DatasetScan, Preview, dataset_help
from cadl_gui.domain.errors import ConfigurationError, DatasetError
from cadl_gui.domain.preparing_options import PreparingOptions, split_dataset_text
from cadl_gui.system.words import _

Load = Callable[[str], ImageStore]
"""Opens a dataset by its name."""

_asked_for: set[str] = set()
"""Datasets that the user requested, as opposed to those only named in a file."""

_open: WeakValueDictionary[Path, ImageStore] = WeakValueDictionary()
"""Open stores, shared between their users and released with the last reference."""

_locks: dict[Path, threading.Lock] = {}
"""Held while a dataset is prepared or opened, so that threads that want it at once share it; by its path."""


def load(dataset: str) -> ImageStore:
    """Load a dataset that the user requests.

    One that ships is prepared now if it has to be, which takes a fraction of a second.

    Args:
        dataset: name of a source, case-insensitive, or a path that one of the sources recognises, with or
            without options; see `dataset_text`.

    Raises:
        NotPreparedError: if it has to be prepared first.
        DatasetError: if there is no such dataset, or it cannot be read.
    """
    _asked_for.add(dataset)
    text, options = _split(dataset)
    with _locks.setdefault(cached_path(text), threading.Lock()):
        return _load(text, options)


def scan(dataset: str) -> DatasetScan | None:
    """Look for the images of a dataset that is prepared before it is loaded; None if it is opened as it is.

    Args:
        dataset: as for `load`.

    Raises:
        DatasetError: if there is no such dataset, it holds no images, or an option has no effect on it.
    """
    text, options = _split(dataset)
    source, path = find_source(text)
    _require_effect(options, source, path)
    if source.scan is None or (source.opens_directly(path) and not options.changed):
        return None
    return source.scan(path, options)


def preview(dataset: str) -> Preview:
    """Summarise a dataset without reading its images; of a prepared one, what was prepared.

    Args:
        dataset: as for `load`.

    Raises:
        DatasetError: if there is no such dataset, or it cannot be read.
    """
    text, options = _split(dataset)
    if _shipped_source(text) is None:
        prepared = find_prepared(cached_path(text), options)
        if prepared is not None:
            return preview_arrays(prepared.folder / IMAGES)
    source, path = find_source(text)
    if source.scan is not None and options.changed:
        return source.scan(path, options).preview
    return source.preview(path)


def cached_path(dataset: str) -> Path:
    """Path by which the cache knows a dataset: absolute, or the title of one that ships.

    Args:
        dataset: as for `load`, without options.

    Raises:
        DatasetError: if there can be no such path.
    """
    ships = _shipped_source(dataset)
    return _path_of(dataset).absolute() if ships is None else Path(ships.title)


def absolute_dataset(dataset: str) -> str:
    """Name a dataset by its absolute path, so that it is found from any folder. Nothing is looked up.

    Args:
        dataset: as for `load`.

    Returns:
        The text with an absolute path; unchanged if it names one that ships, or is none that can be read.
    """
    try:
        text, _options = split_dataset_text(dataset)
        if _shipped_source(text) is not None:
            return dataset
        return f"{Path(text).expanduser().absolute()}{dataset[len(text) :]}"
    except (ConfigurationError, OSError, RuntimeError):  # loading it reports the problem
        return dataset


def find_source(dataset: str) -> tuple[Source, Path]:
    """Find the source that opens a dataset, and the dataset's path.

    Args:
        dataset: as for `load`, without options.

    Raises:
        DatasetError: if there is no such dataset.
    """
    ships = _shipped_source(dataset)
    if ships is not None:
        return ships, Path(ships.name)
    path = _path_of(dataset)
    known = dataset_help(sources.SOURCES)
    if not path.exists():
        raise DatasetError(
            _("There is no dataset “{dataset}”: give {known}.").format(dataset=dataset, known=known)
        )
    for source in sources.SOURCES:
        if not source.name and source.recognises(path):
            return source, path
    raise DatasetError(
        _("“{dataset}” is no dataset that can be read: give {known}.").format(dataset=dataset, known=known)
    )


def load_if_asked_for(dataset: str) -> ImageStore:
    """Load a dataset named in a file, unless it is a path that the user has never requested.

    Merely looking up a path can do harm: it may lead to another computer.

    Raises:
        DatasetError: if it is a path that the user has not requested, or cannot be read.
    """
    if _shipped_source(dataset) is None and dataset not in _asked_for:
        raise DatasetError(
            _(
                "The file names the dataset “{dataset:.200}”, which is not looked up unless you ask for it:"
                " open it in the Data tab, or on the command line with --dataset."
            ).format(dataset=dataset)
        )
    return load(dataset)


def _split(dataset: str) -> tuple[str, PreparingOptions]:
    try:
        return split_dataset_text(dataset)
    except ConfigurationError as error:
        raise DatasetError(
            _("“{dataset:.200}” has options that are not valid. {error}").format(dataset=dataset, error=error)
        ) from error


def _shipped_source(dataset: str) -> Source | None:
    """The source of a dataset that ships with the program, or None."""
    return next((each for each in sources.SOURCES if each.name and dataset.lower() == each.name), None)


def _load(text: str, options: PreparingOptions) -> ImageStore:
    ships = _shipped_source(text)
    if ships is not None and ships.scan is None:
        return _open_as_it_is(ships, options, Path(ships.name))
    prepared = find_prepared(cached_path(text), options)
    if prepared is None and ships is not None and not options.changed:
        prepared = _prepared_now(ships)
    if prepared is not None:
        path, open_store = prepared.folder / IMAGES, partial(read_arrays, name=prepared.path.name)
    else:
        source, path = find_source(text)
        path = path if source.name else path.absolute()
        open_store = partial(_open_as_it_is, source, options)
    store = _open.get(path)
    if store is None or not store.is_current:
        store = _open[path] = open_store(path)
    return store


def _prepared_now(source: Source) -> PreparedDataset | None:
    """Prepare a dataset that ships, in this thread."""
    found = source.scan and source.scan(Path(source.name), PreparingOptions())
    if not found:
        return None
    for _done in found.prepare():
        pass
    return find_prepared(found.path, found.options)


def _path_of(dataset: str) -> Path:
    """Path of a dataset, which can be looked up even if nothing is there."""
    try:
        path = Path(dataset).expanduser()
        path.exists()
    except (OSError, RuntimeError, ValueError) as error:  # unknown user in “~user”; invalid path
        raise DatasetError(
            _("“{dataset:.200}” cannot be looked up: {error}.").format(dataset=dataset, error=error)
        ) from error
    return path


def _require_effect(options: PreparingOptions, source: Source, path: Path) -> None:
    """Require that a source knows all options that are not at their defaults."""
    unknown = [name for name in options.changed if name not in source.options]
    if unknown and source.options:
        raise DatasetError(
            _("“{path}” has no option {first}: for {title} files there are {options}.").format(
                path=path, first=unknown[0], title=source.title, options=", ".join(source.options)
            )
        )
    if unknown:
        raise DatasetError(
            _("“{path}” is opened as it is: there are no options for {title} files.").format(
                path=path, title=source.title
            )
        )


def _open_as_it_is(source: Source, options: PreparingOptions, path: Path) -> ImageStore:
    _require_effect(options, source, path)
    if source.open is None or (source.scan and (options.changed or not source.opens_directly(path))):
        what = _("with these options ") if options.changed else ""
        raise NotPreparedError(
            _(
                "“{path}” has not been prepared {what}yet: open it in the window, or use `cadl data prepare`."
            ).format(path=path, what=what)
        )
    return source.open(path)
