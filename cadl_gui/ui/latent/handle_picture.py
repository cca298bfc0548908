"""The picture that the network decodes where the handle is, and what a classifier says to it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, Decode
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.ui.suited_run import SuitedRun


class HandlePicture(QObject):
    """Asks for itself, so that the hand waits for nothing but the decoder.

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
        self._shown = shown
        self._classifier = classifier
        self._picture: NDArray[np.float32] | None = None
        self._decoding = InferenceClient(engine.inference, self, lambda: shown.weights)
        self._classifying = InferenceClient(engine.inference, self, lambda: classifier.weights)
        classifier.position_changed.connect(self._ask_classifier)

    def ask(self, code: NDArray[np.float32]) -> None:
        """Ask for the picture of a code, (d,) read-only; an older question that still waits is dropped."""
        run = self._shown.run
        if run is not None:
            request = Decode(run.run_id, self._shown.position, code[np.newaxis])
            self._decoding.ask(request, self._on_decoded, self._on_failure)

    def _on_decoded(self, pictures: NDArray[np.float32], _: Position | None) -> None:
        self._picture = pictures
        self.decoded.emit(pictures[0])
        self._ask_classifier()

    def _on_failure(self, sentence: str) -> None:
        self._picture = None
        self._classifying.cancel()
        self.decoded.emit(None)
        self.failed.emit(sentence)

    def _on_classified(self, probabilities: NDArray[np.float32], position: Position | None) -> None:
        self.answered.emit(position, probabilities[0])

    @Slot()
    def _ask_classifier(self) -> None:
        run = self._classifier.run
        if run is None or self._picture is None or run.description.picture_shape != self._picture.shape[1:]:
            return
        request = Classify(run.run_id, self._classifier.position, self._picture)
        self._classifying.ask(request, self._on_classified, self.unanswered.emit)
