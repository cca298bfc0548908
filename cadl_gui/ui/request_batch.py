"""Sends many requests one at a time, so that interactive requests can go between them."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Request
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient


class RequestBatch(QObject):
    """Sends one batch of requests; a new batch, or `cancel`, drops the previous one.

    Args:
        engine: answers the requests.
        parent: parent object.

    Signals:
        answered: (object) the next answer.
        progressed: (int, int) number of answers so far, and their total.
        finished: (list) all answers, in the order of the requests.
        failed: (str) why the batch was given up.
    """

    answered = Signal(object)
    progressed = Signal(int, int)
    finished = Signal(object)
    failed = Signal(str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = InferenceClient(engine.inference, self)
        self._requests: Sequence[Request[Any]] = ()
        self._answers: list[Any] = []

    @property
    def is_busy(self) -> bool:
        """Whether a batch is under way."""
        return bool(self._requests)

    def start(self, requests: Sequence[Request[Any]]) -> None:
        """Send a batch of requests; it must not be empty."""
        self.cancel()
        self._requests = requests
        self._ask()

    @Slot()
    def cancel(self) -> None:
        """Drop the current batch."""
        self._client.cancel()
        self._requests, self._answers = (), []

    @Slot(bool)
    def set_active(self, active: bool) -> None:
        """Set whether requests are sent; while inactive, the batch waits where it is."""
        self._client.set_active(active)

    def _ask(self) -> None:
        self._client.ask(self._requests[len(self._answers)], self._on_answer, self._on_failure)

    def _on_answer(self, answer: Any, _: Position | None) -> None:
        requests, answers = self._requests, self._answers
        answers.append(answer)
        self.answered.emit(answer)
        self.progressed.emit(len(answers), len(requests))
        if requests is not self._requests:
            return  # a receiver has started another batch
        if len(answers) < len(requests):
            self._ask()
            return
        self.cancel()
        self.finished.emit(answers)

    def _on_failure(self, message: str) -> None:
        self.cancel()
        self.failed.emit(message)
