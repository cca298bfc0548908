"""Classifies the drawing with the classifier shown, point by point."""

from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.run import Run
from cadl_gui.ui.draw.preprocessed_drawing import SHAPE, PreprocessedDrawing, takes_drawings
from cadl_gui.ui.tab_run import TabRun


class DrawingClassifier(QObject):
    """Requests an answer whenever the drawing, the run, the position or the live weights change.

    Args:
        engine: answers the requests.
        shown: run and position to use.
        image: the drawing.
        parent: parent object.

    Signals:
        arrived: (`Position`, (10,) float32) new probabilities, with the position of the weights.
        failed: (str) why there is no answer.
    """

    arrived = Signal(object, object)
    failed = Signal(str)

    def __init__(
        self, engine: Engine, shown: TabRun, image: PreprocessedDrawing, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._shown = shown
        self._image = image
        self._answering = InferenceClient(engine.inference, self, lambda: shown.weights)
        self._warming_up = InferenceClient(engine.inference, self)
        image.changed.connect(self._on_image)
        shown.run_changed.connect(self._warm_up)
        shown.position_changed.connect(self._ask)

    @Slot()
    def _warm_up(self) -> None:
        """Classify a blank image to trace the network: the first call is too slow for drawing."""
        run = self._shown.run
        if self._image.seen is None and reads_digits(run):
            nothing = np.zeros((1, *SHAPE), np.float32)
            self._warming_up.ask(Classify(run.run_id, self._shown.position, nothing), _ignore)

    @Slot()
    def _on_image(self) -> None:
        if self._image.seen is None:
            self._answering.cancel()
        else:
            self._ask()

    @Slot()
    def _ask(self) -> None:
        run, seen = self._shown.run, self._image.seen
        if seen is not None and reads_digits(run):
            request = Classify(run.run_id, self._shown.position, seen[None])
            self._answering.ask(request, self._on_answer, self.failed.emit)

    def _on_answer(self, probabilities: NDArray[np.float32], position: Position | None) -> None:
        self.arrived.emit(position, probabilities[0])


def _ignore(probabilities: NDArray[np.float32], position: Position | None) -> None:
    """Ignore an answer."""


def reads_digits(run: Run | None) -> TypeGuard[Run]:
    """Return whether a run is a classifier for drawn digits."""
    if run is None:
        return False
    about = run.description
    return about.config.model.is_classifier and about.shows_digits and takes_drawings(about)
