"""Exports the run that is shown, as the window asks for it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.core.exports import Exported, FormatName
from cadl_gui.core.requests import ExportRequest, FetchSnapshot, Reply
from cadl_gui.engine.bending import bent_sentence

if TYPE_CHECKING:
    from cadl_gui.core.position import Position
    from cadl_gui.engine.engine import Engine
    from cadl_gui.engine.export_worker import ExportWorker
    from cadl_gui.engine.run import Run

_CHANNEL = "export"


class Exporting(QObject):
    """One export at a time: fetches the weights, hands them to the training thread, tells how it goes.

    Args:
        engine: gives the weights.
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

    def __init__(self, engine: "Engine", worker: "ExportWorker") -> None:
        super().__init__(engine)
        self._engine = engine
        self._wanted: tuple[Run, FormatName, str, Path] | None = None
        self._is_busy = False
        queued = Qt.ConnectionType.QueuedConnection
        self._start.connect(worker.start, queued)
        self._cancel.connect(worker.cancel, queued)
        worker.progressed.connect(self.progressed, queued)
        worker.exported.connect(self._on_exported, queued)
        worker.failed.connect(self._on_failed, queued)
        worker.cancelled.connect(self._on_cancelled, queued)
        engine.replied.connect(self._on_replied)

    @property
    def is_busy(self) -> bool:
        """Whether an export is under way."""
        return self._is_busy

    def start(
        self, run: "Run", position: "Position | None", made: FormatName, function: str, path: Path
    ) -> None:
        """Export a run; a bent one is refused.

        Args:
            run: to export.
            position: of its weights; None takes the newest.
            made: name of the format.
            function: name of the one to export; "" takes those that the format takes where none is named.
            path: of the file or folder.
        """
        if self._engine.bending.of(run.run_id):
            self.failed.emit(bent_sentence(run), "")
            return
        self._is_busy = True
        self._wanted = run, made, function, path
        self._engine.ask(FetchSnapshot(_CHANNEL, run.run_id, position))

    def cancel(self) -> None:
        """Give it up."""
        if self._wanted is not None:  # the worker has not heard of it yet
            self._on_cancelled()
        elif self._is_busy:
            self._cancel.emit()

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        if reply.request.channel != _CHANNEL or self._wanted is None:
            return
        run, made, function, path = self._wanted
        if reply.request.run_id != run.run_id:
            return
        self._wanted = None
        if reply.sentence:
            self._on_failed(reply.sentence, "")
            return
        self._start.emit(ExportRequest(run.description, reply.value, made, function, path))

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
        self._wanted = None
        self._is_busy = False
        self.cancelled.emit()
