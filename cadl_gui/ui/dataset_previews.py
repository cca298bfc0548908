"""Previews of the datasets that the user has chosen, before any is used for training."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.buildable import check_buildable
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.dataset_library import DatasetLibrary
from cadl_gui.domain.dataset_source import DatasetSource, Preview
from cadl_gui.domain.errors import ConfigurationError, DatasetError
from cadl_gui.domain.part_sizes import batch_size_error, fitting_batch_size, n_training_images
from cadl_gui.engine.background_jobs import BackgroundJob, BackgroundJobs


class _Seen(NamedTuple):
    """The preview of a dataset, or the reason why it cannot be read."""

    dataset: str
    preview: Preview | None
    message: str


class DatasetPreviews(QObject):
    """Reads the headers of datasets in the background, and caches the results.

    Args:
        sources: kinds of datasets.
        library: previews datasets from disk.
        jobs: runs the reading.
        parent: parent object.

    Signals:
        arrived: another dataset was read.
    """

    arrived = Signal()

    def __init__(
        self,
        sources: Sequence[DatasetSource],
        library: DatasetLibrary,
        jobs: BackgroundJobs,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._sources = sources
        self._library = library
        self._jobs = jobs
        self._seen: dict[str, _Seen] = {}

    def look_at(self, dataset: str) -> None:
        """Read a dataset's header, but only if the user chose it: a path from a file may point anywhere."""
        self._begin(dataset, _see)

    def look_at_prepared(self, dataset: str) -> None:
        """Read the header of a dataset that a file names, but only if the user has prepared it here."""
        if dataset not in self._seen:
            self._begin(dataset, _see_prepared)

    def preview_of(self, dataset: str) -> Preview | None:
        """Return the preview of a dataset, or None if it is unknown."""
        ships = self._shipped(dataset)
        if ships is not None:
            return ships.preview(Path(ships.name))
        seen = self._seen.get(dataset)
        return None if seen is None else seen.preview

    def message_about(self, dataset: str) -> str:
        """Return why a dataset cannot be read, or "" if no problem is known."""
        seen = self._seen.get(dataset)
        return "" if seen is None else seen.message

    def check_buildable(self, config: RunConfig) -> None:
        """Check that a network can be built for the images of its dataset, as far as these are known.

        Raises:
            ConfigurationError: if it cannot.
        """
        preview = self.preview_of(config.data.dataset)
        if preview is not None:
            check_buildable(config, preview.image_shape, len(preview.class_names))

    def batch_size_errors(self, config: RunConfig) -> list[ConfigurationError]:
        """Return an error if the dataset is known to have too few images for a batch."""
        preview = self.preview_of(config.data.dataset)
        error = None if preview is None else batch_size_error(config, n_training_images(preview, config))
        return [] if error is None else [error]

    def fitting_batch_size(self, config: RunConfig, wanted: int) -> int:
        """Return the batch size that is wanted, or a smaller one if the dataset is known to be too small."""
        preview = self.preview_of(config.data.dataset)
        return wanted if preview is None else fitting_batch_size(n_training_images(preview, config), wanted)

    def _shipped(self, dataset: str) -> DatasetSource | None:
        """Return the source of a dataset that ships, of which everything is known; None for others."""
        return next((each for each in self._sources if each.name and dataset.lower() == each.name), None)

    def _begin(self, dataset: str, see: Callable[[DatasetLibrary, str], _Seen | None]) -> None:
        if self._sources and self._shipped(dataset) is None:
            looking = BackgroundJob(partial(see, self._library, dataset))
            looking.finished.connect(self._on_seen)
            self._jobs.start(looking)

    @Slot(object)
    def _on_seen(self, seen: _Seen | None) -> None:
        if seen is not None:
            self._seen[seen.dataset] = seen
            self.arrived.emit()


def _see(library: DatasetLibrary, dataset: str) -> _Seen:
    try:
        return _Seen(dataset, library.preview(dataset), "")
    except (DatasetError, OSError) as error:
        return _Seen(dataset, None, str(error))


def _see_prepared(library: DatasetLibrary, dataset: str) -> _Seen | None:
    return _see(library, dataset) if any(each.dataset == dataset for each in library.prepared()) else None
