"""How sure a variational network is where it puts the test pictures."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cadl_gui.domain.requests import FetchPosteriors
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.shown_weights import ShownWeights
from cadl_gui.ui.request_series import RequestSeries

_PART = 128
"""The hand may wait for one part."""
_REST_MS = 120


class Posteriors(QObject):
    """Fetches them part by part, once the timeline rests: while it is dragged nobody looks at them.

    Args:
        engine: that is asked.

    Signals:
        arrived: ((n, 2, d) float32) mean and standard deviation of each picture's code.
    """

    arrived = Signal(object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._n = 0
        self._requests: Sequence[FetchPosteriors] = ()
        self._series = RequestSeries(engine, self)
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self._ask)
        self._series.finished.connect(self._on_parts)

    def fetch(self, encoder: ShownWeights | None, n: int) -> None:
        """Fetch those of the first `n` pictures, with these weights; None fetches nothing more."""
        self._series.cancel()
        self._n = n
        self._requests = () if encoder is None else _parts_of(encoder, n)
        self._timer.start() if self._requests else self._timer.stop()

    @Slot()
    def _ask(self) -> None:
        self._series.start(self._requests)

    @Slot(object)
    def _on_parts(self, parts: list[Any]) -> None:
        posteriors = np.concatenate(parts)
        # Without its dataset a run has no test pictures; the points then have no ellipses.
        if len(posteriors) == self._n:
            self.arrived.emit(posteriors)


def _parts_of(encoder: ShownWeights, n: int) -> Sequence[FetchPosteriors]:
    return [
        FetchPosteriors(encoder.run_id, encoder.position, first, min(_PART, n - first))
        for first in range(0, n, _PART)
    ]
