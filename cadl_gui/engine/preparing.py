"""Prepares a dataset in a background job."""

import time
from collections.abc import Generator
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QObject

from cadl_gui.domain.dataset_source import DatasetScan, PreparingProgress
from cadl_gui.domain.import_report import ImportReport
from cadl_gui.engine.background_jobs import BackgroundJob, BackgroundJobs, OneJob
from cadl_gui.engine.training_status import TrainingState, TrainingStatus
from cadl_gui.system.words import _

_IDLE = {TrainingState.LOADING, TrainingState.UNAVAILABLE, TrainingState.IDLE}


class Prepared(NamedTuple):
    """A dataset that can be loaded now, and what was found in it."""

    scan: DatasetScan
    report: ImportReport


class Preparing(OneJob):
    """Prepares one dataset at a time: with one process while a run trains, otherwise with all processors.

    Args:
        jobs: runs the preparation.
        training: knows whether a run trains.
        parent: parent object.

    Signals:
        progressed: (`PreparingProgress`) how many images have been decoded.
        finished: (`Prepared`) the dataset can be loaded now.
    """

    def __init__(self, jobs: BackgroundJobs, training: TrainingStatus, parent: QObject) -> None:
        super().__init__(jobs, parent)
        self._training = training
        self._scan: DatasetScan | None = None
        self._began = 0.0

    @property
    def scan(self) -> DatasetScan | None:
        """The dataset that is being prepared, or None."""
        return self._scan

    @property
    def progress(self) -> PreparingProgress:
        """How many images have been decoded."""
        done: PreparingProgress | None = self._progress
        return done or PreparingProgress(0, 0 if self._scan is None else self._scan.preview.n)

    @property
    def seconds_left(self) -> float | None:
        """Estimated time left, in seconds; None until the first images are decoded."""
        done, n = self.progress
        return (time.monotonic() - self._began) * (n - done) / done if done else None

    def start(self, scan: DatasetScan) -> None:
        """Prepare what a scan found, unless another dataset is being prepared."""
        if self.is_busy:
            return
        self._scan, self._began = scan, time.monotonic()
        work = partial(_prepare, scan, None if self._training.state in _IDLE else 1)
        self._begin(BackgroundJob(work, _("“{name}” could not be prepared").format(name=scan.path.name)))

    def _end(self) -> None:
        self._scan = None  # of many images, it is large
        super()._end()


def _prepare(scan: DatasetScan, workers: int | None) -> Generator[PreparingProgress, None, Prepared]:
    return Prepared(scan, (yield from scan.prepare(workers)))
