"""Who is answered first."""

import numpy as np
from fakes import SHAPE, FakeInference, bright, description
from PySide6.QtWidgets import QApplication

from cadl_gui.domain.position import UNTRAINED
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Classify, Explain
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine.inference_worker import InferenceWorker

PICTURES = np.zeros((1, *SHAPE), np.float32)


def test_a_question_goes_before_the_next_part_of_a_long_answer(qtbot):
    backend = FakeInference()
    about = description("run", preset("softmax").config)
    backend.describe(about)
    backend.publish("run", Snapshot(UNTRAINED, bright(0.5)), recorded=True)
    worker, answered = InferenceWorker(lambda: backend), []
    worker.replied.connect(lambda reply: answered.append(reply.number))
    worker.load()
    worker.answer(1, Explain("run", None, PICTURES[0]))
    worker.answer(2, Classify("run", None, PICTURES))
    assert answered == [2]
    QApplication.processEvents()
    assert answered == [2, 1]
