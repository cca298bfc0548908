"""Looks for the images of a dataset, again and again as the user changes the options."""

from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.dataset_library import DatasetLibrary, PreparedDataset
from cadl_gui.domain.dataset_source import DatasetScan, DatasetSource
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.engine import Engine


class FoundDataset(NamedTuple):
    """What was found, and the same dataset prepared with the same options, if it is."""

    scan: DatasetScan
    prepared: PreparedDataset | None


class PrepareScanner(QObject):
    """Scans a dataset in the background, one scan at a time; of those that wait, only the newest is done.

    Args:
        engine: runs the scans.
        source: kind of dataset.
        path: path of the dataset.
        parent: parent object.

    Signals:
        found: (`FoundDataset`) result for the newest options.
        failed: (str) why nothing was found with the newest options.
    """

    found = Signal(object)
    failed = Signal(str)

    def __init__(self, engine: Engine, source: DatasetSource, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._source = source
        self._path = path
        self._is_busy = False
        self._next: PreparingOptions | None = None

    def scan(self, options: PreparingOptions) -> None:
        """Look for images."""
        self._next = options
        if not self._is_busy:
            self._begin(options)

    def _begin(self, options: PreparingOptions) -> None:
        self._is_busy, self._next = True, None
        work = partial(_found, self._source, self._engine.library, self._path, options)
        job = BackgroundJob(work, f"“{self._path.name}” cannot be read")
        job.finished.connect(self._on_found)
        job.failed.connect(self._on_failed)
        job.over.connect(self._on_over)
        self._engine.jobs.start(job)

    @Slot(object)
    def _on_found(self, found: FoundDataset) -> None:
        if self._next is None:
            self.found.emit(found)

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        if self._next is None:
            self.failed.emit(message)

    @Slot()
    def _on_over(self) -> None:
        self._is_busy = False
        if self._next is not None:
            self._begin(self._next)


def _found(
    source: DatasetSource, library: DatasetLibrary, path: Path, options: PreparingOptions
) -> FoundDataset:
    if source.scan is None:
        raise DatasetError(f"“{path}” is opened as it is: there is nothing to prepare.")
    scan = source.scan(path, options)
    return FoundDataset(scan, library.find_prepared(scan.path, options))
