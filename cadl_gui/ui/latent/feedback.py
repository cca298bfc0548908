"""Feeds a network's own picture back to it, again and again."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cadl_gui.core.requests import Decode, Encode, Reply
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.shown_weights import ShownWeights

_CHANNEL = "feedback"
_PACE_MS = 60
_SETTLED_BELOW = 1e-3
_MOST_ROUNDS = 200


class Feedback(QObject):
    """Decodes a code, encodes the picture, and so on, until the code hardly moves: a fixed point.

    Args:
        engine: that is asked.

    Signals:
        moved: ((d,) float32) the code of the next round.
        ended: (str) a sentence: how it went.
    """

    moved = Signal(object)
    ended = Signal(str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._decoder: ShownWeights | None = None
        self._code = np.zeros(0, np.float32)
        self._n_rounds = 0
        self._sent: NDArray[np.float32] | None = None
        self._pace = QTimer(self)
        self._pace.setSingleShot(True)
        self._pace.setInterval(_PACE_MS)
        self._pace.timeout.connect(self._ask)
        engine.replied.connect(self._on_replied)

    @property
    def is_running(self) -> bool:
        """Whether it has not settled yet."""
        return self._decoder is not None

    def start(self, decoder: ShownWeights, code: NDArray[np.float32]) -> None:
        """Begin at a code, (d,)."""
        self._decoder, self._code, self._n_rounds = decoder, code, 0
        self._ask()

    @Slot()
    def stop(self) -> None:
        """Stay where it is."""
        if self._decoder is not None:
            self._end(f"Stopped after {self._n_rounds} rounds.")

    @Slot()
    def _ask(self) -> None:
        decoder = self._decoder
        if decoder is not None:
            codes = self._code[np.newaxis].copy()
            codes.flags.writeable = False
            self._sent = codes
            self._engine.ask(Decode(_CHANNEL, decoder.run_id, decoder.position, codes))

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        decoder, request = self._decoder, reply.request
        if decoder is None or not isinstance(request, Decode | Encode) or request.channel != _CHANNEL:
            return
        # A round that was stopped may still be answered.
        if self._sent is not (request.codes if isinstance(request, Decode) else request.pictures):
            return
        if reply.sentence:
            self._end(reply.sentence)
        elif isinstance(request, Decode):
            self._sent = reply.value
            self._engine.ask(Encode(_CHANNEL, decoder.run_id, decoder.position, reply.value))
        else:
            self._take(reply.value[0])

    def _take(self, code: NDArray[np.float32]) -> None:
        way = float(np.linalg.norm(code - self._code))
        size = max(1.0, float(np.linalg.norm(code)))
        self._code = code
        self._n_rounds += 1
        self.moved.emit(code)
        if way < _SETTLED_BELOW * size:
            self._end(f"Settled after {self._n_rounds} rounds.")
        elif self._n_rounds == _MOST_ROUNDS:
            self._end(f"Not settled after {_MOST_ROUNDS} rounds.")
        else:
            self._pace.start()

    def _end(self, sentence: str) -> None:
        self._decoder = None
        self._pace.stop()
        self.ended.emit(sentence)
