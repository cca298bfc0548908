"""Lives in the training thread and takes one export at a time through its stages."""

import logging
import traceback
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cadl_gui.core.errors import CadlError
from cadl_gui.core.requests import ExportRequest
from cadl_gui.engine.backends import TrainingBackend

if TYPE_CHECKING:
    from cadl_gui.core.exports import Exported, ExportStage

_log = logging.getLogger(__name__)


class ExportWorker(QObject):
    """Between two stages the thread is back in its event loop: a training goes on, a cancel is heard.

    Args:
        backend: gives the training backend once it is loaded; called in the training thread.

    Signals:
        progressed: (`ExportStage`) what is being done now.
        exported: (`Exported`) it is in its place.
        failed: (sentence, details) nothing was exported.
        cancelled: nothing was exported, as was wished.
    """

    progressed = Signal(object)
    exported = Signal(object)
    failed = Signal(str, str)
    cancelled = Signal()

    def __init__(self, backend: Callable[[], TrainingBackend]) -> None:
        super().__init__()
        self._backend = backend
        self._stages: Generator[ExportStage, None, Exported] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go_on)

    @Slot(object)
    def start(self, request: ExportRequest) -> None:
        """Begin; an export that is under way is cancelled."""
        self._close()
        self._stages = self._backend().export(request)
        self._go_on()

    @Slot()
    def cancel(self) -> None:
        """Leave it, and nothing behind."""
        if self._stages is not None:
            self._close()
            self.cancelled.emit()

    @Slot()
    def finish(self) -> None:
        """Leave it: the thread is about to end."""
        self._close()

    @Slot()
    def _go_on(self) -> None:
        if self._stages is None:
            return
        try:
            stage = next(self._stages)
        except StopIteration as end:
            self._stages = None
            self.exported.emit(end.value)
        except Exception as error:  # noqa: BLE001 - the thread survives; the user reads a sentence
            self._stages = None
            details = traceback.format_exc()
            _log.error("An export failed\n%s", details)
            sentence = str(error) if isinstance(error, CadlError) else f"The export failed: {error}"
            self.failed.emit(sentence, details)
        else:
            self.progressed.emit(stage)
            self._timer.start(0)

    def _close(self) -> None:
        stages, self._stages = self._stages, None
        self._timer.stop()
        if stages is not None:
            stages.close()
