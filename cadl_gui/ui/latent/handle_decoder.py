"""The image decoded at the handle, and its classification."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, Decode
from cadl_gui.domain.run import RunDescription
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.ui.tab_run import TabRun


class HandleDecoder(QObject):
    """Decodes the latent vector of the handle, with clients of its own: the image waits for no other answer.

    Args:
        engine: Decodes and classifies.
        shown: The run that decodes.
        classifier: The run that classifies, if any; not used if its image shape differs.

    Signals:
        decoded: ((height, width, channels) float32 or None) The image, or None if decoding failed.
        answered: (`Position`, (n_classes,) float32) The classifier's position, and the probability of each
            label for the newest image.
        unanswered: (str) A sentence saying why there is no answer; "" if no classifier takes the image.
        failed: (str) A sentence saying why there is no image.
    """

    decoded = Signal(object)
    answered = Signal(object, object)
    unanswered = Signal(str)
    failed = Signal(str)

    def __init__(
        self, engine: Engine, shown: TabRun, classifier: TabRun, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._shown = shown
        self._classifier = classifier
        self._image: NDArray[np.float32] | None = None
        self._decoding = InferenceClient(engine.inference, self, lambda: shown.weights)
        self._classifying = InferenceClient(engine.inference, self, lambda: classifier.weights)
        classifier.position_changed.connect(self._ask_classifier)

    def ask(self, latent: NDArray[np.float32]) -> None:
        """Decode a latent vector, (d,) read-only; a request that is still waiting is replaced."""
        run = self._shown.run
        if run is not None:
            request = Decode(run.run_id, self._shown.position, latent[np.newaxis])
            self._decoding.ask(request, self._on_decoded, self._on_failure)

    def _on_decoded(self, images: NDArray[np.float32], _: Position | None) -> None:
        self._image = images
        self.decoded.emit(images[0])
        self._ask_classifier()

    def _on_failure(self, message: str) -> None:
        self._image = None
        self._classifying.cancel()
        self.decoded.emit(None)
        self.failed.emit(message)

    def _on_classified(self, probabilities: NDArray[np.float32], position: Position | None) -> None:
        self.answered.emit(position, probabilities[0])

    @Slot()
    def _ask_classifier(self) -> None:
        run = self._classifier.run
        if run is None or self._image is None:
            return
        if run.description.image_shape != self._image.shape[1:]:
            self._classifying.cancel()
            self.unanswered.emit("")  # an answer about another network's image may be shown
            return
        request = Classify(run.run_id, self._classifier.position, self._image)
        self._classifying.ask(request, self._on_classified, self.unanswered.emit)


def classifies(decoder: RunDescription, run: RunDescription) -> bool:
    """Return whether a run classifies what another one decodes: images of its shape, into its classes."""
    is_of_its_kind = (run.image_shape, run.class_names) == (decoder.image_shape, decoder.class_names)
    return run.config.model.is_classifier and is_of_its_kind
