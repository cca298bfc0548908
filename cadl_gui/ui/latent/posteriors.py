"""The posteriors of the test images in a variational network."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cadl_gui.domain.requests import FetchPosteriors
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.weights_ref import WeightsRef
from cadl_gui.ui.request_batch import RequestBatch

_PART, _SMALLEST_PART, _DIGIT_PIXELS = 128, 8, 28 * 28
"""Images per request, fewer of larger ones: the handle's image may have to wait for one request."""

_REST_MS = 250
"""The manifold, which is seen, is decoded first."""


class Posteriors(QObject):
    """Fetches posteriors part by part, once the timeline rests; none are needed while it is dragged.

    Args:
        engine: Supplies the posteriors.

    Signals:
        arrived: ((n, 2, d) float32) Mean and standard deviation of each image's latent vector.
    """

    arrived = Signal(object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._n = 0
        self._requests: Sequence[FetchPosteriors] = ()
        self._batch = RequestBatch(engine, self)
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self._ask)
        self._batch.finished.connect(self._on_parts)

    def fetch(self, encoder: WeightsRef | None, n: int, n_values: int = _DIGIT_PIXELS) -> None:
        """Fetch the posteriors of the first `n` images, of `n_values` each, with an encoder; None cancels."""
        self._batch.cancel()
        self._n = n
        self._requests = () if encoder is None else _parts_of(encoder, n, n_values)
        self._timer.start() if self._requests else self._timer.stop()

    @Slot()
    def _ask(self) -> None:
        self._batch.start(self._requests)

    @Slot(object)
    def _on_parts(self, parts: list[Any]) -> None:
        posteriors = np.concatenate(parts)
        # Without its dataset a run has no test images, so its points have no ellipses.
        if len(posteriors) == self._n:
            self.arrived.emit(posteriors)


def _parts_of(encoder: WeightsRef, n: int, n_values: int) -> Sequence[FetchPosteriors]:
    part = max(_SMALLEST_PART, min(_PART, _PART * _DIGIT_PIXELS // n_values))
    return [
        FetchPosteriors(encoder.run_id, encoder.position, first, min(part, n - first))
        for first in range(0, n, part)
    ]
