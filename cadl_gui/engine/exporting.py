"""Exports the run that is shown, as the window asks for it."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.core.exports import Exported, FormatName
from cadl_gui.core.position import Position
from cadl_gui.core.requests import ExportRequest, FetchSnapshot
from cadl_gui.core.snapshot import Snapshot
from cadl_gui.engine.bending import Bending, bent_sentence
from cadl_gui.engine.export_worker import ExportWorker
from cadl_gui.engine.inference_broker import InferenceBroker, InferenceClient, Ticket
from cadl_gui.engine.run import Run


class Exporting(QObject):
    """One export at a time: fetches the weights, hands them to the training thread, tells how it goes.

    Args:
        inference: gives the weights.
        bending: tells which runs are bent.
        worker: exports; lives in the training thread.

    Signals:
        progressed: (`ExportStage`) what is being done now.
        exported: (`Exported`) it is in its place, loaded back and compared.
        failed: (sentence, details) nothing was exported.
        cancelled: nothing was exported, as was wished.
    """

    progressed = Signal(object)
    exported = Signal(object)
    failed = Signal(str, str)
    cancelled = Signal()

    _start = Signal(object)
    _cancel = Signal()

    def __init__(
        self, inference: InferenceBroker, bending: Bending, worker: ExportWorker, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bending = bending
        self._weights = InferenceClient(inference, self)
        self._fetching: Ticket | None = None
        self._is_busy = False
        queued = Qt.ConnectionType.QueuedConnection
        self._start.connect(worker.start, queued)
        self._cancel.connect(worker.cancel, queued)
        worker.progressed.connect(self.progressed, queued)
        worker.exported.connect(self._on_exported, queued)
        worker.failed.connect(self._on_failed, queued)
        worker.cancelled.connect(self._on_cancelled, queued)

    @property
    def is_busy(self) -> bool:
        """Whether an export is under way."""
        return self._is_busy

    def start(self, run: Run, position: Position | None, made: FormatName, function: str, path: Path) -> None:
        """Export a run; a bent one is refused.

        Args:
            run: to export.
            position: of its weights; None takes the newest.
            made: name of the format.
            function: name of the one to export; "" takes those that the format takes where none is named.
            path: of the file or folder.
        """
        if self._bending.of(run.run_id):
            self.failed.emit(bent_sentence(run), "")
            return
        self._is_busy = True

        def begin(snapshot: Snapshot, _: Position | None) -> None:
            self._start.emit(ExportRequest(run.description, snapshot, made, function, path))

        def fail(sentence: str) -> None:
            self._on_failed(sentence, "")

        self._fetching = self._weights.ask(FetchSnapshot(run.run_id, position), begin, fail)

    def cancel(self) -> None:
        """Give it up."""
        if self._fetching is not None and self._fetching.is_open:  # the worker has not heard of it yet
            self._fetching.cancel()
            self._on_cancelled()
        elif self._is_busy:
            self._cancel.emit()

    @Slot(object)
    def _on_exported(self, exported: Exported) -> None:
        self._is_busy = False
        self.exported.emit(exported)

    @Slot(str, str)
    def _on_failed(self, sentence: str, details: str) -> None:
        self._is_busy = False
        self.failed.emit(sentence, details)

    @Slot()
    def _on_cancelled(self) -> None:
        self._is_busy = False
        self.cancelled.emit()
