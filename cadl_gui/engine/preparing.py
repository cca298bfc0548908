"""Prepares a dataset in a background job."""

import time
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.dataset_source import DatasetScan, PreparingProgress
from cadl_gui.domain.import_report import ImportReport
from cadl_gui.engine.background_jobs import BackgroundJob, BackgroundJobs
from cadl_gui.engine.training_status import TrainingState, TrainingStatus
from cadl_gui.system.words import _

_SECONDS_BETWEEN_CHANGES = 0.1

_IDLE = {TrainingState.LOADING, TrainingState.UNAVAILABLE, TrainingState.IDLE}


class Preparing(QObject):
    """Prepares one dataset at a time: with one process while a run trains, otherwise with all processors.

    Args:
        jobs: runs the preparation.
        training: knows whether a run trains.
        parent: parent object.

    Signals:
        changed: a preparation has begun, progressed or ended.
        prepared: (`DatasetScan`, `ImportReport`) the dataset can be loaded now.
        failed: (message, details) nothing was prepared.
        cancelled: the preparation was cancelled on request; nothing was prepared.
    """

    changed = Signal()
    prepared = Signal(object, object)
    failed = Signal(str, str)
    cancelled = Signal()

    def __init__(self, jobs: BackgroundJobs, training: TrainingStatus, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._training = training
        self._job: BackgroundJob | None = None
        self._scan: DatasetScan | None = None
        self._progress: PreparingProgress | None = None
        self._began = self._reported = 0.0

    @property
    def scan(self) -> DatasetScan | None:
        """The dataset that is being prepared, or None."""
        return self._scan

    @property
    def progress(self) -> PreparingProgress:
        """How many images have been decoded."""
        return self._progress or PreparingProgress(0, 0 if self._scan is None else self._scan.preview.n)

    @property
    def seconds_left(self) -> float | None:
        """Estimated time left, in seconds; None until the first images are decoded."""
        done, n = self.progress
        return (time.monotonic() - self._began) * (n - done) / done if done else None

    def start(self, scan: DatasetScan) -> None:
        """Prepare what a scan found, unless another dataset is being prepared."""
        if self._scan is not None:
            return
        workers = None if self._training.state in _IDLE else 1
        job = BackgroundJob(
            partial(scan.prepare, workers), _("“{name}” could not be prepared").format(name=scan.path.name)
        )
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_prepared)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        self._job, self._scan, self._progress, self._began = job, scan, None, time.monotonic()
        self._jobs.start(job)
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """Cancel the preparation, if there is one."""
        if self._job is not None:
            self._job.cancel()

    @Slot(object)
    def _on_progressed(self, progress: PreparingProgress) -> None:
        """Report the progress now and then: small images would report it hundreds of times a second."""
        self._progress = progress
        if time.monotonic() - self._reported >= _SECONDS_BETWEEN_CHANGES:
            self._reported = time.monotonic()
            self.changed.emit()

    @Slot(object)
    def _on_prepared(self, report: ImportReport) -> None:
        scan = self._end()
        self.prepared.emit(scan, report)

    @Slot(str, str)
    def _on_failed(self, message: str, details: str) -> None:
        self._end()
        self.failed.emit(message, details)

    @Slot()
    def _on_cancelled(self) -> None:
        self._end()
        self.cancelled.emit()

    def _end(self) -> DatasetScan | None:
        scan, self._scan, self._job = self._scan, None, None
        self.changed.emit()
        return scan
