"""Asks many requests, one at a time, so that the hand's own requests go between."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.requests import Reply, Request
from cadl_gui.engine.engine import Engine


@dataclass(eq=False)
class _Series:
    requests: Sequence[Request]
    answers: list[Any] = field(default_factory=list)


class RequestSeries(QObject):
    """One series at a time; a new one, or `cancel`, drops the one before, and answers that come too late.

    Args:
        engine: that is asked.
        channel: for the requests, nobody else's.

    Signals:
        answered: (object) the next answer.
        progressed: (int, int) so many answers of so many are there.
        finished: (list) all of them, in the order of the requests.
        failed: (str) why there will be none.
    """

    answered = Signal(object)
    progressed = Signal(int, int)
    finished = Signal(object)
    failed = Signal(str)

    def __init__(self, engine: Engine, channel: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._channel = channel
        self._series: _Series | None = None
        self._in_flight: _Series | None = None
        engine.replied.connect(self._on_replied)

    @property
    def is_busy(self) -> bool:
        """Whether answers are on their way."""
        return self._series is not None

    def start(self, requests: Sequence[Request]) -> None:
        """Ask requests, at least one."""
        self._series = _Series(requests)
        self._ask()

    @Slot()
    def cancel(self) -> None:
        """Ask for no more."""
        self._series = None

    def _ask(self) -> None:
        series = self._series
        if series is None or self._in_flight is not None:
            return
        self._in_flight = series
        self._engine.ask(replace(series.requests[len(series.answers)], channel=self._channel))

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        if reply.request.channel != self._channel or self._in_flight is None:
            return
        series, self._in_flight = self._in_flight, None
        if series is self._series:
            self._take(series, reply)
        self._ask()

    def _take(self, series: _Series, reply: Reply) -> None:
        if reply.sentence:
            self._series = None
            self.failed.emit(reply.sentence)
            return
        series.answers.append(reply.value)
        self.answered.emit(reply.value)
        n = len(series.requests)
        self.progressed.emit(len(series.answers), n)
        if len(series.answers) == n:
            self._series = None
            self.finished.emit(series.answers)
