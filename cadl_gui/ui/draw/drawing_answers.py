"""Asks the run shown about the drawing, point by point."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, Reconstruct
from cadl_gui.domain.run import RunDescription
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run
from cadl_gui.ui.tab_run import TabRun


class DrawingAnswers(QObject):
    """Requests an answer whenever the drawing, the run, the position or the live weights change.

    Args:
        engine: answers the requests.
        shown: run and position to use.
        parent: parent object.

    Signals:
        arrived: (`Position`, float32, float32) a new answer, with the position of the weights: a classifier's
            probabilities, (n_classes,), or the reconstruction, (height, width, channels). Last, of a bent
            classifier, the probabilities as it was trained, or None.
        failed: (str) why there is no answer.
    """

    arrived = Signal(object, object, object)
    failed = Signal(str)

    def __init__(self, engine: Engine, shown: TabRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = engine.view
        self._shown = shown
        self._answering = Question(engine, self, self._answer_it, self.failed.emit, lambda: shown.weights)
        self._warming_up = Question(engine, self, self._warm_up, lambda _: None)
        self._asking_trained = Question(engine, self, self._compare, lambda _: None, is_bent=False)
        self._answer: tuple[Position | None, NDArray[np.float32]] | None = None
        self._trained: NDArray[np.float32] | None = None
        shown.run_changed.connect(self._warming_up.follow)
        shown.position_changed.connect(self._ask)
        engine.view.bind(self, lambda: engine.view.drawing, self._on_image)

    async def _warm_up(self) -> None:
        """Ask about a blank image to trace the network: the first call is too slow for drawing."""
        run, self._trained = self._shown.run, None
        if self._view.drawing.image is None and run is not None:
            nothing = np.zeros((1, *run.description.image_shape), np.float32)
            await _question(run, self._shown.position, nothing)

    def _on_image(self) -> None:
        if self._view.drawing.image is None:
            self._answering.cancel()
        else:
            self._ask()

    @Slot()
    def _ask(self) -> None:
        run, drawing = self._shown.run, self._view.drawing
        self._answer = None
        if drawing.image is not None and run is not None and drawing.suits(run.description):
            request = _question(run, self._shown.position, drawing.image[None])
            self._answering.follow(request)
            self._asking_trained.ask_anew(request)

    async def _answer_it(self, request: Classify | Reconstruct) -> None:
        answers, position = await request
        self._answer = position, answers[0]
        self.arrived.emit(*self._answer, self._trained)

    async def _compare(self, request: Classify | Reconstruct) -> None:
        is_compared = self._shown.bends and isinstance(request, Classify)
        self._trained = (await request)[0][0] if is_compared else None
        if is_compared and self._answer is not None:
            self.arrived.emit(*self._answer, self._trained)


def can_answer(runs: Iterable[Run], form: DrawingForm, run: RunDescription) -> bool:
    """Return whether a run takes the drawing and classifies it, or reconstructs it if none classifies."""
    takers = [each.description for each in runs if not form.refusal(each.description)]
    classifies = any(taker.config.model.is_classifier for taker in takers)
    return not form.refusal(run) and run.config.model.is_classifier == classifies


def _question(run: Run, position: Position | None, images: NDArray[np.float32]) -> Classify | Reconstruct:
    kind = Classify if run.description.config.model.is_classifier else Reconstruct
    return kind(run.run_id, position, images)
