"""Decodes many codes, a few at a time, so that the hand's own requests go between."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.requests import Decode, Reply
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.latent.decoder import Decoder

_CHUNK = 64


@dataclass(eq=False)
class _Job:
    decoders: list[Decoder]
    codes: NDArray[np.float32]
    pictures: list[NDArray[np.float32]] = field(default_factory=list)
    n_done: int = 0


class BulkDecode(QObject):
    """One job at a time; a new one, or `cancel`, drops the one before.

    Args:
        engine: that is asked.
        channel: for its requests.

    Signals:
        progressed: (int, int) so many pictures of so many are there.
        finished: ((n, height, width, channels) float32) all of them.
        failed: (str) why there will be none.
    """

    progressed = Signal(int, int)
    finished = Signal(object)
    failed = Signal(str)

    def __init__(self, engine: Engine, channel: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._channel = channel
        self._job: _Job | None = None
        self._in_flight: _Job | None = None
        engine.replied.connect(self._on_replied)

    @property
    def is_busy(self) -> bool:
        """Whether pictures are on their way."""
        return self._job is not None

    def start(self, decoders: Decoder | list[Decoder], codes: NDArray[np.float32]) -> None:
        """Decode codes.

        Args:
            decoders: weights for all codes, or for each one its own.
            codes: (n, d), n ≥ 1.
        """
        each = decoders if isinstance(decoders, list) else [decoders] * len(codes)
        self._job = _Job(each, codes)
        self._ask()

    @Slot()
    def cancel(self) -> None:
        """Ask for no more."""
        self._job = None

    def _ask(self) -> None:
        job = self._job
        if job is None or self._in_flight is not None:
            return
        decoder = job.decoders[job.n_done]
        ahead = job.decoders[job.n_done : job.n_done + _CHUNK]
        n = next((i for i, other in enumerate(ahead) if other != decoder), len(ahead))
        codes = np.array(job.codes[job.n_done : job.n_done + n], np.float32)
        codes.flags.writeable = False
        self._in_flight = job
        self._engine.ask(Decode(self._channel, decoder.run_id, decoder.position, codes))

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        if reply.request.channel != self._channel or self._in_flight is None:
            return
        job, self._in_flight = self._in_flight, None
        if job is self._job:
            self._take(job, reply)
        self._ask()

    def _take(self, job: _Job, reply: Reply) -> None:
        if reply.sentence:
            self._job = None
            self.failed.emit(reply.sentence)
            return
        job.pictures.append(reply.value)
        job.n_done += len(reply.value)
        self.progressed.emit(job.n_done, len(job.codes))
        if job.n_done == len(job.codes):
            self._job = None
            self.finished.emit(np.concatenate(job.pictures))
