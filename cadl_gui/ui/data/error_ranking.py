"""How badly the network shown does on each image of its dataset."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import ComputeErrors
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.ui.request_batch import RequestBatch

_AT_ONCE = 500
"""Images evaluated per request: some ten milliseconds, for which an interaction may have to wait."""


class ErrorRanking(QObject):
    """Computes the errors of a network on images, a few hundred at a time.

    Args:
        engine: answers the requests.
        parent: parent object.

    Signals:
        progressed: (int, int) number of answers so far, and their total.
        finished: ((n,) float32) the error of each image of the dataset; −1 for those not asked about.
        failed: (str) why there are none.
    """

    progressed = Signal(int, int)
    finished = Signal(object)
    failed = Signal(str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = np.zeros(0, np.int32)
        self._n = 0
        self._batch = RequestBatch(engine, self)
        self._batch.progressed.connect(self.progressed)
        self._batch.finished.connect(self._on_finished)
        self._batch.failed.connect(self.failed)

    def start(self, run: Run, position: Position | None, numbers: NDArray[np.int32], n: int) -> None:
        """Compute errors; earlier ones under way are dropped.

        Args:
            run: the run whose network is evaluated.
            position: position of its weights; None for the newest.
            numbers: indices of the images to evaluate, (m,), m ≥ 1.
            n: number of images of the dataset.
        """
        self._numbers, self._n = numbers, n
        blocks = (numbers[start : start + _AT_ONCE] for start in range(0, len(numbers), _AT_ONCE))
        self._batch.start([ComputeErrors(run.run_id, position, block) for block in blocks])

    def set_active(self, active: bool) -> None:
        """Set whether requests are sent; a hidden page must not occupy the thread that answers drags."""
        self._batch.set_active(active)

    def cancel(self) -> None:
        """Drop the errors under way."""
        self._batch.cancel()

    @Slot(object)
    def _on_finished(self, answers: list[NDArray[np.float32]]) -> None:
        errors = np.full(self._n, -1, np.float32)
        errors[self._numbers] = np.concatenate(answers)
        self.finished.emit(errors)
