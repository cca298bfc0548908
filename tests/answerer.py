"""Stands in for the engine; its requests are answered when the test says so."""

import numpy as np
from any_run import ViewOfAnyRun
from PySide6.QtCore import QObject, Signal

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Decode, Encode, Reply
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.inference_broker import InferenceBroker
from cadl_gui.engine.notifications import Notifications
from cadl_gui.engine.weights_ref import WeightsRef


class Runs(QObject):
    """The run registry of a window without runs."""

    forgotten = Signal(str)

    def forget(self, run_id):
        """Remove a run for good."""
        self.forgotten.emit(run_id)


class Training:
    """The training controller of a window that trains nothing."""

    status = None


class BendsOfAnyRun(QObject):
    """The bends of runs that need not be open."""

    changed = Signal(str)

    def __init__(self):
        super().__init__()
        self._bends = {}

    def of(self, run_id):
        return self._bends.get(run_id, ())

    def bend(self, run_id, bends):
        self._bends[run_id] = bends
        self.changed.emit(run_id)


class Answerer(QObject):
    """Holds requests to the inference thread until the test answers them.

    Attributes:
        asked: all requests, in order.
        waiting: requests that are not answered yet.
    """

    is_ready = True

    def __init__(self):
        super().__init__()
        self.view = ViewOfAnyRun()
        self.runs = Runs()
        self.training = Training()
        self.jobs = BackgroundJobs()
        self.bending = BendsOfAnyRun()
        self.notifications = Notifications()
        self.inference = InferenceBroker(self._on_question, self.bending.of)
        self.asked = []
        self.waiting = []
        self._numbers = {}

    def _on_question(self, number, request):
        self._numbers[id(request)] = number
        self.asked.append(request)
        self.waiting.append(request)

    def reply(self, request, value=None, position=None, message=""):
        """Answer a waiting request with weights at a position; by default the requested one."""
        self.waiting = [waiting for waiting in self.waiting if waiting is not request]
        if position is None and not message:
            position = getattr(request, "position", None)
        self.inference.handle(Reply(self._numbers.pop(id(request)), request, position, value, message))

    def value_of(self, request):
        """The answer: an image is as bright as its first latent; its label is 1 if it is not black."""
        if isinstance(request, Decode):
            return np.ones((len(request.latents), 4, 4, 1), np.float32) * request.latents[:, :1, None, None]
        if isinstance(request, Encode):
            return request.images[:, 0, 0] * (0.5, 0.5)
        bright = (request.images[:, 0, 0, 0] > 0).astype(np.float32)
        return np.stack([1 - bright, bright], axis=1)

    def answer(self, message=""):
        """Answer the request that has waited longest."""
        request = self.waiting[0]
        self.reply(request, None if message else self.value_of(request), message=message)
        return request

    def answer_all(self):
        """Answer until no request is waiting."""
        while self.waiting:
            self.answer()

    def last(self, kind):
        """The newest request of a class."""
        return [request for request in self.asked if isinstance(request, kind)][-1]


def decoder(epoch=1, *, run_id="run", trains=False):
    """The weights of a run at an epoch, or its newest ones during training."""
    position = Position(epoch)
    return WeightsRef(run_id, None if trains else position, position, trains)
