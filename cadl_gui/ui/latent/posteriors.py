"""The posteriors of the test images in a variational network."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal

from cadl_gui.domain.requests import FetchPosteriors
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question, answers_to
from cadl_gui.engine.weights_ref import WeightsRef

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
        # Without its dataset a run has no test images, so its points have no ellipses.
        self._question = Question(engine, self, self._ask, lambda _: None, rest_ms=_REST_MS)

    def fetch(self, encoder: WeightsRef | None, n: int, n_values: int = _DIGIT_PIXELS) -> None:
        """Fetch the posteriors of the first `n` images, of `n_values` each, with an encoder; None cancels."""
        if encoder is None:
            self._question.cancel()
        else:
            self._question.ask_anew(n, _parts_of(encoder, n, n_values))

    async def _ask(self, n: int, requests: Sequence[FetchPosteriors]) -> None:
        parts = await answers_to(requests)
        if n and sum(map(len, parts)) == n:
            self.arrived.emit(np.concatenate(parts))


def _parts_of(encoder: WeightsRef, n: int, n_values: int) -> Sequence[FetchPosteriors]:
    part = max(_SMALLEST_PART, min(_PART, _PART * _DIGIT_PIXELS // n_values))
    return [
        FetchPosteriors(encoder.run_id, encoder.position, first, min(part, n - first))
        for first in range(0, n, part)
    ]
