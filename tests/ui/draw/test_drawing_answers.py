"""Predictions that arrive while the canvas is empty are not shown."""

import numpy as np
from answerer import Answerer, decoder
from fakes import description
from PySide6.QtCore import QObject, Signal

from cadl_gui.domain.history import History
from cadl_gui.domain.presets import preset
from cadl_gui.engine.run import Run
from cadl_gui.imaging.drawing.seen import Seen
from cadl_gui.ui.draw.drawing_answers import DrawingAnswers


class Shown(QObject):
    """A tab that shows a classifier."""

    run_changed = Signal()
    position_changed = Signal()

    def __init__(self):
        super().__init__()
        config = preset("softmax").config
        self.run, self.position = Run("A", description("run", config), History(10)), None
        self.weights, self.bends = decoder(trains=True), ()


def test_the_answer_to_an_empty_page_is_not_reported_as_that_to_the_first_stroke():
    engine, shown = Answerer(), Shown()
    answers = DrawingAnswers(engine, shown)
    reported = []
    answers.arrived.connect(lambda _, probabilities, trained: reported.append(probabilities.tolist()))
    shown.run_changed.emit()
    engine.view.show_drawing(Seen(image=np.ones((28, 28, 1), np.float32)))
    engine.answer_all()
    assert reported == [[0.0, 1.0]], "a bright image has the label 1"
