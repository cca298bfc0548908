"""Feeds a network's own picture back to it, again and again."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Decode, Encode
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.shown_weights import ShownWeights

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
        self._client = InferenceClient(engine.inference, self)
        self._decoder: ShownWeights | None = None
        self._code = np.zeros(0, np.float32)
        self._n_rounds = 0
        self._pace = QTimer(self)
        self._pace.setSingleShot(True)
        self._pace.setInterval(_PACE_MS)
        self._pace.timeout.connect(self._ask)

    @property
    def is_running(self) -> bool:
        """Whether it has not settled yet."""
        return self._decoder is not None

    def start(self, decoder: ShownWeights, code: NDArray[np.float32]) -> None:
        """Begin at a code, (d,)."""
        self._client.cancel()
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
            self._client.ask(Decode(decoder.run_id, decoder.position, codes), self._on_decoded, self._end)

    def _on_decoded(self, pictures: NDArray[np.float32], _: Position | None) -> None:
        decoder = self._decoder
        if decoder is not None:
            self._client.ask(Encode(decoder.run_id, decoder.position, pictures), self._take, self._end)

    def _take(self, codes: NDArray[np.float32], _: Position | None) -> None:
        code = codes[0]
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
        self._client.cancel()
        self._decoder = None
        self._pace.stop()
        self.ended.emit(sentence)
