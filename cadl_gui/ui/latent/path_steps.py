"""Steps of the path through latent space, decoded and classified when the path has come to rest."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.pictures.path_film import retained_at
from cadl_gui.pictures.rendering import decode_requests
from cadl_gui.ui.latent.paths import MOVEMENT, LatentPaths
from cadl_gui.ui.request_batch import RequestBatch
from cadl_gui.ui.tab_run import TabRun

N_STEPS, N_IMAGES = 33, 9
"""Steps that are decoded and classified, and those of them that are shown; evenly spaced, with both ends."""

_DELAY_MS = 150


class PathSteps(QObject):
    """Decodes the path, then classifies what was decoded, in the pauses of more urgent requests.

    Nothing is asked while a drag is being recorded: only when the hand rests, and only if its movement is the
    path.

    Args:
        engine: Decodes and classifies.
        shown: The run that decodes.
        classifier: The run that classifies, if any.
        paths: The path.

    Signals:
        decoded: ((`N_IMAGES`, height, width, channels) float32 or None) Images along the path; None without
            a path.
        answered: ((`N_STEPS`, n_classes) float32 or None) The classifier's probabilities along the path; None
            if no classifier takes the images.
    """

    decoded = Signal(object)
    answered = Signal(object)

    def __init__(self, engine: Engine, shown: TabRun, classifier: TabRun, paths: LatentPaths) -> None:
        super().__init__(paths)
        self._shown = shown
        self._classifier = classifier
        self._paths = paths
        self._has_asked = False
        self._decoding = RequestBatch(engine, self)
        self._classifying = InferenceClient(engine.inference, self, lambda: classifier.weights)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self._ask)
        paths.changed.connect(self._on_path_changed)
        paths.recorded.connect(self._on_recorded)
        shown.position_changed.connect(self._on_weights_changed)
        classifier.position_changed.connect(self._on_weights_changed)
        self._decoding.finished.connect(self._on_decoded)
        self._decoding.failed.connect(self._on_not_decoded)

    @Slot()
    def _on_path_changed(self) -> None:
        if self._paths.path() is None:
            self._show_nothing()
        else:
            self._timer.start()

    @Slot()
    def _on_recorded(self) -> None:
        if self._paths.kind == MOVEMENT:
            self._timer.start()  # again and again, so that it ends when the hand rests

    @Slot()
    def _on_weights_changed(self) -> None:
        """Ask again at intervals, while the timeline moves or the run is trained.

        Also where the last weights gave no images, or have given none yet: others may.
        """
        if self._has_asked and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _ask(self) -> None:
        path, run = self._paths.path(), self._shown.run
        if path is None or run is None:
            self._show_nothing()
            return
        steps = replace(path, n_frames=N_STEPS)
        epochs = steps.frame_epochs()
        positions: list[Position | None] = [self._shown.position] * N_STEPS
        if epochs is not None:
            positions = retained_at(run.recorded, epochs.tolist())
        self._has_asked = True
        self._decoding.start(decode_requests(run.run_id, positions, steps.frames()))

    @Slot()
    def _show_nothing(self) -> None:
        self._timer.stop()
        self._decoding.cancel()
        self._has_asked = False
        self._on_not_decoded()

    @Slot()
    def _on_not_decoded(self) -> None:
        self._classifying.cancel()
        self.decoded.emit(None)
        self.answered.emit(None)

    @Slot(object)
    def _on_decoded(self, answers: list[NDArray[np.float32]]) -> None:
        images = np.concatenate(answers)
        images.flags.writeable = False
        self.decoded.emit(images[:: (N_STEPS - 1) // (N_IMAGES - 1)])
        run = self._classifier.run
        if run is None or run.description.image_shape != images.shape[1:]:
            self._classifying.cancel()
            self.answered.emit(None)
        else:
            request = Classify(run.run_id, self._classifier.position, images)
            self._classifying.ask(request, self._on_classified, self._on_not_classified)

    def _on_classified(self, probabilities: NDArray[Any], _: Position | None) -> None:
        self.answered.emit(probabilities)

    def _on_not_classified(self, _: str) -> None:
        self.answered.emit(None)
