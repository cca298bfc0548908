"""Keeps the view on the newest weights of a training, as fast as the networks can answer."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from cadl_gui.engine.inference_broker import InferenceBroker
from cadl_gui.engine.run import RunState
from cadl_gui.engine.view_state import ViewState

_MOST_SHARE = 1 / 16
"""Share of the time that answers about live weights may take: they take both processors of a small machine
from the training, and with large images it would spend more time on being watched than on steps."""

_LONGEST_S = 0.5
"""Longest time between two updates; a drag keeps the networks busy, too."""

_CHECK_MS = 20


class LiveView(QObject):
    """Moves the view to newer weights once the answers about those before have been shown for a while.

    Args:
        view: the run and position shown.
        inference: sends the requests that the views make for each position.
        parent: deletes the object.
        clock: returns the time in seconds.
    """

    def __init__(
        self,
        view: ViewState,
        inference: InferenceBroker,
        parent: QObject,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._inference = inference
        self._clock = clock
        self._moved_at = self._busy_s = 0.0
        self._timer = QTimer(self, singleShot=True, interval=_CHECK_MS)
        self._timer.timeout.connect(self.newest_moved)

    @Slot()
    def newest_moved(self) -> None:
        """Update the view after the run shown gained newer weights or dropped some; soon, if it trains."""
        run = self._view.run
        if run is not None and run.state is RunState.TRAINING and self._view.is_live and not self._is_due:
            self._timer.start()
            return
        self._timer.stop()
        self._moved_at, self._busy_s = self._clock(), self._inference.busy_s
        self._view.newest_moved()

    @property
    def _is_due(self) -> bool:
        busy_s = self._inference.busy_s - self._busy_s
        return self._clock() - self._moved_at >= min(busy_s / _MOST_SHARE, _LONGEST_S)
