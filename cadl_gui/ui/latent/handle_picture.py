"""The picture that the network decodes where the handle is, and what a classifier says to it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.requests import Classify, Decode, Reply
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.shown_weights import is_about
from cadl_gui.ui.suited_run import SuitedRun

DECODED, ANSWERED = "handle", "handle answered"
"""Channels of its requests."""


class HandlePicture(QObject):
    """Asks on a channel of its own, so that the hand waits for nothing but the decoder.

    Args:
        engine: that is asked.
        shown: the run that decodes.
        classifier: the run that answers, if any; one that takes pictures of another shape is not asked.

    Signals:
        decoded: ((height, width, channels) float32 or None) the picture; None: there is none.
        answered: (`Position`, (n_labels,) float32) where the classifier stands, and the probability of each
            label for the newest picture.
        unanswered: (str) why the classifier has no answer to it.
        failed: (str) why there is no picture.
    """

    decoded = Signal(object)
    answered = Signal(object, object)
    unanswered = Signal(str)
    failed = Signal(str)

    def __init__(
        self, engine: Engine, shown: SuitedRun, classifier: SuitedRun, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shown = shown
        self._classifier = classifier
        self._picture: NDArray[np.float32] | None = None
        classifier.position_changed.connect(self._ask_classifier)
        engine.replied.connect(self._on_replied)

    def ask(self, code: NDArray[np.float32]) -> None:
        """Ask for the picture of a code, (d,) read-only; an older question that still waits is dropped."""
        run = self._shown.run
        if run is not None:
            self._engine.ask(Decode(DECODED, run.run_id, self._shown.position, code[np.newaxis]))

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        request = reply.request
        if request.channel == DECODED and is_about(reply, self._shown.weights):
            if reply.sentence:
                self._picture = None
                self.decoded.emit(None)
                self.failed.emit(reply.sentence)
                return
            self._picture = reply.value
            self.decoded.emit(reply.value[0])
            self._ask_classifier()
        elif (
            request.channel == ANSWERED
            and self._picture is not None
            and is_about(reply, self._classifier.weights)
        ):
            if reply.sentence:
                self.unanswered.emit(reply.sentence)
            else:
                self.answered.emit(reply.position, reply.value[0])

    @Slot()
    def _ask_classifier(self) -> None:
        run = self._classifier.run
        if run is None or self._picture is None or run.description.picture_shape != self._picture.shape[1:]:
            return
        self._engine.ask(Classify(ANSWERED, run.run_id, self._classifier.position, self._picture))
