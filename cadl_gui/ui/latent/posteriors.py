"""How sure a variational network is where it puts the test pictures."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cadl_gui.core.requests import FetchPosteriors, Reply
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.shown_weights import ShownWeights

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CHANNEL = "posteriors"
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
        self._engine = engine
        self._encoder: ShownWeights | None = None
        self._asked: ShownWeights | None = None
        self._n = 0
        self._parts: list[NDArray[np.float32]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self._ask)
        engine.replied.connect(self._on_replied)

    def fetch(self, encoder: ShownWeights | None, n: int) -> None:
        """Fetch those of the first `n` pictures, with these weights; None fetches nothing more."""
        self._encoder, self._n, self._parts = encoder, n, []
        self._timer.stop() if encoder is None else self._timer.start()

    @Slot()
    def _ask(self) -> None:
        encoder = self._encoder
        if encoder is None or self._asked is not None:
            return
        first = sum(map(len, self._parts))
        n = min(_PART, self._n - first)
        if n > 0:
            self._asked = encoder
            self._engine.ask(FetchPosteriors(_CHANNEL, encoder.run_id, encoder.position, first, n))

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        if reply.request.channel != _CHANNEL:
            return
        asked, self._asked = self._asked, None
        if asked is not self._encoder:
            if not self._timer.isActive():
                self._ask()
            return
        if reply.sentence or not len(reply.value):
            # Without its dataset a run has no test pictures; the points then have no ellipses.
            self._encoder = None
            return
        self._parts.append(reply.value)
        if sum(map(len, self._parts)) == self._n:
            self._encoder = None
            self.arrived.emit(np.concatenate(self._parts))
        else:
            self._ask()
