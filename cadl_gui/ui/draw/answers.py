"""What the classifier that is shown makes of a drawing, stroke by stroke."""

from typing import TypeGuard

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.requests import Classify, Reply
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.ui.draw.picture import SHAPE, DrawnPicture, takes_drawings
from cadl_gui.ui.suited_run import SuitedRun

_CHANNEL = "drawing"
_WARM_UP = "first drawing"


class DrawnAnswers(QObject):
    """Asks whenever the hand or the training moved; while an answer is on its way, only the newest waits.

    Args:
        engine: that is asked.
        shown: run and position to follow.
        picture: what is asked about.

    Signals:
        arrived: (`Position`, (10,) float32) the answer to be shown from now on.
        failed: (str) why there is none.
    """

    arrived = Signal(object, object)
    failed = Signal(str)

    def __init__(
        self, engine: Engine, shown: SuitedRun, picture: DrawnPicture, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shown = shown
        self._picture = picture
        picture.changed.connect(self._ask)
        shown.run_changed.connect(self._warm_up)
        shown.position_changed.connect(self._ask)
        engine.replied.connect(self._on_replied)

    @Slot()
    def _warm_up(self) -> None:
        """The first question of all takes longer than a hand can wait; its answer is not shown."""
        run = self._shown.run
        if self._picture.seen is None and reads_digits(run):
            nothing = np.zeros((1, *SHAPE), np.float32)
            self._engine.ask(Classify(_WARM_UP, run.run_id, self._shown.position, nothing))

    @Slot()
    def _ask(self) -> None:
        run, seen = self._shown.run, self._picture.seen
        if seen is not None and reads_digits(run):
            self._engine.ask(Classify(_CHANNEL, run.run_id, self._shown.position, seen[None]))

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        request, run = reply.request, self._shown.run
        if request.channel != _CHANNEL or self._picture.seen is None or not reads_digits(run):
            return
        if request.run_id != run.run_id:
            return
        if reply.sentence:
            self.failed.emit(reply.sentence)
        else:
            self.arrived.emit(reply.position, reply.value[0])


def reads_digits(run: Run | None) -> TypeGuard[Run]:
    """Whether a run is a classifier that tells drawn digits apart."""
    if run is None:
        return False
    about = run.description
    return about.config.model.is_classifier and about.shows_digits and takes_drawings(about)
