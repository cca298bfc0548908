"""Repeated decoding and re-encoding of a latent vector."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.requests import Decode, Encode
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.engine.weights_ref import WeightsRef
from cadl_gui.system.words import _

_PAUSE_MS = 60
"""Iterations would be too fast to be seen."""

_SETTLED_BELOW = 1e-3
_MOST_ROUNDS = 200


class FixedPointIteration(QObject):
    """Decodes and encodes repeatedly until the latent vector hardly moves: a fixed point.

    Args:
        engine: Decodes and encodes.

    Signals:
        moved: ((d,) float32) The latent vector after an iteration.
        ended: (str) A sentence saying how the iteration ended.
    """

    moved = Signal(object)
    ended = Signal(str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._question = Question(engine, self, self._iterate, self._end, rest_ms=_PAUSE_MS)
        self._decoder: WeightsRef | None = None
        self._latent = np.zeros(0, np.float32)
        self._n_rounds = 0

    def start(self, decoder: WeightsRef, latent: NDArray[np.float32]) -> None:
        """Start at a latent vector, (d,)."""
        self._decoder, self._latent, self._n_rounds = decoder, latent, 0
        self._question.ask_anew()

    def stop(self) -> None:
        """Stop at the current vector."""
        if self._decoder is not None:
            self._end(
                _("Stopped after {iterations}.").format(iterations=count_text(self._n_rounds, "iteration"))
            )

    async def _iterate(self) -> None:
        decoder = self._decoder
        assert decoder is not None, "it is running"
        latents = self._latent[np.newaxis].copy()
        latents.flags.writeable = False
        images, _position = await Decode(decoder.run_id, decoder.position, latents)
        latent = (await Encode(decoder.run_id, decoder.position, images))[0][0]
        way = float(np.linalg.norm(latent - self._latent))
        size = max(1.0, float(np.linalg.norm(latent)))
        self._latent = latent
        self._n_rounds += 1
        self.moved.emit(latent)
        if way < _SETTLED_BELOW * size:
            self._end(
                _("Converged after {iterations}.").format(iterations=count_text(self._n_rounds, "iteration"))
            )
        elif self._n_rounds == _MOST_ROUNDS:
            self._end(_("Not converged after {most_rounds} iterations.").format(most_rounds=_MOST_ROUNDS))
        else:
            self._question.ask_anew()

    def _end(self, message: str) -> None:
        self._question.cancel()
        self._decoder = None
        self.ended.emit(message)
